package io.matriarch.wire.txn;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as PROPOSAL and INFORM carry it and the log stores it (zab.md 6): {@link TxnHeader}, body, perhaps
 * {@link TxnDigest}, filling the whole buffer. For one zxid different servers may hold different bytes of the same
 * meaning (zab.md 6.3), so never compare logs byte by byte.
 *
 * @param header who, when, what
 * @param body what exactly
 * @param digest of the tree afterwards; null where the leader gives none
 */
public record Txn(TxnHeader header, TxnBody body, @Nullable TxnDigest digest) {
    /** Refuses what other servers could not read. */
    public Txn {
        if (!body.isBodyOf(header.type()) || header.type() == OpCode.CHECK) {
            throw new IllegalArgumentException("no transaction: " + OpCode.name(header.type()) + " with " + body);
        }
        if (digest != null && body instanceof CloseSessionTxn close && close.paths() == null) {
            // Apache would take the digest for a list of paths (zab.md 6.4).
            throw new IllegalArgumentException("a closeSession without a body must not have a digest");
        }
    }

    /**
     * Reads a whole buffer. Tolerates every form that zab.md 6 lists: creations from before 3.4, closeSession without a
     * body, with or without a digest (which is then dropped), garbage in the failed parts of a multi.
     *
     * @throws MalformedException if it is no transaction, an unknown one, or a check at top level
     */
    public static Txn decode(Bytes bytes) {
        JuteReader in = new JuteReader(bytes);
        TxnHeader header = TxnHeader.decode(in);
        if (header.type() == OpCode.CHECK) {
            throw new MalformedException("check outside of a multi in transaction " + header.zxid());
        }
        TxnBody body = TxnBody.decode(header.type(), in);
        return new Txn(header, body, digest(in, body));
    }

    /** The data of a PROPOSAL, and the payload of a log record. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(Math.toIntExact(sizeBytes()));
        encode(out);
        return out.toBytes();
    }

    /** Bytes that {@link #encode()} gives. */
    public long sizeBytes() {
        return TxnHeader.SIZE_BYTES + body.sizeBytes() + (digest == null ? 0 : TxnDigest.SIZE_BYTES);
    }

    /** Writes the same. */
    public void encode(JuteWriter out) {
        header.encode(out);
        body.encode(out);
        if (digest != null) {
            digest.encode(out);
        }
    }

    private static @Nullable TxnDigest digest(JuteReader in, TxnBody body) {
        int rest = in.remaining();
        if (rest == 0 || (body instanceof CloseSessionTxn close && close.paths() == null)) {
            return null;
        }
        if (rest < TxnDigest.SIZE_BYTES) {
            throw new MalformedException(rest + " bytes behind the transaction", in.position());
        }
        return TxnDigest.decode(in);
    }
}
