package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * The data of FOLLOWERINFO and OBSERVERINFO (zab.md 4).
 *
 * <pre>
 * serverid long | protocolVersion int | configVersion long | capabilities, ours only
 * </pre>
 *
 * @param sid who is calling, not authenticated
 * @param protocolVersion {@link #PROTOCOL_VERSION}; less means before 3.4, to be closed
 * @param configVersion version of its committed configuration
 * @param capabilities bits, {@link Capabilities#NONE} for Apache
 */
public record LearnerInfo(ServerId sid, int protocolVersion, long configVersion, int capabilities) {
    /** The protocol since 3.4. */
    public static final int PROTOCOL_VERSION = 0x10000;

    /**
     * Reads the packet's data by position, as Apache: fields that are missing at the end are 0, bytes behind are ignored.
     *
     * @throws MalformedException if there is not even an id (observers before 3.4, which we do not serve)
     */
    public static LearnerInfo decode(@Nullable Bytes data) {
        if (data == null || data.length() < 8) {
            throw new MalformedException("learner without an id");
        }
        JuteReader in = new JuteReader(data);
        ServerId sid = new ServerId(in.readLong());
        int protocolVersion = in.remaining() >= 4 ? in.readInt() : 0;
        long configVersion = in.remaining() >= 8 ? in.readLong() : 0;
        int capabilities = data.length() > 20 ? Capabilities.decode(in) : Capabilities.NONE;
        return new LearnerInfo(sid, protocolVersion, configVersion, capabilities);
    }

    /** The packet's data: 20 bytes, 28 with capabilities. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(28);
        out.writeLong(sid.value());
        out.writeInt(protocolVersion);
        out.writeLong(configVersion);
        Capabilities.encode(out, capabilities);
        return out.toBytes();
    }
}
