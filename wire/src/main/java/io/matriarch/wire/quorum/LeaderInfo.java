package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The data of LEADERINFO (zab.md 4): protocolVersion int, then our capabilities; Apache reads the first four bytes only.
 *
 * @param protocolVersion {@link LearnerInfo#PROTOCOL_VERSION}
 * @param capabilities bits, {@link Capabilities#NONE} for Apache
 */
public record LeaderInfo(int protocolVersion, int capabilities) {
    /**
     * Reads the packet's data.
     *
     * @throws MalformedException if there is no version
     */
    public static LeaderInfo decode(@Nullable Bytes data) {
        if (data == null) {
            throw new MalformedException("LEADERINFO without data");
        }
        JuteReader in = new JuteReader(data);
        int protocolVersion = in.readInt();
        return new LeaderInfo(protocolVersion, Capabilities.decode(in));
    }

    /** The packet's data: 4 bytes, 12 with capabilities. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(16);
        out.writeInt(protocolVersion);
        Capabilities.encode(out, capabilities);
        return out.toBytes();
    }
}
