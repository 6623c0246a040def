package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The data of REQUEST (zab.md 4, 13): sessionId long, cxid int, opcode int, request record. The client's identities are
 * in the packet's auth.
 *
 * @param sessionId the session that asks
 * @param cxid the client's xid
 * @param opcode the operation
 * @param body the record of the operation, as it came from the client
 */
public record ForwardedRequest(long sessionId, int cxid, int opcode, Bytes body) {
    /**
     * Reads the packet's data.
     *
     * @throws MalformedException if there is none, or too little
     */
    public static ForwardedRequest decode(@Nullable Bytes data) {
        if (data == null) {
            throw new MalformedException("REQUEST without data");
        }
        JuteReader in = new JuteReader(data);
        long sessionId = in.readLong();
        int cxid = in.readInt();
        int opcode = in.readInt();
        return new ForwardedRequest(sessionId, cxid, opcode, in.readRest());
    }

    /** The packet's data. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(16 + body.length());
        out.writeLong(sessionId);
        out.writeInt(cxid);
        out.writeInt(opcode);
        out.writeRaw(body);
        return out.toBytes();
    }
}
