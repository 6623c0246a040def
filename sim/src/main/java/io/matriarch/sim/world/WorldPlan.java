package io.matriarch.sim.world;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.quorum.Member;
import io.matriarch.sim.time.Chance;
import io.matriarch.storage.StorageOptions;
import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one seed draws before anything happens.
 *
 * @param voters servers 1, 2, … of this number are participants
 * @param observers the servers behind them, which only observe
 */
record WorldPlan(
        int voters,
        int observers,
        int clients,
        int tickMillis,
        int initLimit,
        int syncLimit,
        int snapCount,
        long preAllocBytes,
        int sessionTimeoutMillis,
        boolean isCoded,
        long forceNanos,
        long meanFaultNanos,
        Set<Fault> faults) {
    private static final long MILLI = 1_000_000;
    private static final int[] SIZES = {1, 3, 5};

    static WorldPlan draw(Chance chance, Set<Fault> allowed) {
        int tickMillis = (int) chance.between(4, 20) * 10;
        int voters = SIZES[chance.weighted(1, 6, 3)];
        int observers = voters > 1 ? chance.fork("observers").weighted(6, 3, 1) : 0;
        return new WorldPlan(
                voters,
                observers,
                (int) chance.between(1, 5),
                tickMillis,
                (int) chance.between(5, 10),
                (int) chance.between(3, 6),
                chance.hits(0.5) ? 100_000 : (int) chance.between(10, 300),
                chance.pick(List.of(0L, 4096L, 16384L)),
                (int) chance.between(4, 20) * tickMillis,
                chance.hits(0.3),
                chance.pick(List.of(MILLI / 10, MILLI, 3 * MILLI, 10 * MILLI)),
                chance.between(100, 2500) * MILLI,
                drawFaults(chance, allowed));
    }

    private static Set<Fault> drawFaults(Chance chance, Set<Fault> allowed) {
        double share = chance.pick(List.of(0.15, 0.4, 0.7));
        Set<Fault> drawn = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            boolean isDrawn = chance.hits(share);
            if (isDrawn && allowed.contains(fault)) {
                drawn.add(fault);
            }
        }
        return drawn;
    }

    int servers() {
        return voters + observers;
    }

    PeerConfig configOf(int sid, PeerConfig.Tuning tuning) {
        List<Member> members = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int member = 1; member <= servers(); member++) {
            boolean isParticipant = member <= voters;
            members.add(new Member(new ServerId(member), isParticipant));
            text.append("server.").append(member).append("=10.0.0.").append(member);
            text.append(":2888:3888:").append(isParticipant ? "participant\n" : "observer\n");
        }
        return PeerConfig.builder()
                .self(new ServerId(sid))
                .members(members)
                .standalone(servers() == 1)
                .tickMillis(tickMillis)
                .initLimit(initLimit)
                .syncLimit(syncLimit)
                .snapCount(snapCount)
                .configText(servers() == 1 ? "" : text + "version=0")
                .tuning(tuning)
                .build();
    }

    StorageOptions storageOptions() {
        return StorageOptions.in(HostStorage.DATA_DIRECTORY).withPreAllocBytes(preAllocBytes);
    }
}
