package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.tree.FrozenTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings a learner to the leader's history: DIFF, TRUNC or SNAP, then NEWLEADER (zab.md 8). */
final class Synchronization {
    private final Zab zab;
    private final long epoch;
    private final Collection<LearnerLink> links;
    private boolean isEstablished;
    /** Whether the log turned out not to be readable when a DIFF from it had begun: not again, the same would follow. */
    private boolean hasLogFailed;

    /** @param links all links to learners, as they come and go */
    Synchronization(Zab zab, long epoch, Collection<LearnerLink> links) {
        this.zab = zab;
        this.epoch = epoch;
        this.links = links;
    }

    /** From now on only what is committed is sent as committed; before, it is all of the leader's history. */
    void established() {
        isEstablished = true;
    }

    /**
     * Sends {@code link} what it lacks.
     *
     * @return false, and nothing is sent, if it is an observer's and too many others take a snapshot, or a DIFF, already
     */
    boolean begin(LearnerLink link) {
        Zxid upTo = upTo();
        boolean canTruncate = link.has(Zab.CUTS_PRECISELY) || !zab.rules().sparesApacheTruncation();
        boolean keepsTail = !zab.rules().cutsTails() && link.history.isAfter(upTo);
        SyncPlan plan = zab.history().planFor(keepsTail ? upTo : link.history, upTo, canTruncate, epoch);
        link.takesSnapshot = plan instanceof SyncPlan.Snap;
        if (link.isObserver && isCrowded(link)) {
            return false;
        }
        if (zab.rules().sendsNoHoles()) {
            zab.history().window().pin();
            link.pinsWindow = true;
        }
        if (plan instanceof SyncPlan.Diff diff) {
            zab.send(link.id, PacketType.DIFF, upTo.value(), null);
            finish(link, diff.entries(), upTo, "DIFF");
        } else if (plan instanceof SyncPlan.Trunc trunc) {
            zab.send(link.id, PacketType.TRUNC, trunc.to().value(), null);
            finish(link, trunc.entries(), upTo, "TRUNC");
        } else if (plan instanceof SyncPlan.FromLog fromLog && !hasLogFailed) {
            link.sentThrough = link.history;
            link.readsUpTo = fromLog.upTo();
            link.state = LearnerLink.State.READING_LOG;
            readNext(link);
        } else {
            beginSnapshot(link);
        }
        return true;
    }

    /** zab.md 15: participants are counted, but only observers are turned away. */
    private boolean isCrowded(LearnerLink coming) {
        long others = links.stream()
                .filter(link -> link.isTakingHistory() && link.takesSnapshot == coming.takesSnapshot)
                .count();
        ObserverConfig limits = zab.observers();
        return others >= (coming.takesSnapshot ? limits.maxSnapSyncs() : limits.maxDiffSyncs());
    }

    /** The learner's connection took the last piece. */
    void linkWritable(LearnerLink link) {
        if (link.state == LearnerLink.State.SENDING_SNAPSHOT) {
            sendPiece(link);
        } else if (link.state == LearnerLink.State.READING_LOG) {
            readNext(link);
        }
    }

    // --- DIFF from the log on disk (zab.md 8.1 case 5, R11) ------------------------------------------------------

    private void readNext(LearnerLink link) {
        Zxid upTo = link.readsUpTo;
        if (upTo != null) {
            double sizeFactor = zab.history().config().snapshotSizeFactor();
            zab.out().emit(new Effect.ReadLog(link.id.value(), link.history, upTo, sizeFactor));
        }
    }

    /** A piece of the log came for {@code link}. Answers why the link must be dropped, null if it need not. */
    @Nullable
    String logRead(LearnerLink link, Event.LogRead read) {
        if (link.state != LearnerLink.State.READING_LOG) {
            return null;
        }
        if (read.progress() == Event.LogRead.Progress.UNAVAILABLE) {
            link.readsUpTo = null;
            if (link.isDiffBegun) {
                hasLogFailed = true;
                return "the log could not be read to the end; a snapshot is needed";
            }
            link.takesSnapshot = true;
            beginSnapshot(link);
            return null;
        }
        boolean isDone = read.progress() == Event.LogRead.Progress.DONE;
        if (!link.isDiffBegun && (isDone || !read.entries().isEmpty())) {
            link.isDiffBegun = true;
            zab.send(link.id, PacketType.DIFF, upTo().value(), null);
        }
        sendCommitted(link, read.entries());
        if (isDone) {
            link.sentThrough = link.readsUpTo == null ? link.sentThrough : link.readsUpTo;
            link.readsUpTo = null;
            return finishFromMemory(link, "DIFF from the log");
        } else if (read.entries().isEmpty()) {
            readNext(link);
        } else {
            zab.out().emit(new Effect.AwaitWritable(link.id));
        }
        return null;
    }

    /** What came while the learner took what was long: it is in memory, if not too much came. */
    private @Nullable String finishFromMemory(LearnerLink link, String how) {
        if (hasLost(link)) {
            return "the log moved on too far while " + link.who() + " was given what it had missed";
        }
        Zxid upTo = upTo();
        finish(link, zab.history().between(link.sentThrough, upTo), upTo, how);
        return null;
    }

    /** R6: what was held back between NEWLEADER and UPTODATE follows UPTODATE, in order. */
    void end(LearnerLink link, HeldBack heldBack) {
        zab.send(link.id, PacketType.UPTODATE, -1, null);
        if (link.isObserver || zab.rules().holdsBackUntilUpToDate()) {
            sendHeldBack(link, heldBack);
        }
        link.state = LearnerLink.State.ACTIVE;
        link.activeSinceNanos = zab.now().nanos();
        release(link);
    }

    private void sendHeldBack(LearnerLink link, HeldBack heldBack) {
        for (LogEntry entry :
                zab.history().between(link.sentThrough, zab.history().lastCommitted())) {
            if (link.isObserver) {
                zab.send(link.id, heldBack.inform(entry));
            } else {
                zab.send(link.id, Proposal.packet(entry));
                zab.send(link.id, heldBack.commit(entry));
            }
        }
        if (!link.isObserver) {
            zab.history().pending().forEach(outstanding -> zab.send(link.id, Proposal.packet(outstanding.entry())));
        }
    }

    /** Gives back what a synchronization held, at its end or when the link is gone. */
    void release(LearnerLink link) {
        if (link.pinsWindow) {
            link.pinsWindow = false;
            zab.history().window().unpin();
        }
        if (link.readsUpTo != null) {
            link.readsUpTo = null;
            zab.out().emit(new Effect.EndLogRead(link.id.value()));
        }
        FrozenTree snapshot = link.snapshot;
        if (snapshot != null) {
            link.snapshot = null;
            snapshot.close();
        }
    }

    /** Sends entries as proposed and committed, so that the learner logs them before it acknowledges NEWLEADER. */
    private void sendCommitted(LearnerLink link, List<LogEntry> entries) {
        for (LogEntry entry : entries) {
            zab.send(link.id, Proposal.packet(entry));
            zab.send(link.id, Proposal.commit(entry.zxid()));
        }
    }

    private void beginSnapshot(LearnerLink link) {
        FrozenTree snapshot = zab.history().tree().freeze();
        boolean isExact = zab.rules().labelsSnapshotsExactly();
        Zxid end = isExact ? snapshot.zxid() : zab.history().window().base();
        link.snapshot = snapshot;
        link.sentThrough = end;
        link.state = LearnerLink.State.SENDING_SNAPSHOT;
        zab.send(link.id, PacketType.SNAP, label(link, end).value(), null);
        sendPiece(link);
    }

    /**
     * R13: (epoch, 0) outranks every older record in the learner's directory, so that no stale tail can be replayed. While entries
     * of older epochs are still to follow the snapshot, Apache's learners are told so all the same: they apply what follows, and
     * name the snapshot that they write at NEWLEADER after the label if that is greater. Ours pass over what lies below a label,
     * and need none, since their older logs end where a snapshot is installed (R16).
     */
    private Zxid label(LearnerLink link, Zxid snapshotZxid) {
        Zxid start = Zxid.of(epoch, 0);
        boolean isAllInTree = isEstablished || zab.history().pending().isEmpty();
        boolean takesLabel = isAllInTree || !link.has(Zab.CUTS_PRECISELY);
        return takesLabel && start.isAfter(snapshotZxid) ? start : snapshotZxid;
    }

    private void sendPiece(LearnerLink link) {
        FrozenTree snapshot = link.snapshot;
        if (snapshot == null) {
            return;
        }
        SnapshotPiece piece = snapshot.next(zab.history().config().pieceBytes());
        if (piece == null) {
            throw new IllegalStateException("nothing follows the end of a snapshot");
        }
        zab.out().emit(new Effect.SendSnapshotPiece(link.id, piece));
        if (piece instanceof SnapshotPiece.End) {
            link.snapshot = null;
            snapshot.close();
            Zxid upTo = upTo();
            if (hasLost(link)) {
                return; // isOverrun says so
            }
            finish(link, zab.history().between(link.sentThrough, upTo), upTo, "SNAP");
        }
    }

    /** Whether the log moved on too far while {@code link} took its snapshot: it has to start again. */
    boolean isOverrun(LearnerLink link) {
        return link.state == LearnerLink.State.SENDING_SNAPSHOT && link.snapshot == null;
    }

    /** Whether entries that {@code link} still needs are in memory no more. */
    boolean hasLost(LearnerLink link) {
        return zab.rules().sendsNoHoles() && zab.history().window().base().isAfter(link.sentThrough);
    }

    private Zxid upTo() {
        return isEstablished ? zab.history().lastCommitted() : zab.history().lastLogged();
    }

    /**
     * A new leader completes what it saw last; null standalone.
     *
     * <p>Deviation: Apache's sends what it saw last even while that is only proposed, and whoever learns it so takes it for
     * agreed at UPTODATE. Ours, once it leads, sends what is agreed: the proposal follows with the others.
     */
    private @Nullable Bytes configuration() {
        Membership membership = zab.membership();
        String text = (isEstablished ? membership.committed() : membership.lastSeen()).text();
        return text.isEmpty() ? null : Bytes.utf8(text);
    }

    /** Sends the {@code rest} of the history, and NEWLEADER behind it. */
    private void finish(LearnerLink link, List<LogEntry> rest, Zxid upTo, String how) {
        if (!zab.rules().sendsHistoryFirst()) {
            zab.sendNewLeader(link.id, epoch, configuration());
        }
        sendCommitted(link, rest);
        link.sentThrough = upTo;
        link.state = LearnerLink.State.AWAITING_NEWLEADER_ACK;
        if (!zab.rules().holdsBackUntilUpToDate()) {
            zab.history().pending().forEach(pending -> zab.send(link.id, Proposal.packet(pending.entry())));
        }
        if (zab.rules().sendsHistoryFirst()) {
            zab.sendNewLeader(link.id, epoch, configuration());
        }
        zab.out().trace(new TraceEvent.LearnerSynced(link.sid, how, upTo));
    }
}
