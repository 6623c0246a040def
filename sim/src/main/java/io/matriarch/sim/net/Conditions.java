package io.matriarch.sim.net;

import io.matriarch.sim.time.Chance;

/** How long messages take at present; drawn per world, changed by faults. */
public final class Conditions {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;

    private final Chance chance;
    private final long baseNanos;
    private final long jitterNanos;
    private double spikeProbability;
    private long spikeNanos;
    private double notificationLoss;

    /** Draws the latency of a calm network: 20 to 500 microseconds, and as much jitter. */
    public Conditions(Chance chance) {
        this.chance = chance;
        this.baseNanos = chance.between(20 * MICRO, 500 * MICRO);
        this.jitterNanos = chance.between(5 * MICRO, 500 * MICRO);
    }

    /** One message in {@code 1/probability} takes up to {@code nanos} more. */
    public void spikes(double probability, long nanos) {
        spikeProbability = probability;
        spikeNanos = nanos;
    }

    /** The share of election notifications that get lost, 0.0 to 1.0. */
    public void notificationLoss(double probability) {
        notificationLoss = probability;
    }

    /** Back to a calm network. */
    public void calm() {
        spikes(0, 0);
        notificationLoss(0);
    }

    long delayNanos() {
        long delay = baseNanos + chance.exponential(jitterNanos);
        if (spikeProbability > 0 && chance.hits(spikeProbability)) {
            delay += chance.between(MILLI, Math.max(MILLI, spikeNanos));
        }
        return delay;
    }

    boolean losesNotification() {
        return notificationLoss > 0 && chance.hits(notificationLoss);
    }
}
