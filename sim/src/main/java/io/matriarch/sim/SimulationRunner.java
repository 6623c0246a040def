package io.matriarch.sim;

import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.world.World;
import io.matriarch.sim.world.WorldParts;
import io.matriarch.sim.world.WorldResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs worlds, one per seed. The first seed of a run is run twice, and the two must agree in every effect of every
 * step: what is not deterministic cannot be replayed.
 */
public final class SimulationRunner {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SimulationOptions options;
    private final WorldParts parts;
    private final long beganNanos = System.nanoTime();
    private final List<SeedFailure> failures = new ArrayList<>();
    private int seedsRun;
    private long virtualMillis;
    private long requests;
    private long acknowledgedWrites;

    private SimulationRunner(SimulationOptions options, WorldParts parts) {
        this.options = options;
        this.parts = parts;
    }

    /** Runs all seeds; failing ones do not stop the run. */
    public static SimulationReport run(SimulationOptions options, SimulationProgress progress) {
        return run(options, WorldParts.CORRECT, progress);
    }

    /** For tests: with parts that may be broken on purpose. */
    static SimulationReport run(SimulationOptions options, WorldParts parts, SimulationProgress progress) {
        return new SimulationRunner(options, parts).runAll(progress);
    }

    private SimulationReport runAll(SimulationProgress progress) {
        for (int i = 0; i < options.seeds(); i++) {
            runSeed(options.firstSeed() + i, i == 0);
            progress.seedFinished(report());
        }
        return report();
    }

    private void runSeed(long seed, boolean isTwice) {
        WorldResult result = world(seed, isTwice);
        if (isTwice) {
            WorldResult again = new World(seed, options.faults(), parts, null, true).run(options.durationMillis());
            count(again);
            if (again.traceHash() != result.traceHash()) {
                failures.add(new SeedFailure(
                        seed,
                        "DETERMINISM (docs/testing.md: equal seeds give equal effects)",
                        "two runs of this seed differ: " + result + " and " + again,
                        result.virtualNanos() / NANOS_PER_MILLI,
                        result.plan(),
                        replayCommand(seed),
                        null));
            }
        }
        seedsRun++;
        count(result);
        InvariantViolation violation = result.violation();
        if (violation != null) {
            failures.add(new SeedFailure(
                    seed,
                    violation.invariant() + " (" + violation.invariant().source() + ")",
                    String.valueOf(violation.getMessage()),
                    result.virtualNanos() / NANOS_PER_MILLI,
                    result.plan(),
                    replayCommand(seed),
                    violation.getCause()));
        }
    }

    private WorldResult world(long seed, boolean isHashing) {
        return new World(seed, options.faults(), parts, options.traceSink(), isHashing).run(options.durationMillis());
    }

    private void count(WorldResult result) {
        virtualMillis += result.virtualNanos() / NANOS_PER_MILLI;
        requests += result.requests();
        acknowledgedWrites += result.acknowledgedWrites();
    }

    private String replayCommand(long seed) {
        String duration = options.durationMillis() == SimulationOptions.DEFAULT_DURATION_MILLIS
                ? ""
                : " --duration " + options.durationMillis();
        return "bin/matriarch simulate --seed " + seed + duration + " --trace";
    }

    private SimulationReport report() {
        long realMillis = (System.nanoTime() - beganNanos) / NANOS_PER_MILLI;
        return new SimulationReport(
                seedsRun, List.copyOf(failures), virtualMillis, realMillis, requests, acknowledgedWrites);
    }
}
