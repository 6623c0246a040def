package io.matriarch.sim.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * zab.md 15, R21: an observer master of Apache's never tells of what was proposed to its follower before UPTODATE and is committed
 * afterwards. Its observers of ours see the hole when the next transaction comes, and are given what they lack.
 */
class ObserverMasterHoleTest {
    private static final long MILLI = 1_000_000;
    private static final int TICK_MILLIS = 200;
    private static final int LEADER = 3;
    /** Whom ours ask first. */
    private static final int MASTER = 1;

    private static final int FOLLOWER = 2;
    private static final int OBSERVER = 4;
    /** Another one, through which a client writes. */
    private static final int WRITERS = 5;

    private static final int HANG_MILLIS = 800;
    private static final int PROPOSING_MILLIS = 5;

    private DirectedWorld world;
    private ScriptedWriter writer;

    private void begin(UnaryOperator<PeerConfig.Tuning> tuning) {
        Map<Integer, ApacheRelease> apache =
                Map.of(1, ApacheRelease.R3_9_5, 2, ApacheRelease.R3_9_5, 3, ApacheRelease.R3_9_5);
        ObserverConfig served = new ObserverConfig(true, 1 << 20, 10, 100, 0, 0, true);
        WorldPlan plan = CalmPlan.of(3, 2, new TreeMap<>(apache), TICK_MILLIS, HeartbeatConfig.OFF, served);
        WorldParts parts = new WorldParts(WorldParts.CORRECT.fileSystem(), tuning, WorldParts.CORRECT.storedReport());
        world = new DirectedWorld(plan, parts);
    }

    /** The observer is up to date but for one transaction, which its master has in its log and never tells of. */
    private void reachesTheHole() {
        world.host(FOLLOWER).start();
        world.host(LEADER).start();
        world.until(() -> world.isLeading(LEADER));

        world.host(WRITERS).start();
        world.until(() -> world.isServing(WRITERS));
        world.host(LEADER).hangDisk(HANG_MILLIS * MILLI);
        world.host(FOLLOWER).hangDisk(HANG_MILLIS * MILLI);
        writer = world.writer(WRITERS, 2);
        world.runFor(PROPOSING_MILLIS); // its session
        world.host(MASTER).start();
        world.until(() -> world.isServing(MASTER));
        world.host(OBSERVER).start();
        world.until(() -> world.isServing(OBSERVER));
        assertThat(world.host(OBSERVER).peer().status().learnerMaster()).isEqualTo(new ServerId(MASTER));
        assertThat(world.applied(OBSERVER)).as("the session waits for a quorum").isEqualTo(world.applied(LEADER));
    }

    @Test
    void r21_anObserverThatSeesTheHoleComesAgainAndIsGivenWhatItLacks() {
        begin(UnaryOperator.identity());
        reachesTheHole();
        Zxid before = world.applied(OBSERVER);
        world.until(() -> world.applied(MASTER).isAfter(before));
        world.runFor(1);
        assertThat(world.applied(OBSERVER)).as("it is not told").isEqualTo(before);
        world.until(() -> writer.acknowledged() == 2 && world.applied(OBSERVER).equals(world.applied(LEADER)));
        assertThat(world.digest(OBSERVER)).isEqualTo(world.digest(LEADER));
    }

    @Test
    void whoeverDoesNotSeeTheHoleTakesWhatFollowsIt() {
        begin(tuning -> tuning.withZabRules(new ZabRules() {
            @Override
            public boolean refusesGaps() {
                return false;
            }
        }));
        reachesTheHole();
        assertThatThrownBy(() ->
                        world.until(() -> world.applied(OBSERVER).equals(world.applied(LEADER)) && writer.isOver()))
                .isInstanceOfSatisfying(InvariantViolation.class, violation -> assertThat(violation.invariant())
                        .isEqualTo(Invariant.PREFIX_CONSISTENCY))
                .hasMessageContaining("server " + OBSERVER);
    }
}
