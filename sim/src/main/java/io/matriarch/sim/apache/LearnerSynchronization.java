package io.matriarch.sim.apache;

import static java.util.Objects.requireNonNull;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A learner of Apache's from its ACKEPOCH to UPTODATE (zab.md 8.3, 8.4). */
final class LearnerSynchronization {
    private static final long MILLI = 1_000_000;

    private enum Step {
        /** DIFF, TRUNC or SNAP comes. */
        METHOD,
        STREAM,
        AWAITING_UPTODATE
    }

    private final ApacheLearner learner;
    private final ApacheServer server;
    private final ApacheSurroundings around;
    private final Activation activation;
    private final Inbound inbound;
    private final long epoch;
    /** Proposed and not yet handed to the log thread. */
    private final ArrayDeque<LogEntry> notLogged = new ArrayDeque<>();
    /** Handed to the log thread and not yet committed. */
    private final ArrayDeque<LogEntry> pending = new ArrayDeque<>();

    private final List<Long> committed = new ArrayList<>();
    private final List<Long> toAck = new ArrayList<>();

    private Step step = Step.METHOD;
    private DataTree.@Nullable Loader loader;
    private Zxid label = Zxid.ZERO;
    private boolean isSnapshotNeeded;
    private long lastQueued;

    /** @param epoch which the leader has told */
    LearnerSynchronization(
            ApacheLearner learner, ApacheServer server, Activation activation, Inbound inbound, long epoch) {
        this.learner = learner;
        this.server = server;
        this.around = server.around();
        this.activation = activation;
        this.inbound = inbound;
        this.epoch = epoch;
    }

    /** Whether memory is not what is on disk. */
    boolean isSpoiled() {
        return step == Step.STREAM;
    }

    @Override
    public String toString() {
        return step.toString();
    }

    void packet(QuorumPacket packet) {
        if (step == Step.METHOD) {
            method(packet);
        } else {
            synchronization(packet);
        }
    }

    private void method(QuorumPacket packet) {
        step = Step.STREAM;
        Zxid zxid = new Zxid(packet.zxid());
        switch (packet.type()) {
            case PacketType.DIFF -> {}
            case PacketType.TRUNC -> {
                isSnapshotNeeded = true;
                Effect.Truncate cut = new Effect.Truncate(0, zxid);
                around.checks().emitted(cut, around.now().nanos());
                around.checks().begun(cut);
                server.disk().truncate(zxid, !around.isOurs(learner.leader()));
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
            default ->
                learner.exit("exits with 13: " + PacketType.name(packet.type()) + " instead of DIFF, TRUNC or SNAP");
        }
    }

    void piece(SnapshotPiece piece) {
        DataTree.Loader into = requireNonNull(loader);
        into.accept(piece);
        if (piece instanceof SnapshotPiece.End) {
            server.replaceTree(into.finish(label), label);
            loader = null;
        }
    }

    private void synchronization(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL -> proposal(ApacheLearner.entryIn(packet));
            case PacketType.COMMIT -> commit(packet);
            case PacketType.COMMITANDACTIVATE -> {
                LogEntry head = notLogged.peekFirst();
                boolean isHead = head != null && head.zxid().value() == packet.zxid();
                if (isHead && activation.activated(packet, head)) {
                    learner.leave("configuration " + head.zxid() + " gives it another role or leader");
                } else {
                    commit(packet);
                }
            }
            case PacketType.INFORM -> informed(packet, ApacheLearner.entryIn(packet));
            case PacketType.INFORMANDACTIVATE -> {
                LogEntry entry = Activation.entryIn(packet);
                if (activation.activated(packet, entry)) {
                    learner.leave("configuration " + entry.zxid() + " gives it another role or leader");
                } else {
                    informed(packet, entry);
                }
            }
            case PacketType.NEWLEADER -> {
                activation.offered(packet.data());
                learner.afterForce(this::newLeader);
            }
            case PacketType.UPTODATE -> upToDate();
            default -> {}
        }
    }

    private void informed(QuorumPacket packet, LogEntry entry) {
        proposal(entry);
        if (!learner.isOver()) {
            commit(packet);
        }
    }

    private void proposal(LogEntry entry) {
        long zxid = entry.zxid().value();
        boolean isNext =
                lastQueued == 0 || zxid == lastQueued + 1 || entry.zxid().epoch() > new Zxid(lastQueued).epoch();
        if (!isNext && server.release().refusesGaps) {
            learner.harmed("sees " + entry.zxid() + " follow " + new Zxid(lastQueued));
            return;
        }
        lastQueued = zxid;
        activation.proposed(entry);
        notLogged.addLast(entry);
    }

    private void commit(QuorumPacket packet) {
        LogEntry head = notLogged.peekFirst();
        boolean isLate = step == Step.AWAITING_UPTODATE;
        if (head == null && (!isLate || server.release().breaksOnCommitAfterNewLeader)) {
            learner.harmed(
                    "breaks off its synchronization at COMMIT " + new Zxid(packet.zxid()) + " with nothing proposed");
        } else if (isLate || !isSnapshotNeeded) {
            committed.add(packet.zxid());
        } else if (requireNonNull(head).zxid().value() == packet.zxid()) {
            // After TRUNC and SNAP what is committed goes to memory, and to disk with the snapshot that follows.
            notLogged.removeFirst();
            take(head);
        } else {
            learner.harmed("is told to commit " + new Zxid(packet.zxid()) + " while " + head.zxid() + " is next");
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
                around.checks().emitted(install, around.now().nanos());
                around.checks().begun(install);
                around.checks().done(install);
            }
            pending.forEach(entry -> {
                Effect.Append append = new Effect.Append(0, entry);
                around.checks().emitted(append, around.now().nanos());
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
                        server.log().appendPromised(entry, () -> learner.ack(zxid));
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
            around.checks().emitted(append, around.now().nanos());
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
        step = Step.AWAITING_UPTODATE;
    }

    /** The acknowledgement of NEWLEADER leaves after a moment, in which the log thread may be faster (4685). */
    private void acked(long afterNanos) {
        learner.expectPings();
        inbound.afterWait(afterNanos, learner::ackNewLeader);
    }

    private void upToDate() {
        if (step != Step.AWAITING_UPTODATE) {
            return;
        }
        long known = committed.isEmpty() ? 0 : committed.get(committed.size() - 1);
        Zxid applied = server.tree().lastApplied();
        if (activation.upToDate(epoch, known > applied.value() ? new Zxid(known) : applied)) {
            learner.leave("the leader's configuration gives it another role or leader");
            return;
        }
        LearnerBroadcast broadcast = learner.serve(pending);
        toAck.forEach(learner::ack);
        server.election().refreshEpoch(epoch);
        broadcast.begin(notLogged, committed);
    }
}
