package io.matriarch.core.zab;

/**
 * How soon servers of ours take each other's silence for a loss; Apache's servers, which know no short heartbeats, wait for
 * {@code syncLimit} ticks as ever. The bound of a link lies between the two numbers, above what its heartbeats were seen
 * to take.
 *
 * @param minMillis least bound, at least 4 ms; heartbeats are sent four times in it
 * @param maxMillis greatest bound, not below {@code minMillis}; 0 if there are no short heartbeats
 */
public record HeartbeatConfig(int minMillis, int maxMillis) {
    /** No short heartbeats are sent or answered. */
    public static final HeartbeatConfig OFF = new HeartbeatConfig(0, 0);

    /** A silent leader is replaced within a second, and stalls of some hundred milliseconds are none. */
    public static final HeartbeatConfig DEFAULT = new HeartbeatConfig(400, 800);

    /** Heartbeats in the least bound. */
    static final int BEATS = 4;

    /** Refuses bounds that contradict each other. */
    public HeartbeatConfig {
        if (maxMillis != 0 && (minMillis < BEATS || maxMillis < minMillis)) {
            throw new IllegalArgumentException("the least bound, " + minMillis + " ms, must be at least " + BEATS
                    + " ms and not above the greatest, " + maxMillis + " ms");
        }
    }

    /** Whether there are short heartbeats. */
    public boolean isEnabled() {
        return maxMillis > 0;
    }
}
