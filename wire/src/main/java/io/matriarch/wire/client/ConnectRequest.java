package io.matriarch.wire.client;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a client (client.md 3.1).
 *
 * <pre>
 * protocolVersion int | lastZxidSeen long | timeOut int | sessionId long | passwd buffer | readOnly boolean, optional
 * </pre>
 *
 * @param protocolVersion sent as 0, ignored by servers
 * @param lastZxidSeen highest zxid the client saw in a reply
 * @param timeoutMillis session timeout asked for, any int
 * @param sessionId session to resume, 0 for a new one
 * @param passwd 16 bytes to resume; anything for a new session
 * @param hasReadOnly whether the last byte is there; the answer mirrors it
 * @param readOnly whether a read-only server will do
 */
public record ConnectRequest(
        int protocolVersion,
        long lastZxidSeen,
        int timeoutMillis,
        long sessionId,
        @Nullable Bytes passwd,
        boolean hasReadOnly,
        boolean readOnly) {

    /** Reads a frame without its length prefix; bytes after the record are ignored. */
    public static ConnectRequest decode(Bytes frame) {
        if (frame.isEmpty()) {
            throw new MalformedException("empty connect request");
        }
        JuteReader in = new JuteReader(frame);
        int protocolVersion = in.readInt();
        long lastZxidSeen = in.readLong();
        int timeoutMillis = in.readInt();
        long sessionId = in.readLong();
        Bytes passwd = in.readBuffer();
        boolean hasReadOnly = in.remaining() > 0;
        boolean readOnly = hasReadOnly && in.readBoolean();
        return new ConnectRequest(
                protocolVersion, lastZxidSeen, timeoutMillis, sessionId, passwd, hasReadOnly, readOnly);
    }

    /** The frame without its length prefix. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(64);
        out.writeInt(protocolVersion);
        out.writeLong(lastZxidSeen);
        out.writeInt(timeoutMillis);
        out.writeLong(sessionId);
        out.writeBuffer(passwd);
        if (hasReadOnly) {
            out.writeBoolean(readOnly);
        }
        return out.toBytes();
    }

    /** Without the password, which does not belong into logs. */
    @Override
    public String toString() {
        return "ConnectRequest[session=0x" + Long.toHexString(sessionId) + ", timeoutMillis=" + timeoutMillis
                + ", lastZxidSeen=0x" + Long.toHexString(lastZxidSeen) + ", readOnly=" + readOnly + "]";
    }
}
