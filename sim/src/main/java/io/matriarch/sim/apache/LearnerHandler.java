package io.matriarch.sim.apache;

import static java.util.Objects.requireNonNull;

import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Apache's LearnerHandler: one connection of a leader or an observer master, and what it knows of the learner behind it. */
final class LearnerHandler implements StreamEnd {
    enum State {
        CONNECTED,
        AWAITING_EPOCH,
        AWAITING_ACKEPOCH,
        AWAITING_HISTORY,
        AWAITING_NEWLEADER_ACK,
        ACKED,
        ACTIVE,
        GONE
    }

    final ApacheLink link;
    private final LearnerMaster master;
    /** While a snapshot is written, what is to follow it. */
    private final ArrayDeque<QuorumPacket> behindSnapshot = new ArrayDeque<>();

    State state = State.CONNECTED;
    int sid;
    boolean isObserver;
    /** The learner has come back since, and was told what to cut: what is still on its way from before counts no more. */
    boolean isSuperseded;

    Zxid history = Zxid.ZERO;
    boolean isForwarding;
    private boolean isSnapshotUnderWay;

    long heardNanos;
    /** When the oldest proposal that is not acknowledged was sent. */
    final ArrayDeque<Long> unackedSinceNanos = new ArrayDeque<>();

    long pingsSent;
    long pingsAnswered;

    LearnerHandler(LearnerMaster master, ApacheServer server, Stream stream) {
        this.master = master;
        this.link = new ApacheLink(server, stream, 1);
    }

    @Override
    public void received(Object message) {
        if (state != State.GONE) {
            QuorumPacket packet = (QuorumPacket) message;
            link.received(packet);
            master.received(this, packet);
        }
    }

    @Override
    public void closed(String reason) {
        if (state != State.GONE) {
            master.gone(this, reason);
        }
    }

    void send(int type, long zxid, @Nullable Bytes data) {
        send(new QuorumPacket(type, zxid, data, null));
    }

    void send(QuorumPacket packet) {
        if (isSnapshotUnderWay) {
            behindSnapshot.addLast(packet);
        } else {
            link.send(packet);
        }
    }

    /** From now on packets wait for {@link #snapshotWritten}. */
    void snapshotBegins() {
        isSnapshotUnderWay = true;
    }

    void snapshotWritten() {
        isSnapshotUnderWay = false;
        while (!behindSnapshot.isEmpty() && state != State.GONE) {
            link.send(requireNonNull(behindSnapshot.pollFirst()));
        }
    }

    boolean isPinged() {
        return isForwarding && !isSnapshotUnderWay;
    }
}
