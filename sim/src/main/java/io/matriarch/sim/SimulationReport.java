package io.matriarch.sim;

import io.matriarch.sim.world.Tally;
import java.util.List;

/**
 * What came out of a run.
 *
 * @param seedsRun worlds that were simulated
 * @param failures those that failed, in the order of seeds
 * @param virtualMillis simulated in all
 * @param realMillis that it took
 * @param requests that clients sent
 * @param acknowledgedWrites of them
 * @param reached what the worlds reached, and how often; valid until the run goes on
 */
public record SimulationReport(
        int seedsRun,
        List<SeedFailure> failures,
        long virtualMillis,
        long realMillis,
        long requests,
        long acknowledgedWrites,
        Tally reached) {
    public boolean isPassed() {
        return failures.isEmpty();
    }

    /** Simulated seconds per real second. */
    public double rate() {
        return realMillis == 0 ? 0 : (double) virtualMillis / realMillis;
    }
}
