package io.matriarch.core.request;

/** Times from a request's arrival to its answer. */
final class LatencyMeter {
    private static final double NANOS_PER_MILLI = 1e6;

    private long count;
    private long totalNanos;
    private long minNanos = Long.MAX_VALUE;
    private long maxNanos;

    void add(long nanos) {
        count++;
        totalNanos += nanos;
        minNanos = Math.min(minNanos, nanos);
        maxNanos = Math.max(maxNanos, nanos);
    }

    double minMillis() {
        return count == 0 ? 0 : rounded((double) minNanos);
    }

    double avgMillis() {
        return count == 0 ? 0 : rounded((double) totalNanos / count);
    }

    double maxMillis() {
        return rounded((double) maxNanos);
    }

    void reset() {
        count = 0;
        totalNanos = 0;
        minNanos = Long.MAX_VALUE;
        maxNanos = 0;
    }

    /** Milliseconds with four decimals, which four-letter words print. */
    private static double rounded(double nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1e4) / 1e4;
    }
}
