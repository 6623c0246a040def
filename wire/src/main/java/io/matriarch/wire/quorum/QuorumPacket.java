package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message between a learner and its leader (zab.md 3). Packets follow each other on the stream without any framing.
 *
 * <pre>
 * type int | zxid long | data buffer | authinfo vector of Id
 * </pre>
 *
 * @param type a {@link PacketType}, perhaps an unknown one
 * @param zxid its meaning depends on the type
 * @param data null or the type's own record
 * @param auth null except in REQUEST, where it must not be
 */
public record QuorumPacket(
        int type, long zxid, @Nullable Bytes data, @Nullable List<Id> auth) {
    /** Bytes of a packet with neither data nor auth. */
    public static final int MIN_BYTES = 20;

    /** What Apache reads at most into one buffer or string with default settings (zab.md 1). */
    public static final int DEFAULT_LENGTH_LIMIT = 2_097_150;

    /** More identities than any connection has; a bound against nonsense. */
    private static final int MAX_IDS = 4096;

    /** The answer of {@link #sizeIfComplete} when more bytes must come first. */
    public static final int INCOMPLETE = -1;

    /** A packet without data. */
    public static QuorumPacket of(int type, long zxid) {
        return new QuorumPacket(type, zxid, null, null);
    }

    /** A packet with data. */
    public static QuorumPacket of(int type, long zxid, @Nullable Bytes data) {
        return new QuorumPacket(type, zxid, data, null);
    }

    /** As {@link #sizeIfComplete(Bytes, int)} with {@link #DEFAULT_LENGTH_LIMIT}. */
    public static int sizeIfComplete(Bytes received) {
        return sizeIfComplete(received, DEFAULT_LENGTH_LIMIT);
    }

    /**
     * How many bytes the packet at the start of {@code received} takes, or {@link #INCOMPLETE}. Looks at lengths only,
     * so it is cheap to ask again. A packet larger than twice {@code lengthLimit} is refused, so what a stream decoder
     * has to gather is bounded.
     *
     * @throws MalformedException as soon as a length is negative or beyond {@code lengthLimit}
     */
    public static int sizeIfComplete(Bytes received, int lengthLimit) {
        JuteReader in = new JuteReader(received, lengthLimit);
        if (in.remaining() < 16) {
            return INCOMPLETE;
        }
        in.seek(12);
        if (!in.trySkipBuffer() || in.remaining() < 4) {
            return INCOMPLETE;
        }
        int ids = in.readInt();
        if (ids < -1 || ids > MAX_IDS) {
            throw new MalformedException("authinfo of " + ids + " ids", in.position() - 4);
        }
        for (int i = 0; i < 2 * ids; i++) {
            if (!in.trySkipBuffer()) {
                return INCOMPLETE;
            }
            if (in.position() > 2L * lengthLimit) {
                throw new MalformedException("packet beyond " + 2L * lengthLimit + " bytes", in.position());
            }
        }
        return in.position();
    }

    /**
     * Reads one packet and moves {@code in} behind it; returns null and leaves {@code in} where it is if more bytes must
     * come first. Data is a slice of the reader's range: a caller that reuses its receive buffer must copy the packet's
     * bytes before decoding.
     *
     * @throws MalformedException if no further bytes could make it a packet
     */
    public static @Nullable QuorumPacket tryDecode(JuteReader in) {
        int start = in.position();
        int size = sizeIfComplete(in.readRest());
        in.seek(start);
        return size == INCOMPLETE ? null : decode(in);
    }

    /** Reads one packet that is known to be complete. */
    public static QuorumPacket decode(Bytes packet) {
        return decode(new JuteReader(packet));
    }

    /** Reads one packet that is known to be complete, and moves {@code in} behind it. */
    public static QuorumPacket decode(JuteReader in) {
        int type = in.readInt();
        long zxid = in.readLong();
        Bytes data = in.readBuffer();
        int count = in.readVectorCount(Id.MIN_BYTES);
        if (count <= 0) {
            return new QuorumPacket(type, zxid, data, count < 0 ? null : List.of());
        }
        Id[] ids = new Id[count];
        for (int i = 0; i < count; i++) {
            ids[i] = Id.decode(in);
        }
        return new QuorumPacket(type, zxid, data, Collections.unmodifiableList(Arrays.asList(ids)));
    }

    /** Writes the packet. */
    public void encode(JuteWriter out) {
        out.writeInt(type);
        out.writeLong(zxid);
        out.writeBuffer(data);
        if (auth == null) {
            out.writeInt(-1);
            return;
        }
        out.writeInt(auth.size());
        for (int i = 0; i < auth.size(); i++) {
            auth.get(i).encode(out);
        }
    }

    /** The packet's bytes. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(MIN_BYTES + (data == null ? 0 : data.length()));
        encode(out);
        return out.toBytes();
    }

    @Override
    public String toString() {
        return PacketType.name(type) + " 0x" + Long.toHexString(zxid) + (data == null ? "" : " " + data)
                + (auth == null ? "" : " " + auth);
    }
}
