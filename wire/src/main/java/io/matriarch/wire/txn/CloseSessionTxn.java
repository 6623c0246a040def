package io.matriarch.wire.txn;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of closeSession (zab.md 6.4); the session is the header's clientId.
 *
 * @param paths the ephemeral znodes that go with it; null if there is no body (3.5, or {@code closeSessionTxn.enabled}
 *     false), which means those known locally
 */
public record CloseSessionTxn(@Nullable List<String> paths) implements TxnBody {
    /**
     * Reads what follows the header. Compat: an Apache leader that writes no body may still write the digest. Twelve
     * bytes that start with the digest's version can be nothing else, since two paths do not fit into eight bytes.
     */
    static CloseSessionTxn decode(JuteReader in) {
        boolean bare =
                in.remaining() == 0 || (in.remaining() == TxnDigest.SIZE_BYTES && in.peekInt() == TxnDigest.VERSION);
        return new CloseSessionTxn(bare ? null : in.readStrings("paths to delete"));
    }

    /** Writes the paths; nothing at all if there is no body. */
    @Override
    public void encode(JuteWriter out) {
        if (paths != null) {
            out.writeStrings(paths);
        }
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.CLOSE_SESSION;
    }

    @Override
    public long sizeBytes() {
        return paths == null ? 0 : JuteWriter.sizeOf(paths);
    }
}
