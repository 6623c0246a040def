package io.matriarch.sim.apache;

import static java.util.Objects.requireNonNull;

import io.matriarch.core.port.LogEntry;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.Capabilities;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Apache's Learner, as follower or observer: its connection, and discovery (zab.md 2.1, 7.1). */
final class ApacheLearner implements StreamEnd, VirtualNetwork.Dialler, Inbound.Reader {
    private static final long MILLI = 1_000_000;
    private static final int CONNECT_TRIES = 5;

    private enum Phase {
        CONNECTING,
        DISCOVERY,
        SYNCHRONIZATION,
        BROADCAST,
        OVER
    }

    private final ApacheServer server;
    private final ApacheSurroundings around;
    /** Whom it is connected to: who was elected, or an observer master, whoever it follows. */
    private final int leader;
    /** To its port for observers, at which a leader refuses. */
    private final boolean isToMaster;

    private final Activation activation;
    private final Inbound inbound;

    private Phase phase = Phase.CONNECTING;
    private @Nullable ApacheLink link;
    private @Nullable LearnerSynchronization synchronization;
    private @Nullable LearnerBroadcast broadcast;
    private boolean isNewLeaderAcked;

    private long epoch;
    private int tries;
    private long limitNanos;

    /**
     * @param leader whom to connect to: an observer master, or who was elected
     */
    ApacheLearner(ApacheServer server, int leader) {
        this.server = server;
        this.around = server.around();
        this.leader = leader;
        this.isToMaster = server.usesObserverMasters();
        this.activation = new Activation(server.membership());
        this.inbound = new Inbound(around, this);
        this.limitNanos = server.setup().initNanos();
    }

    /** Whether it serves observers. */
    boolean isListening() {
        return broadcast != null && broadcast.isListening() && phase == Phase.BROADCAST;
    }

    StreamEnd accept(Stream stream) {
        return requireNonNull(broadcast).accept(stream);
    }

    boolean isServing() {
        return phase == Phase.BROADCAST;
    }

    @Override
    public String toString() {
        return "learner of " + leader + " in " + (phase == Phase.SYNCHRONIZATION ? synchronization : phase);
    }

    // --- connecting (zab.md 2.1) -------------------------------------------------------------------------------------

    void start() {
        inbound.hear();
        if (!server.membership().isMember(leader)) {
            leave("does not know where server " + leader + " is");
            return;
        }
        connect();
        watch();
    }

    private void connect() {
        tries++;
        if (isToMaster) {
            around.dialObserverMaster(leader, this);
        } else {
            around.dial(leader, this);
        }
    }

    @Override
    public @Nullable StreamEnd connected(Stream stream) {
        if (phase != Phase.CONNECTING) {
            return null;
        }
        ApacheLink up = new ApacheLink(server, stream, 0);
        link = up;
        phase = Phase.DISCOVERY;
        inbound.hear();
        LearnerInfo us = new LearnerInfo(
                new ServerId(server.sid()),
                LearnerInfo.PROTOCOL_VERSION,
                server.membership().version(),
                Capabilities.NONE);
        int type = server.isObserver() ? PacketType.OBSERVERINFO : PacketType.FOLLOWERINFO;
        up.send(type, Zxid.of(server.disk().acceptedEpoch(), 0).value(), us.encode());
        return this;
    }

    @Override
    public void failed(String reason) {
        if (phase != Phase.CONNECTING) {
            return;
        }
        if (tries == CONNECT_TRIES) {
            leave("leader " + leader + " cannot be reached: " + reason);
        } else {
            around.after(server.release().connectPauseMillis * MILLI, () -> {
                if (phase == Phase.CONNECTING) {
                    connect();
                }
            });
        }
    }

    private void watch() {
        around.after(server.setup().tickNanos() / 2, () -> {
            if (phase == Phase.OVER) {
                return;
            }
            if (inbound.isSilentFor(limitNanos)) {
                leave("read timed out");
            } else {
                watch();
            }
        });
    }

    // --- the end -----------------------------------------------------------------------------------------------------

    void leave(String why) {
        if (phase == Phase.OVER) {
            return;
        }
        LearnerSynchronization under = synchronization;
        boolean isSpoiled = phase == Phase.SYNCHRONIZATION && under != null && under.isSpoiled();
        phase = Phase.OVER;
        ApacheLink up = link;
        if (up != null) {
            up.close(why);
        }
        if (broadcast != null) {
            broadcast.stop(why);
        }
        server.leave(why, isSpoiled);
    }

    /** Something that would not happen under a leader that keeps to the rules. */
    void harmed(String what) {
        if (around.isOurs(leader)) {
            throw new InvariantViolation(
                    Invariant.PEER_UNHARMED,
                    "server " + server.sid() + ", an Apache " + server.release() + ", " + what + " under server "
                            + leader);
        }
        leave(what);
    }

    /** The same, where whoever leads has to answer for it too: an observer master of Apache's passes on all in order. */
    void misled(String what) {
        if (isLedByOurs()) {
            throw new InvariantViolation(
                    Invariant.PEER_UNHARMED,
                    "server " + server.sid() + ", an Apache " + server.release() + ", " + what + " by server " + leader
                            + " in epoch " + epoch);
        }
        leave(what);
    }

    /** Whoever leads the observer master may be another than was elected when this server looked. */
    boolean isLedByOurs() {
        Integer leads = isToMaster ? around.checks().leaderOf(epoch) : Integer.valueOf(leader);
        return leads != null && around.isOurs(leads);
    }

    /** The process ends itself (zab.md 8.3, 10.2). */
    void exit(String what) {
        harmed(what);
        around.exit(what);
    }

    // --- packets -----------------------------------------------------------------------------------------------------

    @Override
    public void received(Object message) {
        inbound.received(message);
    }

    @Override
    public void closed(String reason) {
        inbound.closed(reason);
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    @Override
    public void ended(String reason) {
        leave("lost leader " + leader + ": " + reason);
    }

    @Override
    public void piece(SnapshotPiece piece) {
        requireNonNull(synchronization).piece(piece);
    }

    @Override
    public void packet(QuorumPacket packet) {
        link().received(packet);
        handle(packet);
    }

    /** The thread forces something before it goes on. */
    void afterForce(Runnable work) {
        inbound.afterWait(around.forceNanos(), work);
    }

    private ApacheLink link() {
        return requireNonNull(link);
    }

    private void handle(QuorumPacket packet) {
        switch (phase) {
            case DISCOVERY -> discovery(packet);
            case SYNCHRONIZATION -> requireNonNull(synchronization).packet(packet);
            case BROADCAST -> requireNonNull(broadcast).packet(packet);
            case CONNECTING, OVER -> {}
        }
    }

    private void discovery(QuorumPacket packet) {
        epoch = new Zxid(packet.zxid()).epoch();
        long accepted = server.disk().acceptedEpoch();
        if (packet.type() != PacketType.LEADERINFO) {
            harmed("is told " + PacketType.name(packet.type()) + " instead of LEADERINFO");
        } else if (epoch < accepted) {
            leave("leader " + leader + " has epoch " + epoch + ", " + accepted + " is promised");
        } else if (epoch == accepted) {
            ackEpoch(AckEpoch.DO_NOT_COUNT);
        } else {
            afterForce(() -> {
                server.disk().storeAcceptedEpoch(epoch);
                ackEpoch((int) server.disk().currentEpoch());
            });
        }
    }

    private void ackEpoch(int reported) {
        phase = Phase.SYNCHRONIZATION;
        synchronization = new LearnerSynchronization(this, server, activation, inbound, epoch);
        link().send(PacketType.ACKEPOCH, server.last().value(), new AckEpoch(reported).encode());
    }

    // --- for what follows discovery ----------------------------------------------------------------------------------

    /** What a PROPOSAL or an INFORM holds. */
    static LogEntry entryIn(QuorumPacket packet) {
        return new LogEntry(new Zxid(packet.zxid()), requireNonNull(packet.data()));
    }

    int leader() {
        return leader;
    }

    long epoch() {
        return epoch;
    }

    /** NEWLEADER is behind it: its leader pings from now on. */
    void expectPings() {
        limitNanos = server.setup().syncNanos();
    }

    void ackNewLeader() {
        isNewLeaderAcked = true;
        link().send(PacketType.ACK, Zxid.of(epoch, 0).value(), null);
    }

    void ack(long zxid) {
        if (phase == Phase.OVER) {
            return;
        }
        if (!isNewLeaderAcked) {
            link().sendEarly(QuorumPacket.of(PacketType.ACK, zxid));
        } else {
            link().send(PacketType.ACK, zxid, null);
        }
    }

    /** UPTODATE came: it acknowledges NEWLEADER once more, and serves. */
    LearnerBroadcast serve(ArrayDeque<LogEntry> pending) {
        LearnerBroadcast begun = new LearnerBroadcast(this, server, link(), activation, pending);
        broadcast = begun;
        phase = Phase.BROADCAST;
        ack(Zxid.of(epoch, 0).value());
        return begun;
    }
}
