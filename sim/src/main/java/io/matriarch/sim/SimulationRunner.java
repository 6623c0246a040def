package io.matriarch.sim;

import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.world.Tally;
import io.matriarch.sim.world.World;
import io.matriarch.sim.world.WorldParts;
import io.matriarch.sim.world.WorldResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs worlds, one per seed. The first seed of a run is run twice, and the two must agree in every effect of every
 * step: what is not deterministic cannot be replayed. Worlds share nothing, so several threads may each run one.
 */
public final class SimulationRunner {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SimulationOptions options;
    private final WorldParts parts;
    private final long beganNanos = System.nanoTime();
    private final List<SeedFailure> failures = new ArrayList<>();
    private final Tally reached = new Tally();
    private int begun;
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
        if (options.jobs() == 1) {
            work(progress);
        } else {
            workTogether(progress);
        }
        synchronized (this) {
            return report();
        }
    }

    private void work(SimulationProgress progress) {
        for (int index = next(); index >= 0; index = next()) {
            runSeed(options.firstSeed() + index, index == 0);
            synchronized (this) {
                seedsRun++;
                progress.seedFinished(report());
            }
        }
    }

    /** The index of the next world to run, or -1. */
    private synchronized int next() {
        boolean isOver = begun == options.seeds() || realMillis() >= options.limitMillis();
        return isOver && begun > 0 ? -1 : begun++;
    }

    private void workTogether(SimulationProgress progress) {
        ExecutorService threads = Executors.newFixedThreadPool(options.jobs());
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < options.jobs(); i++) {
                workers.add(threads.submit(() -> work(progress)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a simulation failed outside of its world: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private void runSeed(long seed, boolean isTwice) {
        WorldResult result = world(seed, isTwice);
        if (isTwice) {
            WorldResult again = new World(seed, options.faults(), parts, null, true).run(options.durationMillis());
            count(again);
            if (again.traceHash() != result.traceHash()) {
                failed(new SeedFailure(
                        seed,
                        "DETERMINISM (docs/testing.md: equal seeds give equal effects)",
                        "two runs of this seed differ: " + result + " and " + again,
                        result.virtualNanos() / NANOS_PER_MILLI,
                        result.plan(),
                        replayCommand(seed),
                        null));
            }
        }
        count(result);
        InvariantViolation violation = result.violation();
        if (violation != null) {
            failed(new SeedFailure(
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

    private synchronized void failed(SeedFailure failure) {
        failures.add(failure);
        failures.sort(Comparator.comparingLong(SeedFailure::seed));
    }

    private synchronized void count(WorldResult result) {
        virtualMillis += result.virtualNanos() / NANOS_PER_MILLI;
        requests += result.requests();
        acknowledgedWrites += result.acknowledgedWrites();
        reached.addAll(result.reached());
    }

    private String replayCommand(long seed) {
        String duration = options.durationMillis() == SimulationOptions.DEFAULT_DURATION_MILLIS
                ? ""
                : " --duration " + options.durationMillis();
        return "bin/matriarch simulate --seed " + seed + duration + " --trace";
    }

    private SimulationReport report() {
        return new SimulationReport(
                seedsRun, List.copyOf(failures), virtualMillis, realMillis(), requests, acknowledgedWrites, reached);
    }

    private long realMillis() {
        return (System.nanoTime() - beganNanos) / NANOS_PER_MILLI;
    }
}
