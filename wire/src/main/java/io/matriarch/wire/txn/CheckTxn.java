package io.matriarch.wire.txn;

import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;

/**
 * Body of check, inside multi only: at top level it makes logs unreadable to Apache (zab.md 6.1).
 *
 * @param path the znode
 * @param version its version
 */
public record CheckTxn(String path, int version) implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeString(path);
        out.writeInt(version);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.CHECK;
    }

    @Override
    public long sizeBytes() {
        return JuteWriter.sizeOf(path) + 4;
    }
}
