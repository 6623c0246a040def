package io.matriarch.candidate;

/** Moments of a monotonic clock, in nanoseconds, that can only be compared by their distance. */
final class Deadline {
    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    static long earlier(long a, long b) {
        if (a == NEVER || b == NEVER) {
            return a == NEVER ? b : a;
        }
        return a - b < 0 ? a : b;
    }

    static boolean isDue(long atNanos, long now) {
        return atNanos != NEVER && now - atNanos >= 0;
    }
}
