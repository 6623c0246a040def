package io.matriarch.cli.ensemble;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnDigest;
import org.jspecify.annotations.Nullable;

/** The leader's tree as we have it, and how its digest compares with the leader's, transaction by transaction (zab.md 6.2). */
final class Shadow {
    private final DataTree tree;
    private boolean isExact;
    private int appliedBefore;
    private long comparedCount;
    private long withoutDigestCount;
    private @Nullable Zxid lastEqual;
    private @Nullable Mismatch mismatch;

    /** Of a tree that a leader sent, or an empty one. */
    Shadow(DataTree tree) {
        this.tree = tree;
    }

    /** After {@code zxid} our digest was {@code ours}, the leader's {@code leaders}. */
    record Mismatch(Zxid zxid, long ours, long leaders) {}

    DataTree tree() {
        return tree;
    }

    /**
     * The leader's history up to NEWLEADER is in. An Apache leader goes on changing its tree while it sends it, so that digests mean
     * nothing before (disk.md 7): what it changed meanwhile it has also told of by now.
     */
    void becomeExact() {
        tree.requireResolvedAcls();
        isExact = true;
    }

    /** Digests differ, but the tree was sent while transactions changed it, which an Apache leader does not always get right. */
    boolean isDoubtful() {
        return mismatch != null && appliedBefore > 0;
    }

    void apply(Backlog.Entry entry) {
        Txn txn = entry.txn();
        if (txn == null) {
            tree.advanceTo(entry.zxid());
            return;
        }
        tree.apply(txn, TreeListener.NONE);
        if (isExact) {
            compare(txn);
        } else {
            appliedBefore++;
        }
    }

    private void compare(Txn txn) {
        TxnDigest digest = txn.digest();
        if (digest == null || digest.version() != TxnDigest.VERSION) {
            withoutDigestCount++;
            return;
        }
        comparedCount++;
        if (digest.value() == tree.digest()) {
            lastEqual = txn.header().zxid();
        } else if (mismatch == null) {
            mismatch = new Mismatch(txn.header().zxid(), tree.digest(), digest.value());
        }
    }

    /** How many digests of the leader's were compared with ours. */
    long comparedCount() {
        return comparedCount;
    }

    /** How many transactions came that carry none. */
    long withoutDigestCount() {
        return withoutDigestCount;
    }

    /** The last transaction after which both were equal; null if there was none. */
    @Nullable
    Zxid lastEqual() {
        return lastEqual;
    }

    /** The first that was not equal; null if there was none. */
    @Nullable
    Mismatch mismatch() {
        return mismatch;
    }
}
