package io.matriarch.core.tree;

import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.TxnDigest;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tree's digest with those that snapshots and transactions carry (disk.md 5.7, R17). After a fuzzy snapshot
 * nothing means anything until its trailer's zxid is reached.
 */
final class DigestCheck {
    private Zxid fuzzyUntil = Zxid.ZERO;
    private long digestThen;
    private @Nullable Zxid mismatch;

    void loaded(Zxid label, SnapshotPiece.End end, long digest) {
        Zxid zxid = end.zxid();
        if (zxid == null || label.isAfter(zxid)) {
            return;
        }
        if (zxid.isAfter(label)) {
            fuzzyUntil = zxid;
            digestThen = end.digest();
        } else if (end.digest() != digest && !isUnset(end)) {
            throw new MalformedException("snapshot at " + label + " has digest 0x" + Long.toHexString(digest)
                    + ", its trailer says 0x" + Long.toHexString(end.digest()));
        }
    }

    void applied(Zxid zxid, long digest, @Nullable TxnDigest expected) {
        if (fuzzyUntil.isAfter(zxid)) {
            return;
        }
        if (zxid.equals(fuzzyUntil) && digest != digestThen) {
            note(zxid);
        }
        if (expected != null && expected.version() == TxnDigest.VERSION && expected.value() != digest) {
            note(zxid);
        }
    }

    @Nullable
    Zxid mismatch() {
        return mismatch;
    }

    private void note(Zxid zxid) {
        if (mismatch == null) {
            mismatch = zxid;
        }
    }

    /** Compat: a server that applied nothing since its start writes zeros. */
    private static boolean isUnset(SnapshotPiece.End end) {
        return end.zxid().value() == 0 && end.digest() == 0;
    }
}
