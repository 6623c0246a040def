package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of SASL between servers, on either port (election.md 1.10, zab.md 2.3). Packets follow one another without a
 * length prefix.
 *
 * <pre>
 * magic long | status int: 0 in progress, 1 success, -1 error | token buffer: length int, -1 for none | bytes
 * </pre>
 *
 * @param token of the mechanism; null for none
 */
public record AuthPacket(Status status, @Nullable Bytes token) {
    /** What every packet begins with: neither a length of a notification nor a type of a quorum packet. */
    public static final long MAGIC = 0x5F24_3501_3501_EDCCL;
    /** The longest token taken; those of DIGEST-MD5 and Kerberos are far shorter. */
    public static final int MAX_TOKEN_BYTES = 64 * 1024;

    private static final int HEADER_BYTES = 16;

    /** How far the exchange is, as its sender sees it. */
    public enum Status {
        /** A further token is expected. */
        IN_PROGRESS(0),
        /** The dialler is who it says. */
        SUCCESS(1),
        /** The dialler is not, or broke the rules. */
        ERROR(-1);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        private static Status of(int code) {
            for (Status status : values()) {
                if (status.code == code) {
                    return status;
                }
            }
            throw new MalformedException("unknown status " + code + " of an authentication packet");
        }
    }

    public AuthPacket {
        Objects.requireNonNull(status, "status");
    }

    /** Whether a stream that begins with this byte can begin with a packet; no other message between servers does. */
    public static boolean canBeginWith(byte first) {
        return first == (byte) (MAGIC >>> 56);
    }

    /**
     * Reads a packet and moves {@code in} behind it; returns null and leaves {@code in} where it is if more bytes must
     * come first.
     *
     * @throws MalformedException if this is no packet, or its token is too long
     */
    public static @Nullable AuthPacket tryDecode(JuteReader in) {
        int start = in.position();
        if (in.remaining() < HEADER_BYTES) {
            return null;
        }
        if (in.readLong() != MAGIC) {
            throw new MalformedException("an authentication packet was expected", start);
        }
        Status status = Status.of(in.readInt());
        int length = in.readInt();
        if (length < -1 || length > MAX_TOKEN_BYTES) {
            throw new MalformedException("token of " + length + " bytes", in.position() - 4);
        }
        if (length > in.remaining()) {
            in.seek(start);
            return null;
        }
        return new AuthPacket(status, length < 0 ? null : in.readRaw(length));
    }

    /** All bytes. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter();
        out.writeLong(MAGIC);
        out.writeInt(status.code);
        if (token == null) {
            out.writeInt(-1);
        } else {
            out.writeBuffer(token);
        }
        return out.toBytes();
    }
}
