package io.matriarch.wire.client;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;

/**
 * A request as it comes off a connection, its body still encoded (client.md 4): xid int, type int, body.
 *
 * @param xid the client's number for it, echoed in the reply, never checked
 * @param opcode an {@link OpCode}, perhaps an unknown one
 * @param body the record of the operation, for {@link Request#decode}
 */
public record ClientRequest(int xid, int opcode, Bytes body) {
    /** Reads a frame without its length prefix. */
    public static ClientRequest decode(Bytes frame) {
        JuteReader in = new JuteReader(frame);
        int xid = in.readInt();
        int opcode = in.readInt();
        return new ClientRequest(xid, opcode, in.readRest());
    }

    /** The frame without its length prefix. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(8 + body.length());
        out.writeInt(xid);
        out.writeInt(opcode);
        out.writeRaw(body);
        return out.toBytes();
    }
}
