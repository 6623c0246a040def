package io.matriarch.sim.world;

import io.matriarch.sim.time.Chance;

/** What happens in a quiet world ({@link QuietPlan}): messages are late and servers pause, one at a time. */
final class Stalls {
    private static final long MILLI = 1_000_000;

    private final World world;
    private final Chance chance;
    private boolean isOver;

    Stalls(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
    }

    private long longestNanos() {
        return QuietPlan.longestStallMillis(world.plan().heartbeat()) * MILLI;
    }

    void begin() {
        world.conditions().spikes(chance.between(1, 10) / 20.0, longestNanos());
        next();
    }

    void end() {
        isOver = true;
    }

    private void next() {
        long leastNanos = world.plan().heartbeat().minMillis() * MILLI;
        world.heap().after(chance.between(leastNanos, 4 * leastNanos), () -> {
            if (!isOver) {
                pauseSomebody();
                next();
            }
        });
    }

    /** The leader every other time. */
    private void pauseSomebody() {
        SimHost leader = world.leader();
        SimHost host = leader != null && chance.hits(0.5) ? leader : chance.pick(world.hosts());
        HostedServer process = host.process();
        if (process != null) {
            world.tally().count(Tally.FAULTS, "quiet pause");
            process.pause(chance.between(MILLI, longestNanos()));
        }
    }
}
