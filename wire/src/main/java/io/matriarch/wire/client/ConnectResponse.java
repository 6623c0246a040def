package io.matriarch.wire.client;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;

/**
 * The answer to a {@link ConnectRequest} (client.md 3.1).
 *
 * <pre>
 * protocolVersion int, 0 | timeOut int | sessionId long | passwd buffer, 16 bytes | readOnly boolean, if asked for
 * </pre>
 *
 * Compat: the C client reads a fixed number of bytes, so the password always has 16 and the last byte is there if and
 * only if the request had it.
 *
 * @param timeoutMillis the negotiated timeout; 0 says that the session is gone
 * @param sessionId the session, 0 if it is gone
 * @param passwd 16 bytes
 * @param hasReadOnly whether the request carried the byte
 * @param readOnly whether this server is read-only
 */
public record ConnectResponse(int timeoutMillis, long sessionId, Bytes passwd, boolean hasReadOnly, boolean readOnly) {
    /** Length of a password. */
    public static final int PASSWORD_BYTES = 16;

    private static final Bytes NO_PASSWORD = Bytes.wrap(new byte[PASSWORD_BYTES]);

    /** Refuses a password of another length, which would wedge C clients. */
    public ConnectResponse {
        if (passwd.length() != PASSWORD_BYTES) {
            throw new IllegalArgumentException("a password has 16 bytes, not " + passwd.length());
        }
    }

    /** The answer "that session is gone". */
    public static ConnectResponse expired(boolean hasReadOnly) {
        return new ConnectResponse(0, 0, NO_PASSWORD, hasReadOnly, false);
    }

    /** Reads a frame without its length prefix, for clients. */
    public static ConnectResponse decode(Bytes frame) {
        JuteReader in = new JuteReader(frame);
        in.readInt();
        int timeoutMillis = in.readInt();
        long sessionId = in.readLong();
        Bytes passwd = in.readBuffer();
        if (passwd == null || passwd.length() != PASSWORD_BYTES) {
            throw new MalformedException("password is not 16 bytes", in.position());
        }
        boolean hasReadOnly = in.remaining() > 0;
        return new ConnectResponse(timeoutMillis, sessionId, passwd, hasReadOnly, hasReadOnly && in.readBoolean());
    }

    /** The frame without its length prefix: 36 or 37 bytes. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(37);
        out.writeInt(0);
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
        return "ConnectResponse[session=0x" + Long.toHexString(sessionId) + ", timeoutMillis=" + timeoutMillis
                + ", readOnly=" + readOnly + "]";
    }
}
