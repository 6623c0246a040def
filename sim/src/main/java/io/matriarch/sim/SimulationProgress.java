package io.matriarch.sim;

/** Told after each world; called by the thread that runs the simulation. */
@FunctionalInterface
public interface SimulationProgress {
    /** Nobody is told. */
    SimulationProgress NONE = report -> {};

    /** {@code soFar} covers all worlds up to and including the last one. */
    void seedFinished(SimulationReport soFar);
}
