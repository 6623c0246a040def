package io.matriarch.core.tree;

import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.TxnDigest;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tree's digest with those that transactions carry (disk.md 5.7, R17; zab.md 6.2).
 *
 * <p>A snapshot of Apache's may hold parts of transactions above its label, and then no digest means anything before the
 * last of them is replayed. Where that is:
 *
 * <ul>
 *   <li>at the zxid of the file's trailer. The trailer's own digest proves nothing: the transaction after it may have been
 *       half applied when the tree was written, and is whole only when it is replayed;
 *   <li>without a trailer that says so, at the first transaction whose digest is right: what is wrong before is not held
 *       against the tree;
 *   <li>for a tree that came over the wire, at the last transaction committed before NEWLEADER ({@link #exactFrom}).
 * </ul>
 */
final class DigestCheck {
    private Zxid fuzzyUntil = Zxid.ZERO;
    private boolean isEndUnknown;
    private @Nullable Zxid mismatch;
    private long mismatches;

    void loaded(Zxid label, SnapshotPiece.End end) {
        Zxid zxid = end.zxid();
        boolean isTold = zxid != null && !label.isAfter(zxid);
        fuzzyUntil = isTold ? zxid : label;
        isEndUnknown = !isTold && label.isAfter(Zxid.ZERO);
    }

    /** Nothing above {@code zxid} is in the tree already. */
    void exactFrom(Zxid zxid) {
        fuzzyUntil = zxid;
        isEndUnknown = false;
    }

    /** Whether the tree may hold parts of transactions above {@code zxid}, so that its digest means nothing. */
    boolean isFuzzyAt(Zxid zxid) {
        return !zxid.isAfter(fuzzyUntil);
    }

    void applied(Zxid zxid, long digest, @Nullable TxnDigest expected) {
        if (expected == null || expected.version() != TxnDigest.VERSION || isFuzzyAt(zxid)) {
            return;
        }
        if (expected.value() == digest) {
            isEndUnknown = false;
        } else if (!isEndUnknown) {
            mismatches++;
            if (mismatch == null) {
                mismatch = zxid;
            }
        }
    }

    @Nullable
    Zxid mismatch() {
        return mismatch;
    }

    long mismatches() {
        return mismatches;
    }
}
