package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.tree.FrozenTree;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import org.jspecify.annotations.Nullable;

/** One learner's connection, as its leader sees it. */
final class LearnerLink {
    enum State {
        /** Connected; nothing heard yet. */
        CONNECTED,
        /** FOLLOWERINFO or OBSERVERINFO came; the epoch is not settled, or not durable here. */
        AWAITING_EPOCH,
        /** LEADERINFO is on its way. */
        AWAITING_ACKEPOCH,
        /** ACKEPOCH came; the leader's history is not final yet. */
        AWAITING_HISTORY,
        /** The tree is being streamed. */
        SENDING_SNAPSHOT,
        /** NEWLEADER is on its way. */
        AWAITING_NEWLEADER_ACK,
        /** NEWLEADER is acknowledged; the leader is not established yet. */
        ACKED,
        /** UPTODATE was sent: the learner gets live traffic. */
        ACTIVE
    }

    final LinkId id;
    final String address;
    State state = State.CONNECTED;
    ServerId sid = new ServerId(-1);
    /** It came with OBSERVERINFO: it is told what is committed, and only that. */
    boolean isObserver;

    int capabilities;
    long lastHeardNanos;

    /** The learner's last log entry, from ACKEPOCH. */
    Zxid history = Zxid.NONE;
    /** Everything up to here was sent as committed. */
    Zxid sentThrough = Zxid.NONE;
    /** Everything up to here is durable at the learner. */
    Zxid ackedThrough = Zxid.NONE;
    /** Whether a proposal is unacknowledged, and since when without progress (zab.md 10.3). */
    boolean owesAck;

    long owesSinceNanos;
    /** The newest heartbeat round that the learner answered. */
    long echoedRound;

    @Nullable
    FrozenTree snapshot;

    boolean pinsWindow;

    LearnerLink(LinkId id, String address, long nowNanos) {
        this.id = id;
        this.address = address;
        this.lastHeardNanos = nowNanos;
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    /** Whether what this learner acknowledges counts for {@code voter}: it came to follow, under that id. */
    boolean isOf(ServerId voter) {
        return !isObserver && sid.equals(voter);
    }

    boolean has(int capability) {
        return (capabilities & capability) != 0;
    }

    /** Whether NEWLEADER was sent, so that pings may be (zab.md R7). */
    boolean isPinged() {
        return state == State.AWAITING_NEWLEADER_ACK || state == State.ACKED || state == State.ACTIVE;
    }

    String who() {
        return sid.value() < 0 ? address : "server " + sid;
    }
}
