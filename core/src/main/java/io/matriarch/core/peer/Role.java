package io.matriarch.core.peer;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.zab.TransferAsker;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/**
 * What a server is at the moment: looking, following, observing or leading. A role holds everything that is only true in it, and
 * goes with it. It does not change the role itself; it says through {@link #next} what should follow.
 */
sealed interface Role permits Looking, Succession, Following, Leading {
    PeerState state();

    /** Called once, when the role begins. */
    void enter(Now now);

    /** Called once, when it ends. */
    void leave(String reason);

    /** What should follow this role now; {@link Next#STAY} most of the time. */
    Next next();

    void notified(Now now, ServerId from, Notification n);

    void timePassed(Now now);

    long deadlineNanos();

    default void electionLinkUp(ServerId peer) {}

    default void refused(Now now, ServerId peer) {}

    default void leaderLinkUp(LinkId link) {}

    default void learnerLinkUp(LinkId link, String address) {}

    default void received(LinkId link, QuorumPacket packet) {}

    default void snapshotPieceReceived(LinkId link, SnapshotPiece piece) {}

    default void linkWritable(LinkId link) {}

    /** A piece of the log that was asked for. */
    default void logRead(Event.LogRead read) {}

    default void linkDown(Now now, LinkId link, String reason) {}

    /** The operator wants {@code server} to lead; null for whoever is fit best. */
    default void transfer(@Nullable ServerId server, boolean isLeaving, TransferAsker asker) {
        asker.answered(false, "this server neither leads nor follows");
    }

    /** Whether this server may be on its own, so that of two an oracle is to be asked (election.md 3.9). */
    boolean isAlone();

    /** An oracle answered: what is a quorum may have changed. */
    default void oracleAnswered(Now now) {}

    /** The tree was rebuilt from disk. */
    default void reloaded() {}

    /** What should follow a role. */
    sealed interface Next {
        Next STAY = new Stay();

        /** What an end for {@code reason}, if there is one, leads to. */
        static Next after(@Nullable String reason, @Nullable ServerId successor) {
            if (reason == null) {
                return STAY;
            }
            return successor == null ? new Look(reason) : new Succeed(successor, reason);
        }

        record Stay() implements Next {}

        record Look(String reason) implements Next {}

        /** Turn to {@code leader}, ourselves perhaps, without an election. */
        record Succeed(ServerId leader, String reason) implements Next {}

        record Follow(Following role, String reason) implements Next {}

        record Lead(Leading role, String reason) implements Next {}
    }
}
