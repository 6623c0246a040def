package io.matriarch.wire.election;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A server's word in an election (election.md 2.1). Who sends it is known from the connection.
 *
 * <pre>
 *  0 state int | 4 leader long | 12 zxid long | 20 round long | 28 peerEpoch long | 36 version int
 * 40 config length int | 44 config text
 * </pre>
 *
 * @param state what the sender is doing
 * @param leader whom it votes for or follows
 * @param zxid that leader's last zxid at election time
 * @param round the sender's election epoch
 * @param peerEpoch the current epoch of the vote
 * @param version the format: {@link #VERSION} from us and 3.5+, 0 for older forms
 * @param config the sender's committed configuration as text; null in forms without one
 */
public record Notification(
        PeerState state,
        ServerId leader,
        Zxid zxid,
        long round,
        long peerEpoch,
        int version,
        @Nullable String config) {
    /** The format of 3.5 and later, which is the one we send. */
    public static final int VERSION = 2;

    /** The longest body that Apache accepts (election.md 1.4). */
    public static final int MAX_BYTES = 524_288;

    private static final int OLDEST_BYTES = 28;
    private static final int FORM_34_BYTES = 40;

    /**
     * Reads the body of one frame. Any body that cannot be understood is to be <em>ignored</em>, with the exception's
     * message as the reason; the connection stays (election.md 2.2).
     *
     * @throws MalformedException if the message is to be ignored
     */
    public static Notification decode(Bytes body) {
        int length = body.length();
        if (length < OLDEST_BYTES || (length > OLDEST_BYTES && length < FORM_34_BYTES)) {
            throw new MalformedException("notification of " + length + " bytes");
        }
        JuteReader in = new JuteReader(body);
        PeerState state = PeerState.of(in.readInt());
        ServerId leader = new ServerId(in.readLong());
        Zxid zxid = new Zxid(in.readLong());
        long round = in.readLong();
        if (length == OLDEST_BYTES) {
            return new Notification(state, leader, zxid, round, zxid.epoch(), 0, null);
        }
        long peerEpoch = in.readLong();
        if (length == FORM_34_BYTES) {
            // Compat: 3.5 and later do not read the version word of the 40-byte form, and count it as 0.
            return new Notification(state, leader, zxid, round, peerEpoch, 0, null);
        }
        int version = in.readInt();
        String config = version >= VERSION ? configText(in) : null;
        return new Notification(state, leader, zxid, round, peerEpoch, version, config);
    }

    /** The body of one frame, always in format {@link #VERSION}; a null config goes out as an empty one. */
    public Bytes encode() {
        byte[] text = config == null ? new byte[0] : config.getBytes(StandardCharsets.UTF_8);
        JuteWriter out = new JuteWriter(FORM_34_BYTES + 4 + text.length);
        out.writeInt(state.code());
        out.writeLong(leader.value());
        out.writeLong(zxid.value());
        out.writeLong(round);
        out.writeLong(peerEpoch);
        out.writeInt(VERSION);
        out.writeBuffer(Bytes.wrap(text));
        return out.toBytes();
    }

    private static String configText(JuteReader in) {
        int length = in.readInt();
        if (length < 0 || length > in.remaining()) {
            throw new MalformedException(
                    "configuration of " + length + " bytes with " + in.remaining() + " left", in.position() - 4);
        }
        return in.readRaw(length).asUtf8();
    }
}
