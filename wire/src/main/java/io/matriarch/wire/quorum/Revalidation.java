package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The data of a learner's REVALIDATE (zab.md 4, 12): sessionId long, timeout int.
 *
 * @param sessionId the session whose client came to the learner
 * @param timeoutMillis its newly negotiated timeout
 */
public record Revalidation(long sessionId, int timeoutMillis) {
    /**
     * Reads the packet's data.
     *
     * @throws MalformedException if there is none, or too little
     */
    public static Revalidation decode(@Nullable Bytes data) {
        if (data == null) {
            throw new MalformedException("REVALIDATE without data");
        }
        JuteReader in = new JuteReader(data);
        long sessionId = in.readLong();
        return new Revalidation(sessionId, in.readInt());
    }

    /** The packet's data: 12 bytes. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(16);
        out.writeLong(sessionId);
        out.writeInt(timeoutMillis);
        return out.toBytes();
    }
}
