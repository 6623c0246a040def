package io.matriarch.sim.world;

import io.matriarch.sim.check.InvariantViolation;
import org.jspecify.annotations.Nullable;

/**
 * How one world ended.
 *
 * @param violation null if every invariant held
 * @param virtualNanos when it ended
 * @param traceHash over all steps, if asked for
 * @param events that happened
 * @param requests that clients sent
 * @param acknowledgedWrites of them
 * @param reached what happened, and how often
 * @param plan what the seed drew, in words
 */
public record WorldResult(
        @Nullable InvariantViolation violation,
        long virtualNanos,
        long traceHash,
        long events,
        long requests,
        long acknowledgedWrites,
        Tally reached,
        String plan) {}
