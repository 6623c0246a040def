package io.matriarch.sim.world;

import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.core.zab.Standing;
import io.matriarch.sim.time.Chance;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A world of ours in which now and then the leader's disk hangs, most often in the moment in which it was established, and nothing else goes
 * wrong. A leader with such a disk gives way in time ({@code HANGING_DISK_NOTICED}).
 */
final class HangingPlan {
    private static final long MILLI = 1_000_000;
    /** syncLimit is 3 at least, and so far above every bound of heartbeats. */
    private static final int TICK_MILLIS = 500;

    private HangingPlan() {}

    /** The same without other faults, and without whom the others could elect nobody. */
    static WorldPlan of(WorldPlan plan, Chance chance) {
        int minMillis = (int) chance.between(100, 400);
        return new WorldPlan(
                plan.voters(),
                plan.observers(),
                false,
                List.of(),
                false,
                ObserverConfig.DEFAULT,
                Math.max(2, plan.clients()),
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
                Math.min(MILLI, plan.forceNanos()),
                plan.meanFaultNanos(),
                new TreeMap<>(),
                Set.of(),
                ReplicationConfig.DEFAULT
                        .withPieceBytes(plan.replication().pieceBytes())
                        .withMaxTxnBytes(plan.replication().maxTxnBytes()),
                chance.hits(0.5) ? HeartbeatConfig.DEFAULT : new HeartbeatConfig(minMillis, 2 * minMillis),
                Collections.nCopies(plan.voters() + plan.observers(), Standing.DEFAULT),
                plan.znodes(),
                plan.isUnlike(),
                WorldPlan.Course.HANGING);
    }

    /** A disk that hangs for longer is to be noticed; a leader that others could replace waits for no longer. */
    static long boundMillis(HeartbeatConfig heartbeat) {
        return heartbeat.maxMillis();
    }
}
