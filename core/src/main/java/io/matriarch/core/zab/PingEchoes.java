package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.SessionTouch;
import java.util.List;
import java.util.function.Supplier;

/**
 * A learner's answers to pings: the number of the ping, and the sessions heard of since the last answer (zab.md 4, 12).
 *
 * <p>No leader reads a packet of any length: above {@code jute.maxbuffer}, 174,762 sessions by default, Apache's drops the
 * link. So many take several answers. Only the last one bears the number: a leader that counts rounds by it ({@link
 * Heartbeats}) has been told of every session when the round is answered, and expires none that was heard of.
 */
final class PingEchoes {
    /** No round has this number ({@link Heartbeats}); Apache's leaders do not read it (zab.md R22). */
    private static final long NO_NUMBER = 0;

    private final Zab zab;
    private final LinkId link;
    private final Supplier<List<SessionTouch>> touches;

    /** @param touches the sessions heard of since it was last asked */
    PingEchoes(Zab zab, LinkId link, Supplier<List<SessionTouch>> touches) {
        this.zab = zab;
        this.link = link;
        this.touches = touches;
    }

    /** Answers the ping that carried {@code zxid}. */
    void send(long zxid) {
        List<SessionTouch> rest = touches.get();
        int most = zab.history().config().maxTxnBytes() / SessionTouch.SIZE_BYTES;
        while (rest.size() > most) {
            zab.send(link, PacketType.PING, NO_NUMBER, SessionTouch.encodeAll(rest.subList(0, most)));
            rest = rest.subList(most, rest.size());
        }
        zab.send(link, PacketType.PING, zxid, SessionTouch.encodeAll(rest));
    }
}
