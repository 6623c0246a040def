package io.matriarch.bench.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What came back during the measured part of a load.
 *
 * @param elapsed how long the measured part was
 * @param clientCpu processor time that this process used in it
 * @param latencies nanoseconds from writing a request to reading its answer, of every answer in it
 * @param errors answers with an error code; not among the latencies
 */
public record LoadResult(Duration elapsed, Duration clientCpu, Histogram latencies, long errors) {
    /** Successful answers per second. */
    public double perSecond() {
        return latencies.getTotalCount() / seconds(elapsed);
    }

    /** Processors that this process kept busy: 1.0 means that the client limits the figures. */
    public double clientCpus() {
        return seconds(clientCpu) / seconds(elapsed);
    }

    /** Latency in milliseconds that this share of the answers did not exceed. */
    public double latencyMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
