package io.matriarch.wire.txn;

import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.OpCode;

/**
 * Body of createSession; the session is the header's clientId.
 *
 * @param timeoutMillis its timeout
 */
public record CreateSessionTxn(int timeoutMillis) implements TxnBody {
    @Override
    public void encode(JuteWriter out) {
        out.writeInt(timeoutMillis);
    }

    @Override
    public boolean isBodyOf(int type) {
        return type == OpCode.CREATE_SESSION;
    }

    @Override
    public long sizeBytes() {
        return 4;
    }
}
