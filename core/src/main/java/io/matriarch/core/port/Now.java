package io.matriarch.core.port;

/**
 * The two clocks of one instant.
 *
 * @param nanos monotonic time in nanoseconds, for timeouts only; its zero means nothing
 * @param wallMillis wall-clock time in milliseconds since 1970, only for what ZooKeeper stores (transaction headers,
 *     session ids); it may jump
 */
public record Now(long nanos, long wallMillis) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The monotonic instant {@code millis} after this one, in nanoseconds. */
    public long plusMillis(long millis) {
        return nanos + millis * NANOS_PER_MILLI;
    }

    /** Whole milliseconds of a span of nanoseconds. */
    public static long millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }

    /** Whole milliseconds from {@code earlierNanos} to this instant. */
    public long millisSince(long earlierNanos) {
        return (nanos - earlierNanos) / NANOS_PER_MILLI;
    }

    /** Whether {@code deadlineNanos} is reached; Long.MAX_VALUE, which stands for no deadline, never is. */
    public boolean isAtOrAfter(long deadlineNanos) {
        return deadlineNanos != Long.MAX_VALUE && nanos - deadlineNanos >= 0;
    }
}
