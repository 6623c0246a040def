package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * The data of TRANSFER, which only servers of ours that announced it send each other: the lead passes to another server
 * without an election. In the place of the zxid is a number that the asker chose, which the answer repeats.
 *
 * <pre>
 * kind int (0 ask, 1 answer, 2 go) | server long | isDone boolean | text ustring
 * </pre>
 *
 * @param kind what this packet is
 * @param server who is to lead
 * @param isDone in an answer: whether that server leads now, as far as the leader before it can tell
 * @param text in an answer: what happened, for people; else empty
 */
public record LeadTransfer(Kind kind, ServerId server, boolean isDone, String text) {
    /** Longest text that is read, in bytes. */
    private static final int MAX_BYTES = 4096;

    /** What a TRANSFER says. */
    public enum Kind {
        /** Learner to leader: let {@code server} lead. */
        ASK,
        /** Leader to learner: what became of it. */
        ANSWER,
        /** Leader to learner: I have stopped, all that I proposed is committed on this link; turn to {@code server}. */
        GO
    }

    /** Let {@code server} lead. */
    public static LeadTransfer ask(ServerId server) {
        return new LeadTransfer(Kind.ASK, server, false, "");
    }

    /** What became of it. */
    public static LeadTransfer answer(ServerId server, boolean isDone, String text) {
        return new LeadTransfer(Kind.ANSWER, server, isDone, text);
    }

    /** Turn to {@code server}. */
    public static LeadTransfer go(ServerId server) {
        return new LeadTransfer(Kind.GO, server, false, "");
    }

    /**
     * Reads the packet's data.
     *
     * @throws MalformedException if it is none of these
     */
    public static LeadTransfer decode(@Nullable Bytes data) {
        if (data == null || data.length() > MAX_BYTES) {
            throw new MalformedException("a transfer of " + (data == null ? "no" : data.length()) + " bytes");
        }
        JuteReader in = new JuteReader(data);
        int kind = in.readInt();
        if (kind < 0 || kind >= Kind.values().length) {
            throw new MalformedException("transfer of kind " + kind);
        }
        ServerId server = new ServerId(in.readLong());
        boolean isDone = in.readBoolean();
        String text = in.readString();
        return new LeadTransfer(Kind.values()[kind], server, isDone, text == null ? "" : text);
    }

    /** The packet's data. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter(32 + text.length());
        out.writeInt(kind.ordinal());
        out.writeLong(server.value());
        out.writeBoolean(isDone);
        out.writeString(text);
        return out.toBytes();
    }
}
