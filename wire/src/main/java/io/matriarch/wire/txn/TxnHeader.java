package io.matriarch.wire.txn;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;

/**
 * What every transaction starts with (zab.md 6.1): clientId long, cxid int, zxid long, time long, type int; 32 bytes.
 *
 * @param clientId the session that asked; 0 for what the leader does on its own
 * @param cxid the client's xid; 0 where there is none
 * @param zxid the transaction's place in the history
 * @param timeMillis the leader's wall clock
 * @param type an operation code; -1 if the operation failed
 */
public record TxnHeader(long clientId, int cxid, Zxid zxid, long timeMillis, int type) {
    /** Encoded length. */
    public static final int SIZE_BYTES = 32;

    /** Reads 32 bytes. */
    public static TxnHeader decode(JuteReader in) {
        long clientId = in.readLong();
        int cxid = in.readInt();
        Zxid zxid = new Zxid(in.readLong());
        long timeMillis = in.readLong();
        return new TxnHeader(clientId, cxid, zxid, timeMillis, in.readInt());
    }

    /** Writes 32 bytes. */
    public void encode(JuteWriter out) {
        out.writeLong(clientId);
        out.writeInt(cxid);
        out.writeLong(zxid.value());
        out.writeLong(timeMillis);
        out.writeInt(type);
    }
}
