package io.matriarch.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.wire.Zxid;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * zab.md R12: an Apache server that is told to cut its log behind a zxid which is no record there keeps the first record above
 * it. One that was given a snapshot, and then was the only one to log a proposal, is brought back by ours with a snapshot.
 */
class ApacheTruncationTest {
    private static final int TICK_MILLIS = 200;
    private static final int OTHER = 1;
    private static final int LEADER = 2;
    private static final int APACHE = 3;

    private static final int WRITES = 20;
    private static final int HANG_MILLIS = 800;
    private static final int PROPOSING_MILLIS = 20;
    private static final long OUTAGE_NANOS = 100_000_000;

    private DirectedWorld world;

    /** Learners that miss more than two transactions are given a snapshot. */
    private void begin(UnaryOperator<PeerConfig.Tuning> tuning) {
        WorldPlan plan = CalmPlan.of(
                3,
                0,
                new TreeMap<>(Map.of(APACHE, ApacheRelease.R3_9_5)),
                TICK_MILLIS,
                HeartbeatConfig.OFF,
                ObserverConfig.DEFAULT,
                ReplicationConfig.DEFAULT.withWindow(2, -1));
        world = new DirectedWorld(
                plan, new WorldParts(WorldParts.CORRECT.fileSystem(), tuning, WorldParts.CORRECT.storedReport()));
    }

    /** The Apache server has one transaction more than the others, which nobody committed, and comes back. */
    private void comesBackWithATail() {
        world.host(OTHER).start();
        world.host(LEADER).start();
        world.until(() -> world.isLeading(LEADER));
        ScriptedWriter writer = world.writer(LEADER, WRITES);
        world.until(() -> writer.acknowledged() == WRITES);
        world.host(APACHE).start();
        world.until(() -> world.isServing(APACHE));
        Zxid committed = world.applied(APACHE);

        world.host(OTHER).stop();
        world.host(LEADER).hangDisk(HANG_MILLIS * 1_000_000L);
        world.writer(LEADER, 1);
        world.runFor(PROPOSING_MILLIS); // its session
        assertThat(world.applied(APACHE)).as("of three, one has it").isEqualTo(committed);
        world.host(APACHE).stop();
        world.host(LEADER).losePowerFor(OUTAGE_NANOS);

        world.host(OTHER).start();
        world.until(() -> world.isLeading(OTHER) || world.isLeading(LEADER));
        world.host(APACHE).start();
        assertThat(world.applied(APACHE)).as("it has a tail").isEqualTo(committed.next());
    }

    @Test
    void r12_itIsGivenASnapshot() {
        begin(UnaryOperator.identity());
        comesBackWithATail();
        world.until(() -> world.isServing(APACHE));
        assertThat(sessions(APACHE)).isEqualTo(sessions(LEADER)).isEqualTo(sessions(OTHER));
    }

    @Test
    void toldToCutItKeepsWhatWasNeverCommitted() {
        begin(tuning -> tuning.withZabRules(new ZabRules() {
            @Override
            public boolean sparesApacheTruncation() {
                return false;
            }
        }));
        comesBackWithATail();
        world.until(() -> world.isServing(APACHE));
        assertThat(sessions(LEADER)).isEqualTo(sessions(OTHER));
        assertThat(sessions(APACHE)).hasSize(sessions(LEADER).size() + 1);
    }

    private Map<Long, Integer> sessions(int sid) {
        return world.host(sid).server().tree().sessions();
    }
}
