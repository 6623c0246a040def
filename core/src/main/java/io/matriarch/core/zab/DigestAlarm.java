package io.matriarch.core.zab;

import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * What a server does when its tree is not the one that a transaction's digest tells of (zab.md 6.2, disk.md R17).
 *
 * <p>The log is as good as ever then, so the server goes on to vote and to be counted with it: only its tree is suspect. A
 * learner stops serving and has its leader send the whole tree. A leader resigns, once, so that a server with a better tree
 * may lead; nobody can tell which of two trees is right, so if no other takes over it goes on, and says so.
 *
 * <p>A learner asks once per epoch. Should the digests differ again, the leader computes them otherwise than we do, such as
 * Apache on a platform whose character set is ASCII (disk.md R18), and a snapshot does not help.
 */
final class DigestAlarm {
    private final boolean isOn;
    private boolean isTreeSuspect;
    private long seen;
    private long ofEarlierTrees;
    private long askedInEpoch = -1;

    DigestAlarm(boolean isOn, DataTree tree) {
        this.isOn = isOn;
        treeTaken(tree);
    }

    /** {@code tree} is the one that counts from now on; replay may have found it wrong already. */
    void treeTaken(DataTree tree) {
        ofEarlierTrees += seen;
        seen = tree.digestMismatches();
        isTreeSuspect = isOn && seen > 0;
    }

    /** Transactions after which the digests differed, since this process started. */
    long mismatches() {
        return ofEarlierTrees + seen;
    }

    /** Whether a learner should ask for the whole tree. */
    boolean isTreeSuspect() {
        return isTreeSuspect;
    }

    /** A learner applied something: why it must leave its leader of {@code epoch}, null if it need not. */
    @Nullable
    String learnerApplied(DataTree tree, long epoch, EffectSink out) {
        notice(tree, "asking for a snapshot", out);
        if (!isTreeSuspect || askedInEpoch == epoch) {
            return null;
        }
        askedInEpoch = epoch;
        return "the tree is not the leader's, by its digests; a snapshot is needed";
    }

    /** A leader applied something: why it must resign, null if it need not. */
    @Nullable
    String leaderApplied(DataTree tree, EffectSink out) {
        boolean wasSuspect = isTreeSuspect;
        notice(tree, "resigning, so that another may lead", out);
        return isTreeSuspect && !wasSuspect ? "the tree is not the one that was proposed, by its digests" : null;
    }

    private void notice(DataTree tree, String consequence, EffectSink out) {
        Zxid first = tree.digestMismatch();
        if (!isOn || first == null || seen == tree.digestMismatches()) {
            return;
        }
        if (seen == 0) {
            out.trace(new TraceEvent.DigestMismatch(first, consequence));
        }
        seen = tree.digestMismatches();
        isTreeSuspect = true;
    }
}
