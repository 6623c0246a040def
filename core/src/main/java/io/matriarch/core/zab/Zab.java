package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.core.request.ClientDesk;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/** What every role works with: this server's identity, limits, history and doors to the outside. Lives as long as the peer. */
public final class Zab {
    /** Our learner cuts its log exactly where TRUNC says, and drops newer snapshots (zab.md R12). */
    static final int CUTS_PRECISELY = 1;

    /** One ACK or COMMIT stands for everything before it on the link (zab.md R20). Used only if both ends know it. */
    static final int CUMULATIVE = 2;

    /** Goes with its leader into the next epoch over the link it has ({@link EpochRollOver}). */
    static final int ROLLS_OVER = 4;

    /** Turns to whom its leader names ({@link HandOver}). */
    static final int TRANSFERS = 16;

    /** Answers short heartbeats, and waits no longer for them than they say ({@link Pulse}). */
    static final int HEARTBEATS = 8;

    /** What every server of ours knows; {@link #capabilities} are those of this one. */
    static final int OUR_CAPABILITIES = CUTS_PRECISELY | CUMULATIVE | ROLLS_OVER | TRANSFERS;

    /** What is behind them says how a server stands. */
    static final int FLAGS = 0xFFFF;

    private final ServerId self;
    private final Standing standing;
    private final Configurations configurations;
    private final Limits limits;
    private final ZabRules rules;
    private final ObserverConfig observers;
    private final EffectSink out;
    private final DurabilityGate gate;
    private final Epochs epochs;
    private final History history;
    private final ClientDesk desk;

    private Now now;
    /** The newest epoch in which a commit was seen as it happened. */
    private long lastCommittedEpoch;

    private long lastDialed;
    private long lastSnapshotId;

    /**
     * Waits in milliseconds.
     *
     * @param tickMillis the basic unit of time; pings go out every half tick
     * @param initMillis how long discovery, synchronization and a learner's first packets may take
     * @param syncMillis how long a synchronized server may be silent
     * @param heartbeat how long one of ours may be, if it knows short heartbeats
     * @param sessionGrainMillis to a multiple of what the ends of sessions are rounded up
     */
    public record Limits(
            int tickMillis, int initMillis, int syncMillis, HeartbeatConfig heartbeat, int sessionGrainMillis) {
        public static Limits ofTicks(int tickMillis, int initLimit, int syncLimit) {
            return new Limits(
                    tickMillis, tickMillis * initLimit, tickMillis * syncLimit, HeartbeatConfig.OFF, tickMillis);
        }

        public Limits withHeartbeat(HeartbeatConfig other) {
            return new Limits(tickMillis, initMillis, syncMillis, other, sessionGrainMillis);
        }

        /** The same with other ends of sessions; never coarser than a tick. */
        public Limits withSessionGrain(int millis) {
            return new Limits(tickMillis, initMillis, syncMillis, heartbeat, Math.min(millis, tickMillis));
        }

        /** Whether sessions end more exactly than at ticks, as Apache's do. */
        boolean hasExactSessions() {
            return sessionGrainMillis < tickMillis;
        }
    }

    public Zab(
            ServerId self,
            Standing standing,
            Configurations configurations,
            Limits limits,
            ZabRules rules,
            ObserverConfig observers,
            EffectSink out,
            DurabilityGate gate,
            Epochs epochs,
            History history,
            ClientDesk desk,
            Now now) {
        this.self = self;
        this.standing = standing;
        this.configurations = configurations;
        this.limits = limits;
        this.rules = rules;
        this.observers = observers;
        this.out = out;
        this.gate = gate;
        this.epochs = epochs;
        this.history = history;
        this.desk = desk;
        this.now = now;
    }

    /** The history of {@code epoch} is taken over; that goes to disk unless what is there is older. */
    void enter(long epoch) {
        epochs.enter(epoch, !history.isDiskBehind());
    }

    /** Sets the instant of the step that begins. */
    public void at(Now instant) {
        now = instant;
    }

    /** The instant of the current step. */
    public Now now() {
        return now;
    }

    /** The id of the next link that we dial; ours count from -1 down. */
    public LinkId nextDialed() {
        return new LinkId(--lastDialed);
    }

    /** A number for a snapshot file that this process begins to write. */
    public long nextSnapshotId() {
        return ++lastSnapshotId;
    }

    public ServerId self() {
        return self;
    }

    /** Who is a member, as agreed and as proposed. */
    public Membership membership() {
        return configurations.membership();
    }

    /** The way in which it changes. */
    public Configurations configurations() {
        return configurations;
    }

    /** The rule for whatever needs a quorum now: of every active configuration. */
    public QuorumVerifier verifier() {
        return membership().active();
    }

    /** Whether this server is an observer: it takes over what others decide and is counted nowhere (zab.md 15). */
    public boolean isObserver() {
        return membership().isObserver();
    }

    public Limits limits() {
        return limits;
    }

    /** What this server can do that Apache's cannot, and how it stands. */
    int capabilities() {
        int flags = limits.heartbeat().isEnabled() ? OUR_CAPABILITIES | HEARTBEATS : OUR_CAPABILITIES;
        return flags | standing.bits();
    }

    /** How gladly this server leads. */
    Standing standing() {
        return standing;
    }

    /** Rules that only tests replace. */
    public ZabRules rules() {
        return rules;
    }

    /** How observers are served here, and what this server does as one. */
    public ObserverConfig observers() {
        return observers;
    }

    public EffectSink out() {
        return out;
    }

    public DurabilityGate gate() {
        return gate;
    }

    public Epochs epochs() {
        return epochs;
    }

    public History history() {
        return history;
    }

    public ClientDesk desk() {
        return desk;
    }

    /** Every server shows its own configuration under /zookeeper/config, without a transaction (zab.md 14). */
    public void showConfig() {
        String text = membership().committed().text();
        if (!text.isEmpty()) {
            history.tree().setConfig(text, membership().committed().version(), now.wallMillis());
        }
    }

    /** While this server serves, everything up to {@code zxid} was committed. */
    void traceFirstCommit(Zxid zxid) {
        if (zxid.epoch() > lastCommittedEpoch) {
            lastCommittedEpoch = zxid.epoch();
            out.emit(new Effect.Trace(new TraceEvent.FirstCommit(zxid.epoch(), zxid)));
        }
    }

    void send(LinkId link, QuorumPacket packet) {
        out.emit(new Effect.SendPacket(link, packet));
    }

    void send(LinkId link, int type, long zxid, @Nullable Bytes data) {
        send(link, new QuorumPacket(type, zxid, data, null));
    }

    /** R2: NEWLEADER leaves only when the leader's currentEpoch and history are durable. */
    void sendNewLeader(LinkId link, long epoch, @Nullable Bytes configuration) {
        long zxid = Zxid.of(epoch, 0).value();
        gate.promise(new Effect.SendPacket(link, new QuorumPacket(PacketType.NEWLEADER, zxid, configuration, null)));
    }

    /** An acknowledgement, held until everything logged so far is durable. */
    void promiseAck(LinkId link, long zxid) {
        gate.promise(new Effect.SendPacket(link, new QuorumPacket(PacketType.ACK, zxid, null, null)));
    }

    /** R6: a follower, from UPTODATE on. */
    boolean isToldOfProposals(LearnerLink link) {
        boolean isDue = link.isActive() || (link.isPinged() && !rules.holdsBackUntilUpToDate());
        return isDue && !link.isObserver;
    }

    /** Whether SYNC must come to this learner exactly between the commits where it belongs ({@link SyncOrder}). */
    boolean keepsOrderOfSyncs(LearnerLink link) {
        return !link.has(CUMULATIVE) && rules.keepsOrderOfSyncs();
    }

    void close(LinkId link, String reason) {
        out.emit(new Effect.CloseLink(link, reason));
    }
}
