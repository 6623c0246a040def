package io.matriarch.core.zab;

import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * What a follower has logged of the epoch of its leader, and is told by that leader to cut when it comes back: it stays.
 *
 * <p>An Apache leader cuts a follower back to what is committed (zab.md 8.1, case 3), and still counts what that had
 * acknowledged of the rest, some of which may not even have arrived. So it may commit at any moment what the follower holds
 * no more: on fewer disks than a quorum, until it is logged anew. But an epoch has one leader, whose proposals nobody else can
 * have changed, and it proposes them again in the same stream. So there is nothing wrong to be cut.
 *
 * <p>Ours forget such acknowledgements with the connection they came on, and mean it when they say TRUNC.
 *
 * <p>Deviation: Apache's follower cuts.
 */
final class KeptTail {
    private final History history;
    private final Zxid above;
    private final Zxid end;

    private KeptTail(History history, Zxid above) {
        this.history = history;
        this.above = above;
        this.end = history.lastLogged();
    }

    /** What is to be kept of what {@code stage} says is to be cut; null if nothing is, or it must be cut. */
    static @Nullable KeptTail of(Zab zab, LearnerStage stage, long epoch) {
        Zxid cut = stage.truncateTo();
        Zxid end = zab.history().lastLogged();
        boolean isOfThisEpoch = cut != null && end.isAfter(cut) && end.epoch() == epoch;
        if (!isOfThisEpoch || stage.isLeaderOurs() || zab.isObserver() || !isProposedAgain(stage, end)) {
            return null;
        }
        return new KeptTail(zab.history(), cut);
    }

    /** A configuration would have to take effect when its commit comes, and may have left no trace here but in the tree. */
    private static boolean isProposedAgain(LearnerStage stage, Zxid end) {
        return !end.isAfter(stage.last())
                && stage.uncommitted().stream()
                        .noneMatch(proposal -> proposal.txn().header().type() == OpCode.RECONFIG);
    }

    /** The cut: everything up to it is committed. */
    Zxid above() {
        return above;
    }

    /** Whether this is logged already, so that it is only to be acknowledged again. */
    boolean holds(Zxid zxid) {
        return !zxid.isAfter(end);
    }

    /** Whether the tree holds it, and no commit can apply it any more: it was replayed when this process started. */
    boolean isInTree(Zxid zxid) {
        return !zxid.isAfter(history.lastInTree());
    }

    /** Whether something in the tree is still to be committed. */
    boolean isAwaited() {
        return history.lastInTree().isAfter(history.lastCommitted());
    }
}
