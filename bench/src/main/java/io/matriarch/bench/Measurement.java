package io.matriarch.bench;

import io.matriarch.bench.ensemble.Flavour;

/**
 * One figure of one round.
 *
 * @param value in the workload's unit
 * @param p50Millis median latency of requests; NaN where the figure is itself a time
 * @param p99Millis latency that 99 of 100 requests did not exceed; NaN likewise
 * @param clientCpus processors the load client kept busy; NaN likewise
 * @param serverCpus processors that all servers together kept busy; NaN likewise
 * @param errors requests refused; 0 in a sound run
 */
public record Measurement(
        Workload workload,
        Flavour flavour,
        double value,
        double p50Millis,
        double p99Millis,
        double clientCpus,
        double serverCpus,
        long errors) {

    /** A figure that is a time. */
    static Measurement ofMillis(Workload workload, Flavour flavour, double millis) {
        return new Measurement(workload, flavour, millis, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
    }
}
