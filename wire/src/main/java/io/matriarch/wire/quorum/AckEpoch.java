package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The data of ACKEPOCH (zab.md 4): epoch int.
 *
 * @param epoch the learner's current epoch, {@link #DO_NOT_COUNT} if it promised this epoch before
 */
public record AckEpoch(int epoch) {
    /** The learner follows, but its promise was given already. */
    public static final int DO_NOT_COUNT = -1;

    /**
     * Reads the packet's data.
     *
     * @throws MalformedException if there is none
     */
    public static AckEpoch decode(@Nullable Bytes data) {
        if (data == null) {
            throw new MalformedException("ACKEPOCH without data");
        }
        return new AckEpoch(new JuteReader(data).readInt());
    }

    /** The packet's data: 4 bytes. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(16);
        out.writeInt(epoch);
        return out.toBytes();
    }
}
