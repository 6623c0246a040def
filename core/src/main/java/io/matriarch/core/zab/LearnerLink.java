package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.tree.FrozenTree;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
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
        /** What it missed is being read from disk and sent. */
        READING_LOG,
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
    /** What is committed goes to the learner through this, once it is up to date. */
    final SyncOrder order;

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
    /** Since when it has been up to date. */
    long activeSinceNanos;
    /** When it was met; NEWLEADER was sent to it later than that. */
    long historyToldNanos;
    /** Its heartbeats, once it is up to date. */
    @Nullable
    LinkPulse pulse;

    @Nullable
    FrozenTree snapshot;

    boolean pinsWindow;
    /** Whether it is synchronized by a whole snapshot, and not by what it misses. */
    boolean takesSnapshot;
    /** What an observer master had counted as committed when it began to synchronize this learner, in bytes. */
    long committedBytes;
    /** How far it has come on the way to the leader's next epoch. */
    EpochRollOver.Step rollOver = EpochRollOver.Step.NONE;
    /** Up to which zxid it is given what is on disk; null unless that is so. */
    @Nullable
    Zxid readsUpTo;

    /** Whether DIFF was sent, so that nothing but a DIFF can follow. */
    boolean isDiffBegun;

    LearnerLink(LinkId id, String address, long nowNanos) {
        this.id = id;
        this.address = address;
        this.order = new SyncOrder(id);
        this.lastHeardNanos = nowNanos;
    }

    /**
     * Takes over what the learner says of itself in FOLLOWERINFO or OBSERVERINFO.
     *
     * @param ourVersion of our committed configuration; a learner that knows a newer one has heard of what we have not
     * @throws MalformedException if it cannot be one of this ensemble's learners
     */
    void introduce(QuorumPacket packet, long ourVersion) {
        LearnerInfo info = LearnerInfo.decode(packet.data());
        if (info.protocolVersion() < LearnerInfo.PROTOCOL_VERSION) {
            throw new MalformedException("protocol version " + info.protocolVersion() + " is older than 3.4");
        }
        if (info.configVersion() > ourVersion) {
            throw new MalformedException("configuration version " + new Zxid(info.configVersion()) + ", above ours, "
                    + new Zxid(ourVersion));
        }
        sid = info.sid();
        isObserver = packet.type() == PacketType.OBSERVERINFO;
        capabilities = info.capabilities();
    }

    /** ACKEPOCH came: the learner's log ends at {@code last}. */
    void tellsHistory(Zxid last, Now now) {
        history = last;
        historyToldNanos = now.nanos();
        state = State.AWAITING_HISTORY;
    }

    /** Why it counts as gone though its link is there (zab.md 10.3); null if it does not. */
    @Nullable
    String whySilent(Now now, Zab.Limits limits) {
        int limitMillis = isActive() ? limits.syncMillis() : limits.initMillis() + limits.syncMillis();
        long silentMillis = now.millisSince(lastHeardNanos);
        if (silentMillis > limitMillis) {
            return who() + " was silent for " + silentMillis + " ms";
        }
        long owedMillis = isActive() && owesAck ? now.millisSince(owesSinceNanos) : 0;
        return owedMillis > limits.syncMillis()
                ? who() + " has logged nothing for " + owedMillis + " ms; its disk may hang"
                : null;
    }

    /** Whether nothing was promised to it yet. */
    boolean isNew() {
        return state == State.CONNECTED || state == State.AWAITING_EPOCH;
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    /** Whether it is being synchronized: from its ACKEPOCH until it acknowledges NEWLEADER. */
    boolean isTakingHistory() {
        return state == State.READING_LOG || state == State.SENDING_SNAPSHOT || state == State.AWAITING_NEWLEADER_ACK;
    }

    /** Whether what this learner acknowledges counts for {@code voter}: it came to follow, under that id. */
    boolean isOf(ServerId voter) {
        return !isObserver && sid.equals(voter);
    }

    Standing standing() {
        return Standing.in(capabilities);
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
