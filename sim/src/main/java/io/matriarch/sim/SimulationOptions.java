package io.matriarch.sim;

import io.matriarch.sim.world.Fault;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to simulate.
 *
 * @param seeds how many worlds, at least 1
 * @param firstSeed the seed of the first; the others follow by one
 * @param durationMillis virtual time with faults in each world; healing and coming to rest take more
 * @param traceSink takes one text per step, of one or more lines; null for no trace
 * @param faults what may go wrong
 * @param limitMillis real time after which no further world is begun; {@link Long#MAX_VALUE} for none
 * @param jobs threads, each with a world of its own, at least 1
 */
public record SimulationOptions(
        int seeds,
        long firstSeed,
        long durationMillis,
        @Nullable Consumer<String> traceSink,
        Set<Fault> faults,
        long limitMillis,
        int jobs) {
    /** Virtual milliseconds with faults unless told otherwise. */
    public static final long DEFAULT_DURATION_MILLIS = 15_000;

    /** Refuses what makes no sense. */
    public SimulationOptions {
        if (seeds < 1 || durationMillis < 0 || limitMillis < 0 || jobs < 1) {
            throw new IllegalArgumentException(
                    seeds + " seeds of " + durationMillis + " ms, for " + limitMillis + " ms, with " + jobs + " jobs");
        }
        faults = Set.copyOf(faults);
    }

    /** {@code seeds} worlds from {@code firstSeed} on, one at a time, with every fault and no trace. */
    public static SimulationOptions of(int seeds, long firstSeed) {
        return new SimulationOptions(
                seeds, firstSeed, DEFAULT_DURATION_MILLIS, null, EnumSet.allOf(Fault.class), Long.MAX_VALUE, 1);
    }

    public SimulationOptions withDurationMillis(long millis) {
        return new SimulationOptions(seeds, firstSeed, millis, traceSink, faults, limitMillis, jobs);
    }

    public SimulationOptions withTrace(Consumer<String> sink) {
        return new SimulationOptions(seeds, firstSeed, durationMillis, sink, faults, limitMillis, jobs);
    }

    public SimulationOptions withFaults(Set<Fault> allowed) {
        return new SimulationOptions(seeds, firstSeed, durationMillis, traceSink, allowed, limitMillis, jobs);
    }

    public SimulationOptions withLimitMillis(long millis) {
        return new SimulationOptions(seeds, firstSeed, durationMillis, traceSink, faults, millis, jobs);
    }

    public SimulationOptions withJobs(int threads) {
        return new SimulationOptions(seeds, firstSeed, durationMillis, traceSink, faults, limitMillis, threads);
    }
}
