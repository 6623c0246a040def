package io.matriarch.sim;

import org.jspecify.annotations.Nullable;

/**
 * A world in which something did not hold.
 *
 * @param seed of that world
 * @param invariant its name, and where it is specified
 * @param message who did what
 * @param virtualMillis when
 * @param world what the seed drew: sizes, limits, faults
 * @param replayCommand shows the same world again, with its trace
 * @param cause what the core threw; null if it did not throw
 */
public record SeedFailure(
        long seed,
        String invariant,
        String message,
        long virtualMillis,
        String world,
        String replayCommand,
        @Nullable Throwable cause) {
    @Override
    public String toString() {
        return "seed " + seed + " breaks " + invariant + "\n  after " + virtualMillis + " ms of virtual time: "
                + message + "\n  in " + world + "\n  replay: " + replayCommand;
    }
}
