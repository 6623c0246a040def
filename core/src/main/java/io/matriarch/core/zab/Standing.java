package io.matriarch.core.zab;

/**
 * How gladly a server leads, as its operator says (docs/operations.md). It changes no vote: whoever is elected leads, and hands
 * over to a server that is to be preferred when that has caught up.
 *
 * @param priority 0 to 255; of those that stand, one with a greater number is preferred
 * @param stands false for a server that is to lead only while no other can
 */
public record Standing(int priority, boolean stands) {
    /** No preference. */
    public static final Standing DEFAULT = new Standing(0, true);

    /** The greatest priority. */
    public static final int MAX_PRIORITY = 255;

    private static final int PRIORITY_SHIFT = 16;
    private static final int DECLINES = 1 << 24;

    /** Refuses a priority out of its range. */
    public Standing {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority " + priority + " is not from 0 to " + MAX_PRIORITY);
        }
    }

    /** What a learner's capabilities say of it: bits 16 to 23 are the priority, bit 24 is set if it does not stand. */
    static Standing in(int capabilities) {
        return new Standing(capabilities >>> PRIORITY_SHIFT & MAX_PRIORITY, (capabilities & DECLINES) == 0);
    }

    int bits() {
        return priority << PRIORITY_SHIFT | (stands ? 0 : DECLINES);
    }

    /** Greater is preferred. */
    int rank() {
        return stands ? priority : -1;
    }
}
