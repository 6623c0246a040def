package io.matriarch.core.peer;

import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * Whom a server connects to once a leader is known, and how long an observer waits before it does (zab.md 11, 15). A
 * participant joins the leader at once. An observer, where followers serve observers, goes from one follower to the next, in
 * an order of its own so that observers spread.
 *
 * <p>Deviation: Apache's observer never turns to the leader then, and so stays out while no follower takes it; ours does,
 * when no follower has taken it for a while.
 */
final class LearnerMasters {
    private final Zab zab;
    private final Random random;
    private final long seed;
    private int next;

    /**
     * A server to connect to.
     *
     * @param isMaster at its port for observers, and not at its quorum port
     */
    record Target(ServerId sid, boolean isMaster) {}

    LearnerMasters(Zab zab, Random random) {
        this.zab = zab;
        this.random = random;
        this.seed = random.nextLong();
    }

    /**
     * Whom to try under this leader, one after the other.
     *
     * @param withLeader whether followers have been tried for long enough
     */
    Deque<Target> round(ServerId leader, boolean withLeader) {
        Deque<Target> round = new ArrayDeque<>();
        List<ServerId> masters = masters(leader);
        for (int i = 0; i < masters.size(); i++) {
            round.addLast(new Target(masters.get((next + i) % masters.size()), true));
        }
        next++;
        if (withLeader || masters.isEmpty()) {
            round.addLast(new Target(leader, false));
        }
        return round;
    }

    private List<ServerId> masters(ServerId leader) {
        List<ServerId> masters = new ArrayList<>();
        if (zab.isObserver() && zab.observers().isServed()) {
            masters.addAll(zab.verifier().voters());
            masters.remove(leader);
            masters.sort(Comparator.comparingLong(sid -> new Random(seed ^ sid.value()).nextLong()));
        }
        return masters;
    }

    /** Milliseconds to wait before the first try of a round. */
    long connectDelayMillis() {
        return drawn(ObserverConfig::reconnectDelayMillis);
    }

    /** Milliseconds to wait before looking for a leader again. */
    long electionDelayMillis() {
        return drawn(ObserverConfig::electionDelayMillis);
    }

    private long drawn(ToIntFunction<ObserverConfig> bound) {
        int most = zab.isObserver() ? bound.applyAsInt(zab.observers()) : 0;
        return most == 0 ? 0 : random.nextInt(most + 1);
    }
}
