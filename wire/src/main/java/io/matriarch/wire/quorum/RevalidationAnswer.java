package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The data of the leader's REVALIDATE (zab.md 4, 12): sessionId long, valid boolean.
 *
 * @param sessionId the session asked about
 * @param valid whether it is alive, and now belongs to the learner that asked
 */
public record RevalidationAnswer(long sessionId, boolean valid) {
    /**
     * Reads the packet's data.
     *
     * @throws MalformedException if there is none, or too little
     */
    public static RevalidationAnswer decode(@Nullable Bytes data) {
        if (data == null) {
            throw new MalformedException("REVALIDATE without data");
        }
        JuteReader in = new JuteReader(data);
        long sessionId = in.readLong();
        return new RevalidationAnswer(sessionId, in.readBoolean());
    }

    /** The packet's data: 9 bytes. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(16);
        out.writeLong(sessionId);
        out.writeBoolean(valid);
        return out.toBytes();
    }
}
