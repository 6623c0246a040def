package io.matriarch.wire.txn;

import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;

/**
 * Body of delete and deleteContainer.
 *
 * @param path what goes
 */
public record DeleteTxn(String path) implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeString(path);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.DELETE || type == OpCode.DELETE_CONTAINER;
    }

    @Override
    public long sizeBytes() {
        return JuteWriter.sizeOf(path);
    }
}
