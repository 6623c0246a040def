package io.matriarch.sim.apache;

import static java.util.Objects.requireNonNull;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.tree.DataTree;
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
import io.matriarch.wire.quorum.SessionTouch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Apache's Learner, as follower or observer (zab.md 7.1, 8.3, 8.4, 10.2). */
final class ApacheLearner implements StreamEnd, VirtualNetwork.Dialler, Inbound.Reader {
    private static final long MILLI = 1_000_000;
    private static final int CONNECT_TRIES = 5;

    private enum Phase {
        CONNECTING,
        DISCOVERY,
        /** ACKEPOCH is sent: DIFF, TRUNC or SNAP comes. */
        METHOD,
        SYNCHRONIZATION,
        AWAITING_UPTODATE,
        BROADCAST,
        OVER
    }

    private final ApacheServer server;
    private final ApacheSurroundings around;
    /** Whom it is connected to: who was elected, or an observer master, whoever it follows. */
    private final int leader;
    /** To its port for observers, at which a leader refuses. */
    private final boolean isToMaster;

    private final PassedOn passedOn;
    private final Activation activation;
    private final Inbound inbound;
    /** Proposed and not yet handed to the log thread. */
    private final ArrayDeque<LogEntry> notLogged = new ArrayDeque<>();
    /** Handed to the log thread and not yet committed. */
    private final ArrayDeque<LogEntry> pending = new ArrayDeque<>();

    private final List<Long> committed = new ArrayList<>();
    private final List<Long> toAck = new ArrayList<>();

    private Phase phase = Phase.CONNECTING;
    private @Nullable ApacheLink link;
    private @Nullable ApacheObserverMaster observers;
    private DataTree.@Nullable Loader loader;
    private Zxid label = Zxid.ZERO;
    private boolean isSnapshotNeeded;
    private boolean isNewLeaderAcked;

    private long epoch;
    private long lastQueued;
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
        this.passedOn = new PassedOn(server.sid(), around.now().nanos());
        this.limitNanos = server.setup().initNanos();
    }

    /** Whether it serves observers. */
    boolean isListening() {
        return observers != null && phase == Phase.BROADCAST;
    }

    StreamEnd accept(Stream stream) {
        return requireNonNull(observers).accept(stream);
    }

    boolean isServing() {
        return phase == Phase.BROADCAST;
    }

    @Override
    public String toString() {
        return "learner of " + leader + " in " + phase;
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

    private long nowNanos() {
        return around.now().nanos();
    }

    // --- the end -----------------------------------------------------------------------------------------------------

    private void leave(String why) {
        if (phase == Phase.OVER) {
            return;
        }
        boolean isSpoiled = phase == Phase.SYNCHRONIZATION || loader != null;
        phase = Phase.OVER;
        ApacheLink up = link;
        if (up != null) {
            up.close(why);
        }
        if (observers != null) {
            observers.stop(why);
        }
        server.leave(why, isSpoiled);
    }

    /** Something that would not happen under a leader that keeps to the rules. */
    private void harmed(String what) {
        if (around.isOurs(leader)) {
            throw new InvariantViolation(
                    Invariant.PEER_UNHARMED,
                    "server " + server.sid() + ", an Apache " + server.release() + ", " + what + " under server "
                            + leader);
        }
        leave(what);
    }

    /** The same, where whoever leads has to answer for it too: an observer master of Apache's passes on all in order. */
    private void misled(String what) {
        if (isLedByOurs()) {
            throw new InvariantViolation(
                    Invariant.PEER_UNHARMED,
                    "server " + server.sid() + ", an Apache " + server.release() + ", " + what + " by server " + leader
                            + " in epoch " + epoch);
        }
        leave(what);
    }

    /** Whoever leads the observer master may be another than was elected when this server looked. */
    private boolean isLedByOurs() {
        Integer leads = isToMaster ? around.checks().leaderOf(epoch) : Integer.valueOf(leader);
        return leads != null && around.isOurs(leads);
    }

    /** The process ends itself (zab.md 8.3, 10.2). */
    private void exit(String what) {
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
    public void packet(QuorumPacket packet) {
        link().received(packet);
        handle(packet);
    }

    /** The thread forces something before it goes on. */
    private void afterForce(Runnable work) {
        inbound.afterWait(around.forceNanos(), work);
    }

    private ApacheLink link() {
        return requireNonNull(link);
    }

    private void handle(QuorumPacket packet) {
        switch (phase) {
            case DISCOVERY -> discovery(packet);
            case METHOD -> method(packet);
            case SYNCHRONIZATION, AWAITING_UPTODATE -> synchronization(packet);
            case BROADCAST -> broadcast(packet);
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
        phase = Phase.METHOD;
        link().send(PacketType.ACKEPOCH, server.last().value(), new AckEpoch(reported).encode());
    }

    private void method(QuorumPacket packet) {
        phase = Phase.SYNCHRONIZATION;
        Zxid zxid = new Zxid(packet.zxid());
        switch (packet.type()) {
            case PacketType.DIFF -> {}
            case PacketType.TRUNC -> {
                isSnapshotNeeded = true;
                Effect.Truncate cut = new Effect.Truncate(0, zxid);
                around.checks().emitted(cut, nowNanos());
                around.checks().begun(cut);
                server.disk().truncate(zxid, !around.isOurs(leader));
                around.checks().done(cut);
                server.reload();
                server.relabel(zxid);
            }
            case PacketType.SNAP -> {
                isSnapshotNeeded = true;
                label = zxid;
                inbound.snapshotBegins();
                loader = new DataTree.Loader();
            }
            default -> exit("exits with 13: " + PacketType.name(packet.type()) + " instead of DIFF, TRUNC or SNAP");
        }
    }

    @Override
    public void piece(SnapshotPiece piece) {
        DataTree.Loader into = requireNonNull(loader);
        into.accept(piece);
        if (piece instanceof SnapshotPiece.End) {
            server.replaceTree(into.finish(label), label);
            loader = null;
        }
    }

    private void synchronization(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL -> proposal(entryOf(packet));
            case PacketType.COMMIT -> commit(packet);
            case PacketType.COMMITANDACTIVATE -> {
                LogEntry head = notLogged.peekFirst();
                boolean isHead = head != null && head.zxid().value() == packet.zxid();
                if (isHead && activation.activated(packet, head)) {
                    leave("configuration " + head.zxid() + " gives it another role or leader");
                } else {
                    commit(packet);
                }
            }
            case PacketType.INFORM -> informed(packet, entryOf(packet));
            case PacketType.INFORMANDACTIVATE -> {
                LogEntry entry = Activation.entryIn(packet);
                if (activation.activated(packet, entry)) {
                    leave("configuration " + entry.zxid() + " gives it another role or leader");
                } else {
                    informed(packet, entry);
                }
            }
            case PacketType.NEWLEADER -> {
                activation.offered(packet.data());
                afterForce(this::newLeader);
            }
            case PacketType.UPTODATE -> upToDate();
            default -> {}
        }
    }

    private void informed(QuorumPacket packet, LogEntry entry) {
        proposal(entry);
        if (phase != Phase.OVER) {
            commit(packet);
        }
    }

    private void proposal(LogEntry entry) {
        long zxid = entry.zxid().value();
        boolean isNext =
                lastQueued == 0 || zxid == lastQueued + 1 || entry.zxid().epoch() > new Zxid(lastQueued).epoch();
        if (!isNext && server.release().refusesGaps) {
            harmed("sees " + entry.zxid() + " follow " + new Zxid(lastQueued));
            return;
        }
        lastQueued = zxid;
        activation.proposed(entry);
        notLogged.addLast(entry);
    }

    private void commit(QuorumPacket packet) {
        LogEntry head = notLogged.peekFirst();
        boolean isLate = phase == Phase.AWAITING_UPTODATE;
        if (head == null && (!isLate || server.release().breaksOnCommitAfterNewLeader)) {
            harmed("breaks off its synchronization at COMMIT " + new Zxid(packet.zxid()) + " with nothing proposed");
        } else if (isLate || !isSnapshotNeeded) {
            committed.add(packet.zxid());
        } else if (requireNonNull(head).zxid().value() == packet.zxid()) {
            // After TRUNC and SNAP what is committed goes to memory, and to disk with the snapshot that follows.
            notLogged.removeFirst();
            take(head);
        } else {
            harmed("is told to commit " + new Zxid(packet.zxid()) + " while " + head.zxid() + " is next");
        }
    }

    private void take(LogEntry entry) {
        if (entry.zxid().isAfter(server.last())) {
            pending.addLast(entry);
        }
        server.applyAfterSnapshot(entry);
    }

    // --- NEWLEADER and UPTODATE (zab.md 8.3, 8.4) --------------------------------------------------------------------

    private void newLeader() {
        if (isSnapshotNeeded) {
            if (label.value() != 0) {
                Effect.InstallSnapshot install = new Effect.InstallSnapshot(0, 0, label);
                around.checks().emitted(install, nowNanos());
                around.checks().begun(install);
                around.checks().done(install);
            }
            pending.forEach(entry -> {
                Effect.Append append = new Effect.Append(0, entry);
                around.checks().emitted(append, nowNanos());
                around.checks().begun(append);
                around.checks().done(append);
            });
            pending.clear();
            around.checks().forced();
            server.disk().forgetTail(server.last());
            server.disk().takeSnapshot(server.tree(), server.last());
            server.disk().installed(server.last());
        }
        if (server.isObserver()) {
            enterEpoch();
            acked(0);
            return;
        }
        switch (server.release().syncLog) {
            case ASYNCHRONOUS -> {
                for (LogEntry entry = notLogged.pollFirst(); entry != null; entry = notLogged.pollFirst()) {
                    long zxid = entry.zxid().value();
                    if (entry.zxid().isAfter(server.last())) {
                        pending.addLast(entry);
                        server.logged(entry.zxid());
                        server.log().appendPromised(entry, () -> ack(zxid));
                    }
                }
                enterEpoch();
                acked(around.chance().between(0, 3) * MILLI);
            }
            case ALL_FORCED -> {
                while (!notLogged.isEmpty()) {
                    LogEntry entry = notLogged.removeFirst();
                    logNow(entry);
                    pending.addLast(entry);
                    toAck.add(entry.zxid().value());
                }
                enterEpoch();
                acked(0);
            }
            case COMMITTED_FORCED -> {
                while (!notLogged.isEmpty()
                        && committed.contains(notLogged.peekFirst().zxid().value())) {
                    LogEntry entry = notLogged.removeFirst();
                    logNow(entry);
                    committed.remove(entry.zxid().value());
                    server.apply(entry);
                }
                enterEpoch();
                acked(0);
            }
        }
    }

    private void logNow(LogEntry entry) {
        if (entry.zxid().isAfter(server.last())) {
            Effect.Append append = new Effect.Append(0, entry);
            around.checks().emitted(append, nowNanos());
            around.checks().begun(append);
            server.disk().append(entry);
            around.checks().done(append);
            server.disk().force();
            around.checks().forced();
            server.logged(entry.zxid());
        }
    }

    private void enterEpoch() {
        if (epoch > server.disk().currentEpoch()) {
            server.disk().storeCurrentEpoch(epoch);
            around.checks().done(new Effect.StoreCurrentEpoch(0, epoch));
        }
        limitNanos = server.setup().syncNanos();
        phase = Phase.AWAITING_UPTODATE;
    }

    /** The acknowledgement of NEWLEADER leaves after a moment, in which the log thread may be faster (4685). */
    private void acked(long afterNanos) {
        inbound.afterWait(afterNanos, () -> {
            isNewLeaderAcked = true;
            link().send(PacketType.ACK, Zxid.of(epoch, 0).value(), null);
        });
    }

    private void ack(long zxid) {
        if (phase == Phase.OVER) {
            return;
        }
        if (!isNewLeaderAcked) {
            link().sendEarly(QuorumPacket.of(PacketType.ACK, zxid));
        } else {
            link().send(PacketType.ACK, zxid, null);
        }
    }

    private void upToDate() {
        if (phase != Phase.AWAITING_UPTODATE) {
            return;
        }
        long known = committed.isEmpty() ? 0 : committed.get(committed.size() - 1);
        Zxid applied = server.tree().lastApplied();
        if (activation.upToDate(epoch, known > applied.value() ? new Zxid(known) : applied)) {
            leave("the leader's configuration gives it another role or leader");
            return;
        }
        phase = Phase.BROADCAST;
        ack(Zxid.of(epoch, 0).value());
        toAck.forEach(this::ack);
        server.election().refreshEpoch(epoch);
        while (!notLogged.isEmpty()) {
            log(notLogged.removeFirst());
        }
        List<Long> before = List.copyOf(committed);
        committed.clear();
        before.forEach(zxid -> commitHead(zxid, null));
        if (server.setup().hasObserverPort() && !server.isObserver()) {
            observers = new ApacheObserverMaster(server, epoch, link()::send);
        }
        if (isLedByOurs() && server.setup().hasClient()) {
            passOn();
        }
    }

    /** What this server's clients write and sync, a burst at a time. */
    private void passOn() {
        if (phase == Phase.BROADCAST && passedOn.hasMore()) {
            for (QuorumPacket request : passedOn.burst()) {
                if (observers != null && PassedOn.isSync(request)) {
                    observers.ownSync();
                }
                link().send(request);
            }
            around.after(PassedOn.PAUSE_MILLIS * MILLI, this::passOn);
        }
    }

    // --- broadcast (zab.md 10.2, 15) ---------------------------------------------------------------------------------

    private void broadcast(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PING -> {
                List<SessionTouch> touches = observers == null ? List.of() : observers.touches();
                link().send(PacketType.PING, packet.zxid(), SessionTouch.encodeAll(touches));
            }
            case PacketType.PROPOSAL -> {
                if (!server.isObserver()) {
                    activation.proposed(entryOf(packet));
                    log(entryOf(packet));
                }
            }
            case PacketType.COMMIT -> {
                if (!server.isObserver()) {
                    if (activation.isNews(pending.peekFirst())) {
                        harmed("is told to commit configuration " + new Zxid(packet.zxid())
                                + ", and not to activate it");
                        return;
                    }
                    commitHead(packet.zxid(), null);
                }
            }
            case PacketType.COMMITANDACTIVATE -> {
                LogEntry head = pending.peekFirst();
                if (head == null || head.zxid().value() != packet.zxid()) {
                    harmed("is told to activate configuration " + new Zxid(packet.zxid()) + ", which is not next");
                    return;
                }
                activate(packet, head);
            }
            case PacketType.INFORM -> {
                log(entryOf(packet));
                commitHead(packet.zxid(), null);
            }
            case PacketType.INFORMANDACTIVATE -> {
                LogEntry entry = Activation.entryIn(packet);
                log(entry);
                activate(packet, entry);
            }
            case PacketType.SYNC -> {
                boolean isObservers = observers != null && observers.synced();
                if (!isObservers && !passedOn.synced()) {
                    misled("is sent SYNC before the commits of what its client wrote earlier");
                }
            }
            case PacketType.REVALIDATE -> {
                if (observers != null) {
                    observers.revalidated(packet);
                }
            }
            default -> {}
        }
    }

    private void activate(QuorumPacket packet, LogEntry entry) {
        boolean isOver = activation.activated(packet, entry);
        commitHead(packet.zxid(), Activation.designatedIn(packet));
        if (isOver) {
            leave("configuration " + entry.zxid() + " gives it another role or leader");
        }
    }

    private static LogEntry entryOf(QuorumPacket packet) {
        return new LogEntry(new Zxid(packet.zxid()), requireNonNull(packet.data()));
    }

    private void log(LogEntry entry) {
        if (!entry.zxid().isAfter(server.last())) {
            return;
        }
        pending.addLast(entry);
        server.logged(entry.zxid());
        long zxid = entry.zxid().value();
        server.log().append(entry, () -> {
            if (!server.isObserver()) {
                ack(zxid);
            }
        });
    }

    private void commitHead(long zxid, @Nullable Integer designated) {
        LogEntry head = pending.peekFirst();
        if (head == null) {
            return; // a warning, no more
        }
        if (head.zxid().value() == zxid) {
            server.apply(pending.removeFirst());
            if (observers != null) {
                observers.committed(head, designated);
            }
            if (!passedOn.committed(head)) {
                misled("is told to commit " + head.zxid() + " ahead of the SYNC that its client asked for earlier");
            }
        } else if (zxid > server.tree().lastApplied().value()) {
            exit("exits with 12: COMMIT " + new Zxid(zxid) + " while " + head.zxid() + " is next");
        }
    }
}
