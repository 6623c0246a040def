package io.matriarch.server;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How long the last forces of the log took. Written by the storage thread, read by any. */
final class ForceTimes {
    /** How many of the last are kept. */
    static final int KEPT = 256;

    private final long[] micros = new long[KEPT];
    private final long slowMillis;
    private long count;
    private long slow;

    /** @param slowMillis a force that takes longer is slow */
    ForceTimes(long slowMillis) {
        this.slowMillis = slowMillis;
    }

    /**
     * What is known at one instant.
     *
     * @param count forces since the start
     * @param medianMicros of those kept; 0 if there are none
     * @param maxMicros of those kept
     * @param slow forces since the start that took too long
     */
    record Latency(long count, long medianMicros, long maxMicros, long slow) {}

    /** Remembers a force; says whether it was slow. */
    synchronized boolean took(long nanos) {
        boolean isSlow = TimeUnit.NANOSECONDS.toMillis(nanos) > slowMillis;
        slow += isSlow ? 1 : 0;
        micros[(int) (count % KEPT)] = TimeUnit.NANOSECONDS.toMicros(nanos);
        count++;
        return isSlow;
    }

    synchronized Latency latency() {
        int kept = (int) Math.min(count, KEPT);
        if (kept == 0) {
            return new Latency(0, 0, 0, slow);
        }
        long[] sorted = Arrays.copyOf(micros, kept);
        Arrays.sort(sorted);
        return new Latency(count, sorted[kept / 2], sorted[kept - 1], slow);
    }
}
