package io.matriarch.wire.txn;

import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;

/**
 * Body of a failed operation.
 *
 * @param err the error code. Inside a failed multi from an Apache leader it may be garbage (zab.md 6.3)
 */
public record ErrorTxn(int err) implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeInt(err);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.ERROR;
    }

    @Override
    public long sizeBytes() {
        return 4;
    }
}
