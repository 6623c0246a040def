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
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * zab.md 15, R21: an observer master of Apache's never tells of what was proposed to its follower before UPTODATE and is committed
 * afterwards. Its observers of ours see the hole when the next transaction comes, and are given what they lack.
 */
class ObserverMasterHoleTest {
    private static final long MILLI = 1_000_000;
    private static final int SEED = 1;
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

    private World world;
    private ScriptedWriter writer;

    private void begin(UnaryOperator<PeerConfig.Tuning> tuning) {
        Map<Integer, ApacheRelease> apache =
                Map.of(1, ApacheRelease.R3_9_5, 2, ApacheRelease.R3_9_5, 3, ApacheRelease.R3_9_5);
        ObserverConfig served = new ObserverConfig(true, 1 << 20, 10, 100, 0, 0, true);
        WorldPlan plan = CalmPlan.of(3, 2, new TreeMap<>(apache), TICK_MILLIS, HeartbeatConfig.OFF, served);
        WorldParts parts = new WorldParts(WorldParts.CORRECT.fileSystem(), tuning, WorldParts.CORRECT.storedReport());
        world = new World(SEED, plan, parts, null, false);
    }

    /** The observer is up to date but for one transaction, which its master has in its log and never tells of. */
    private void reachesTheHole() {
        host(FOLLOWER).start();
        host(LEADER).start();
        until(() -> host(LEADER).isUp() && host(LEADER).server().isEstablishedLeader());

        host(WRITERS).start();
        until(() -> isServing(WRITERS));
        host(LEADER).hangDisk(HANG_MILLIS * MILLI);
        host(FOLLOWER).hangDisk(HANG_MILLIS * MILLI);
        writer = new ScriptedWriter(1, 2);
        world.network().dial(2001, WRITERS, host(WRITERS).clientPort(), writer);
        runFor(PROPOSING_MILLIS); // its session
        host(MASTER).start();
        until(() -> isServing(MASTER));
        host(OBSERVER).start();
        until(() -> isServing(OBSERVER));
        assertThat(host(OBSERVER).peer().status().learnerMaster()).isEqualTo(new ServerId(MASTER));
        assertThat(applied(OBSERVER)).as("the session waits for a quorum").isEqualTo(applied(LEADER));
    }

    @Test
    void r21_anObserverThatSeesTheHoleComesAgainAndIsGivenWhatItLacks() {
        begin(UnaryOperator.identity());
        reachesTheHole();
        Zxid before = applied(OBSERVER);
        until(() -> applied(MASTER).isAfter(before));
        runFor(1);
        assertThat(applied(OBSERVER)).as("it is not told").isEqualTo(before);
        until(() -> writer.acknowledged() == 2 && applied(OBSERVER).equals(applied(LEADER)));
        assertThat(host(OBSERVER).server().tree().digest())
                .isEqualTo(host(LEADER).server().tree().digest());
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
        assertThatThrownBy(() -> until(() -> applied(OBSERVER).equals(applied(LEADER)) && writer.isOver()))
                .isInstanceOfSatisfying(InvariantViolation.class, violation -> assertThat(violation.invariant())
                        .isEqualTo(Invariant.PREFIX_CONSISTENCY))
                .hasMessageContaining("server " + OBSERVER);
    }

    // --- the world ---------------------------------------------------------------------------------------------------

    private SimHost host(int sid) {
        return world.hosts().get(sid - 1);
    }

    private boolean isServing(int sid) {
        return host(sid).isUp() && host(sid).server().isServing();
    }

    private Zxid applied(int sid) {
        return host(sid).server().tree().lastApplied();
    }

    private void runFor(long millis) {
        world.heap().runUntil(world.heap().nowNanos() + millis * MILLI);
    }

    private void until(BooleanSupplier condition) {
        long limit = world.heap().nowNanos() + 30_000 * MILLI;
        while (!condition.getAsBoolean()) {
            assertThat(world.heap().nowNanos()).as("it happens within 30 s").isLessThan(limit);
            runFor(1);
        }
    }
}
