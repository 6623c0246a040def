package io.matriarch.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Zxid;
import java.util.function.BooleanSupplier;

/** A world in which a test says what happens, and waits for what comes of it. */
final class DirectedWorld {
    private static final int SEED = 1;
    private static final long MILLI = 1_000_000;
    private static final int LIMIT_MILLIS = 30_000;
    /** Clients stand on nodes of the network above those of servers. */
    private static final int FIRST_CLIENT = 2_000;

    private final World world;
    private int clients;

    DirectedWorld(WorldPlan plan, WorldParts parts) {
        world = new World(SEED, plan, parts, null, false);
    }

    SimHost host(int sid) {
        return world.hosts().get(sid - 1);
    }

    /** A client that creates so many znodes through {@code sid}, one after the other. */
    ScriptedWriter writer(int sid, int writes) {
        clients++;
        ScriptedWriter writer = new ScriptedWriter(clients, writes);
        world.network().dial(FIRST_CLIENT + clients, sid, host(sid).clientPort(), writer);
        return writer;
    }

    boolean isServing(int sid) {
        return host(sid).isUp() && host(sid).server().isServing();
    }

    boolean isLeading(int sid) {
        return host(sid).isUp() && host(sid).server().isEstablishedLeader();
    }

    Zxid applied(int sid) {
        return host(sid).server().tree().lastApplied();
    }

    long digest(int sid) {
        return host(sid).server().tree().digest();
    }

    void runFor(long millis) {
        world.heap().runUntil(world.heap().nowNanos() + millis * MILLI);
    }

    void until(BooleanSupplier condition) {
        long limit = world.heap().nowNanos() + LIMIT_MILLIS * MILLI;
        while (!condition.getAsBoolean()) {
            assertThat(world.heap().nowNanos()).as("it happens within 30 s").isLessThan(limit);
            runFor(1);
        }
    }
}
