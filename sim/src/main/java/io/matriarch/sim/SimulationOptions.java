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
 */
public record SimulationOptions(
        int seeds,
        long firstSeed,
        long durationMillis,
        @Nullable Consumer<String> traceSink,
        Set<Fault> faults) {
    /** Virtual milliseconds with faults unless told otherwise. */
    public static final long DEFAULT_DURATION_MILLIS = 15_000;

    /** Refuses what makes no sense. */
    public SimulationOptions {
        if (seeds < 1 || durationMillis < 0) {
            throw new IllegalArgumentException(seeds + " seeds of " + durationMillis + " ms");
        }
        faults = Set.copyOf(faults);
    }

    /** {@code seeds} worlds from {@code firstSeed} on, with every fault and no trace. */
    public static SimulationOptions of(int seeds, long firstSeed) {
        return new SimulationOptions(seeds, firstSeed, DEFAULT_DURATION_MILLIS, null, EnumSet.allOf(Fault.class));
    }

    public SimulationOptions withDurationMillis(long millis) {
        return new SimulationOptions(seeds, firstSeed, millis, traceSink, faults);
    }

    public SimulationOptions withTrace(Consumer<String> sink) {
        return new SimulationOptions(seeds, firstSeed, durationMillis, sink, faults);
    }

    public SimulationOptions withFaults(Set<Fault> allowed) {
        return new SimulationOptions(seeds, firstSeed, durationMillis, traceSink, allowed);
    }
}
