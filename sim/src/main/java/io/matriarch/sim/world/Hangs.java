package io.matriarch.sim.world;

import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.time.Chance;
import org.jspecify.annotations.Nullable;

/** What happens in a world of hanging disks ({@link HangingPlan}), one at a time, and whether it is noticed. */
final class Hangs {
    private static final long MILLI = 1_000_000;
    private static final long WATCH_NANOS = 2 * MILLI;
    /** For heartbeats on their way, answers of disks, and servers that are about to connect. */
    private static final long SLACK_NANOS = 600 * MILLI;

    private final World world;
    private final Chance chance;
    private boolean isOver;
    /** Whose disk hung last, in which life, so that it is established anew before it hangs again. */
    private @Nullable HostedServer struck;

    private @Nullable SimHost hanging;
    private long hangEndNanos;
    private long allUpSinceNanos = Long.MAX_VALUE;

    Hangs(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
    }

    private long boundNanos() {
        return HangingPlan.boundMillis(world.plan().heartbeat()) * MILLI;
    }

    void begin() {
        world.heap().after(WATCH_NANOS, this::watch);
    }

    void end() {
        isOver = true;
    }

    private void watch() {
        if (isOver) {
            return;
        }
        long now = world.heap().nowNanos();
        boolean isAnybodyAway = world.hosts().stream().anyMatch(host -> !host.isUp());
        allUpSinceNanos = isAnybodyAway ? Long.MAX_VALUE : Math.min(allUpSinceNanos, now);
        SimHost host = hanging;
        if (host == null) {
            maybeStrike();
        } else if (now >= hangEndNanos) {
            hanging = null;
        } else {
            check(host, now);
        }
        begin();
    }

    /** Right after it was established, before its followers had a heartbeat, or later. */
    private void maybeStrike() {
        SimHost leader = world.leader();
        if (leader == null) {
            struck = null;
        } else if (leader.process() != struck) {
            struck = leader.process();
            hanging = leader;
            long delayNanos = chance.hits(0.7) ? 0 : chance.between(1, 1500) * MILLI;
            long hangNanos = chance.hits(0.8)
                    ? boundNanos() + chance.between(0, 4000) * MILLI
                    : chance.between(1, HangingPlan.boundMillis(world.plan().heartbeat()) / 2) * MILLI;
            hangEndNanos = world.heap().nowNanos() + delayNanos + hangNanos;
            world.heap().after(delayNanos, () -> {
                world.tally().count(Tally.FAULTS, "hanging disk");
                leader.hangDisk(hangNanos);
            });
        }
    }

    private void check(SimHost host, long now) {
        long limitNanos = boundNanos() + SLACK_NANOS;
        boolean isDue = host.forcingNanos() > limitNanos && now - allUpSinceNanos > limitNanos;
        if (isDue && host.isUp() && host.server().isEstablishedLeader()) {
            throw new InvariantViolation(
                    Invariant.HANGING_DISK_NOTICED,
                    "server " + host.sid() + " leads, though its disk has not answered for "
                            + host.forcingNanos() / MILLI + " ms");
        }
    }
}
