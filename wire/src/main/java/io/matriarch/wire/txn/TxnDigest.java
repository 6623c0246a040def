package io.matriarch.wire.txn;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;

/**
 * The digest of the tree after a transaction (zab.md 6.2): version int, treeDigest long; 12 bytes.
 *
 * @param version how it was computed, {@link #VERSION} today; only equal versions compare
 * @param value the digest
 */
public record TxnDigest(int version, long value) {
    /** The computation of disk.md 9. */
    public static final int VERSION = 2;

    /** Encoded length. */
    public static final int SIZE_BYTES = 12;

    static TxnDigest decode(JuteReader in) {
        int version = in.readInt();
        return new TxnDigest(version, in.readLong());
    }

    void encode(JuteWriter out) {
        out.writeInt(version);
        out.writeLong(value);
    }
}
