package io.matriarch.core.port;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can happen to a server, as values. {@code Peer.step} takes one at a time and is the only way in.
 */
public sealed interface Event {

    /** Gives itself to the handler's method for its kind. */
    void deliverTo(Handler handler);

    /** Time passed; the deadline that the core named may be reached. */
    record TimePassed() implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    // --- election port -------------------------------------------------------------------------------------------

    /** A notification arrived from the server at the other end of an election connection. */
    record NotificationReceived(ServerId from, Notification notification) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** An election connection to this server is in use now. */
    record ElectionLinkUp(ServerId peer) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The election connection to this server is gone. */
    record ElectionLinkDown(ServerId peer) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** Dialling this server's election port was refused: no process listens there (election.md F2). */
    record PeerRefused(ServerId peer) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    // --- quorum port ---------------------------------------------------------------------------------------------

    /**
     * Our dial to a leader or observer master succeeded ({@link Effect.ConnectToLeader}, {@link
     * Effect.ConnectToObserverMaster}). A failed dial is a {@link LinkDown}.
     */
    record LeaderLinkUp(LinkId link) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** A learner connected to our quorum port, or an observer to the port for observers. */
    record LearnerLinkUp(LinkId link, String address) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    record PacketReceived(LinkId link, QuorumPacket packet) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The next piece of the stream that follows a SNAP packet. */
    record SnapshotPieceReceived(LinkId link, SnapshotPiece piece) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The link took what it had been given; more may be sent. */
    record LinkWritable(LinkId link) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** A link of any kind ended, or a dial failed. Nothing more arrives from it. */
    record LinkDown(LinkId link, String reason) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    // --- client port ---------------------------------------------------------------------------------------------

    /** A client connected from {@code address} (its IP, without port). */
    record ClientLinkUp(LinkId link, String address) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** One frame of a client without its length prefix: first a ConnectRequest, then requests. */
    record ClientFrame(LinkId link, Bytes frame) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    // --- storage -------------------------------------------------------------------------------------------------

    /** Every storage effect with a ticket up to this one is durable. */
    record Stored(long ticket) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** One more {@link Effect.WriteSnapshot} of this snapshot was taken; the next may follow. */
    record SnapshotPieceWritten(long snapshotId) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** A snapshot of ours is complete and durable ({@link Effect.FinishSnapshot}). */
    record SnapshotFinished(long snapshotId, Zxid zxid) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * A piece of the log ({@link Effect.ReadLog}).
     *
     * @param entries the next ones, contiguous with those before; perhaps none
     * @param progress whether more follow
     */
    record LogRead(long readId, List<LogEntry> entries, Progress progress) implements Event {
        /** How the reading stands. */
        public enum Progress {
            /** Ask again. */
            MORE,
            /** That was all. */
            DONE,
            /** What was asked for is not, or not certainly, in the log without a hole, or it is too much of it. */
            UNAVAILABLE
        }

        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The database was rebuilt from disk ({@link Effect.ReloadDatabase}). */
    record Reloaded(Recovered recovered) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** A write, force or read failed: {@code what} names file and cause. The server halts. */
    record StorageFailed(String what) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    // --- operator ------------------------------------------------------------------------------------------------

    /** What the oracle says ({@link Effect.AskOracle}); one that cannot be asked says no. */
    record OracleAnswered(boolean isYes) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * The operator wants {@code server} to lead; answered by TransferAnswered with this {@code ticket}, once.
     *
     * @param server null for whoever is fit best
     */
    record TransferRequested(long ticket, @Nullable ServerId server) implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * The operator asks the server to stop: sessions stay, links close, nothing new is promised. A leader hands over first, if
     * it can; asked again meanwhile, it stops at once.
     */
    record StopRequested() implements Event {
        @Override
        public void deliverTo(Handler handler) {
            handler.on(this);
        }
    }

    /** One method per kind of event, so that a new kind breaks the build until every handler knows it. */
    interface Handler {
        void on(TimePassed event);

        void on(NotificationReceived event);

        void on(ElectionLinkUp event);

        void on(ElectionLinkDown event);

        void on(PeerRefused event);

        void on(LeaderLinkUp event);

        void on(LearnerLinkUp event);

        void on(PacketReceived event);

        void on(SnapshotPieceReceived event);

        void on(LinkWritable event);

        void on(LinkDown event);

        void on(ClientLinkUp event);

        void on(ClientFrame event);

        void on(Stored event);

        void on(SnapshotPieceWritten event);

        void on(SnapshotFinished event);

        void on(LogRead event);

        void on(Reloaded event);

        void on(StorageFailed event);

        void on(OracleAnswered event);

        void on(TransferRequested event);

        void on(StopRequested event);
    }
}
