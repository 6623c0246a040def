package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The data of a short heartbeat, a PING from a leader of ours to a learner of ours that asked for it; Apache's pings carry
 * none. In the place of the zxid is the heartbeat's number with its sign changed, so that no answer to it can be taken for one to an ordinary
 * ping.
 *
 * <pre>
 * patienceMillis int
 * </pre>
 *
 * @param patienceMillis how long the learner is to wait for another heartbeat before it looks for a leader, at least 1
 */
public record Heartbeat(int patienceMillis) {
    /**
     * Reads the packet's data; bytes behind are ignored.
     *
     * @throws MalformedException if there is none, or no time to wait
     */
    public static Heartbeat decode(@Nullable Bytes data) {
        if (data == null) {
            throw new MalformedException("a heartbeat without data");
        }
        int patienceMillis = new JuteReader(data).readInt();
        if (patienceMillis < 1) {
            throw new MalformedException("a heartbeat that leaves " + patienceMillis + " ms until the next one");
        }
        return new Heartbeat(patienceMillis);
    }

    /** The packet's data: 4 bytes. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(4);
        out.writeInt(patienceMillis);
        return out.toBytes();
    }

    /** What stands in the place of the zxid; {@code number} counts from 1. */
    public static long zxidOf(long number) {
        return -number;
    }

    /** The number behind what {@link #zxidOf} made. */
    public static long numberOf(long zxid) {
        return -zxid;
    }
}
