package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a leader sends between LEADERINFO and NEWLEADER, kept aside. Nothing of it touches the history before NEWLEADER
 * says that it is complete; if the link breaks earlier, the stage is dropped and the old state stands (zab.md R15).
 */
final class LearnerStage {
    private final Zab zab;
    private final boolean isLeaderOurs;
    private final Deque<Proposal> proposals = new ArrayDeque<>();
    private Zxid committed = Zxid.NONE;
    private Zxid last;
    private @Nullable Zxid truncateTo;
    private @Nullable Zxid snapshotZxid;
    private long snapshotId;
    private DataTree.@Nullable Loader loader;
    private @Nullable DataTree tree;
    private boolean isBegun;

    /** {@code isLeaderOurs}: whether its snapshots hold exactly what their label says (zab.md R8). */
    LearnerStage(Zab zab, boolean isLeaderOurs) {
        this.zab = zab;
        this.isLeaderOurs = isLeaderOurs;
        this.last = zab.history().lastLogged();
    }

    /** DIFF, TRUNC or SNAP, exactly once and first. */
    void begin(QuorumPacket packet) {
        if (isBegun) {
            throw new MalformedException(PacketType.name(packet.type()) + " in the middle of a synchronization");
        }
        isBegun = true;
        switch (packet.type()) {
            case PacketType.DIFF -> {}
            case PacketType.TRUNC -> {
                truncateTo = new Zxid(packet.zxid());
                if (truncateTo.isAfter(last)) {
                    throw new MalformedException("told to cut the log to " + truncateTo + ", but it ends at " + last);
                }
                last = truncateTo;
                if (!zab.rules().stagesCuts()) {
                    zab.history().forgetAbove(truncateTo);
                }
            }
            case PacketType.SNAP -> {
                snapshotZxid = new Zxid(packet.zxid());
                last = snapshotZxid;
                snapshotId = zab.nextSnapshotId();
                loader = new DataTree.Loader();
            }
            default -> throw new MalformedException(PacketType.name(packet.type()) + " instead of DIFF, TRUNC or SNAP");
        }
    }

    /** The tree is written to disk as it arrives, beside the old one. */
    void snapshotPiece(SnapshotPiece piece) {
        if (loader == null || snapshotZxid == null) {
            throw new MalformedException("a piece of a snapshot that was not announced");
        }
        loader.accept(piece);
        SnapshotPiece stored = piece;
        if (piece instanceof SnapshotPiece.End) {
            DataTree complete = loader.finish(snapshotZxid);
            tree = complete;
            loader = null;
            if (!zab.rules().stagesSnapshots()) {
                zab.history().takeSnapshot(zab.now(), complete, snapshotZxid);
            }
            // On the wire the end carries no digest (zab.md 9); on disk it does. Not where transactions that follow may
            // be in the tree already: then it would tell of a state that no server ever had.
            stored = isLeaderOurs ? new SnapshotPiece.End(snapshotZxid, complete.digest()) : SnapshotPiece.End.BARE;
        }
        zab.out().emit(new Effect.WriteSnapshot(snapshotId, snapshotZxid, stored));
    }

    /** A proposal of the leader's history; those that the base holds already are skipped (zab.md R18). */
    void propose(Zxid zxid, Proposal proposal) {
        requireBegun(PacketType.PROPOSAL);
        if (!zxid.isAfter(last)) {
            return;
        }
        boolean isNext = zxid.equals(last.next()) || (zxid.epoch() > last.epoch() && zxid.counter() == 1);
        if (!isNext) {
            throw new MalformedException("proposal " + zxid + " does not follow " + last);
        }
        last = zxid;
        proposals.addLast(proposal);
    }

    void commit(Zxid zxid) {
        requireBegun(PacketType.COMMIT);
        if (zxid.isAfter(last)) {
            throw new MalformedException("commit of " + zxid + ", which was not proposed; the last was " + last);
        }
        if (zxid.isAfter(committed)) {
            committed = zxid;
        }
    }

    /** Before the base is known, nothing can be put on top of it. */
    private void requireBegun(int type) {
        if (!isBegun) {
            throw new MalformedException(PacketType.name(type) + " before DIFF, TRUNC or SNAP");
        }
    }

    /** Whether everything announced has arrived. */
    boolean isComplete() {
        return isBegun && (snapshotZxid == null || tree != null);
    }

    @Nullable
    Zxid truncateTo() {
        return truncateTo;
    }

    /** Puts the snapshot, if one came, in the place of our history. */
    void installSnapshot() {
        if (tree != null && snapshotZxid != null) {
            boolean hasFollowers = committed.isAfter(snapshotZxid) && !isLeaderOurs;
            tree.exactFrom(hasFollowers ? committed : snapshotZxid);
            zab.history().replace(zab.now(), tree, snapshotId, snapshotZxid);
            if (zab.rules().showsOwnConfiguration()) {
                zab.showConfig(); // the leader's tree shows the leader's (zab.md D22)
            }
            snapshotZxid = null;
        }
    }

    /** Logs what the leader sent as committed before NEWLEADER, unless we have it still; what it only proposed stays here. */
    void logCommitted() {
        while (!proposals.isEmpty() && !proposals.peekFirst().zxid().isAfter(committed)) {
            Proposal next = proposals.removeFirst();
            if (next.zxid().isAfter(zab.history().lastLogged())) {
                zab.history().append(next);
            }
        }
    }

    /** Whether an older connection's acknowledgements are forgotten, and snapshots precise (zab.md R8). */
    boolean isLeaderOurs() {
        return isLeaderOurs;
    }

    /** The last proposal that came, or where the history ends that it goes on from. */
    Zxid last() {
        return last;
    }

    /** Proposals that no quorum had taken yet when NEWLEADER came, oldest first. */
    Deque<Proposal> uncommitted() {
        return proposals;
    }

    /** The newest commit seen, {@code Zxid.NONE} if none. */
    Zxid committed() {
        return committed;
    }

    /** The link broke: what was written of a snapshot is forgotten. */
    void abandon() {
        if (snapshotZxid != null) {
            zab.out().emit(new Effect.AbandonSnapshot(snapshotId));
        }
    }
}
