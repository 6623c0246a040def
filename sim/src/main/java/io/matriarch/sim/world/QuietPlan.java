package io.matriarch.sim.world;

import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.core.zab.Standing;
import io.matriarch.sim.time.Chance;
import java.util.Collections;
import java.util.Set;
import java.util.TreeMap;

/**
 * A world of ours in which everybody is slow now and then and nobody is lost: pauses and delays stay below what short heartbeats
 * forgive, and nothing else goes wrong. A leader that was established then leads to the end ({@code LEADER_KEPT}).
 */
final class QuietPlan {
    private static final long MILLI = 1_000_000;
    /** syncLimit is 3 at least, and so above every bound of heartbeats. */
    private static final int TICK_MILLIS = 300;
    /** One force takes at most twenty times as long. */
    private static final long FORCE_NANOS = MILLI / 2;

    private QuietPlan() {}

    /** The same without what may end a leadership. */
    static WorldPlan of(WorldPlan plan, Chance chance) {
        int servers = plan.voters() + plan.observers();
        int minMillis = (int) chance.between(200, 400);
        return new WorldPlan(
                plan.voters(),
                plan.observers(),
                false,
                plan.weights(),
                false,
                ObserverConfig.DEFAULT,
                plan.clients(),
                TICK_MILLIS,
                plan.initLimit(),
                plan.syncLimit(),
                plan.snapCount(),
                plan.snapSizeBytes(),
                plan.storageOptions(),
                plan.sessionTimeoutMillis(),
                plan.sessionGrainMillis(),
                plan.sessionRules(),
                plan.isCoded(),
                Math.min(FORCE_NANOS, plan.forceNanos()),
                plan.meanFaultNanos(),
                new TreeMap<>(),
                Set.of(),
                ReplicationConfig.DEFAULT
                        .withPieceBytes(plan.replication().pieceBytes())
                        .withMaxTxnBytes(plan.replication().maxTxnBytes()),
                chance.hits(0.5) ? HeartbeatConfig.DEFAULT : new HeartbeatConfig(minMillis, 2 * minMillis),
                Collections.nCopies(servers, Standing.DEFAULT),
                plan.znodes(),
                plan.isUnlike(),
                WorldPlan.Course.QUIET);
    }

    /** The longest pause of a server, and the longest delay of a message: with the pause between heartbeats, three quarters. */
    static long longestStallMillis(HeartbeatConfig heartbeat) {
        return heartbeat.minMillis() / 4;
    }
}
