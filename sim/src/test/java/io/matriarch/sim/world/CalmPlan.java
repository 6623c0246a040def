package io.matriarch.sim.world;

import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.core.zab.Standing;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.storage.StorageOptions;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/** A world in which nothing happens but what a test does: no faults, no clients, a force of a millisecond. */
final class CalmPlan {
    private static final long FORCE_NANOS = 1_000_000;

    private CalmPlan() {}

    /**
     * initLimit is 10, syncLimit 5.
     *
     * @param apache which servers are modelled ones, by id
     */
    static WorldPlan of(
            int voters,
            int observers,
            SortedMap<Integer, ApacheRelease> apache,
            int tickMillis,
            HeartbeatConfig heartbeat) {
        return of(voters, observers, apache, tickMillis, heartbeat, ObserverConfig.DEFAULT);
    }

    /** The same where observers connect as {@code observing} says. */
    static WorldPlan of(
            int voters,
            int observers,
            SortedMap<Integer, ApacheRelease> apache,
            int tickMillis,
            HeartbeatConfig heartbeat,
            ObserverConfig observing) {
        return of(voters, observers, apache, tickMillis, heartbeat, observing, ReplicationConfig.DEFAULT);
    }

    /** The same where the history is kept and passed on as {@code replication} says. */
    static WorldPlan of(
            int voters,
            int observers,
            SortedMap<Integer, ApacheRelease> apache,
            int tickMillis,
            HeartbeatConfig heartbeat,
            ObserverConfig observing,
            ReplicationConfig replication) {
        return new WorldPlan(
                voters,
                observers,
                false,
                List.of(),
                false,
                observing,
                0,
                tickMillis,
                10,
                5,
                100_000,
                Long.MAX_VALUE,
                StorageOptions.in(HostStorage.DATA_DIRECTORY),
                60_000,
                tickMillis,
                SessionRules.DEFAULT,
                true,
                FORCE_NANOS,
                0,
                apache,
                Set.of(),
                replication,
                heartbeat,
                Collections.nCopies(voters + observers, Standing.DEFAULT),
                ZnodeConfig.DEFAULT,
                false,
                WorldPlan.Course.USUAL);
    }
}
