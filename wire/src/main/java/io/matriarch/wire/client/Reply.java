package io.matriarch.wire.client;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a server sends to a client after the handshake (client.md 4): xid int, zxid long, err int, then the body if there
 * is one.
 *
 * @param xid the request's xid, or one of the constants here
 * @param zxid see the table in client.md 4
 * @param err an {@link ErrorCode}
 * @param body null if the operation has none or failed
 */
public record Reply(int xid, long zxid, int err, @Nullable Response body) {
    /** Notifications. */
    public static final int XID_WATCH = -1;

    /** Answers to pings, whatever xid they had. */
    public static final int XID_PING = -2;

    /** What most clients send auth with. */
    public static final int XID_AUTH = -4;

    /** What some clients send setWatches with. */
    public static final int XID_SET_WATCHES = -8;

    /** Bytes of a reply without a body. */
    public static final int HEADER_BYTES = 16;

    /** A reply that carries an error only. */
    public static Reply failed(int xid, long zxid, int err) {
        return new Reply(xid, zxid, err, null);
    }

    /** A notification; {@code zxid} is the transaction's, or -1 for events made up by setWatches. */
    public static Reply notification(long zxid, WatchEvent event) {
        return new Reply(XID_WATCH, zxid, ErrorCode.OK, event);
    }

    /** Reads the answer to {@code opcode}, or a notification, from a frame without its length prefix; for clients. */
    public static Reply decode(int opcode, Bytes frame) {
        JuteReader in = new JuteReader(frame);
        int xid = in.readInt();
        long zxid = in.readLong();
        int err = in.readInt();
        Response body = null;
        if (xid == XID_WATCH) {
            body = WatchEvent.decode(in);
        } else if (err == ErrorCode.OK || (opcode == OpCode.SASL && in.remaining() > 0)) {
            body = Response.decode(opcode, in);
        }
        return new Reply(xid, zxid, err, body);
    }

    /** Writes the frame without its length prefix. */
    public void encode(JuteWriter out) {
        out.writeInt(xid);
        out.writeLong(zxid);
        out.writeInt(err);
        if (body != null) {
            body.encode(out);
        }
    }

    /** Writes the frame with its length prefix. */
    public void encodeFramed(JuteWriter out) {
        int at = out.length();
        out.writeInt(0);
        encode(out);
        out.setInt(at, out.length() - at - 4);
    }
}
