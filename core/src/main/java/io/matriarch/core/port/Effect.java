package io.matriarch.core.port;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.quorum.QuorumPacket;

/** Everything the core asks of its host, as values, in the order in which it must be begun. */
public sealed interface Effect {

    /** Gives itself to the handler's method for its kind. */
    void performOn(Handler handler);

    // --- election port -------------------------------------------------------------------------------------------

    /**
     * Give {@code notification} to {@code to}, dialling if there is no connection. Only the newest undelivered one per
     * peer counts; it may get lost.
     */
    record SendNotification(ServerId to, Notification notification) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    // --- quorum port ---------------------------------------------------------------------------------------------

    /** Accept learners on the quorum port from now on ({@link Event.LearnerLinkUp}). */
    record ListenForLearners() implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Close the quorum port; links accepted so far are closed by effects of their own. */
    record StopListening() implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Dial the quorum port of {@code leader}; answered by LeaderLinkUp or LinkDown for {@code link}. */
    record ConnectToLeader(LinkId link, ServerId leader) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Accept observers on the port for them from now on ({@link Event.LearnerLinkUp}), beside no other. */
    record ListenForObservers() implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Close the port for observers; links accepted so far are closed by effects of their own. */
    record StopListeningForObservers() implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Dial the port for observers of {@code master}, a follower; answered by LeaderLinkUp or LinkDown for {@code link}. */
    record ConnectToObserverMaster(LinkId link, ServerId master) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    record SendPacket(LinkId link, QuorumPacket packet) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Send a piece of the stream that follows a SNAP packet; answered by LinkWritable once the link took it. */
    record SendSnapshotPiece(LinkId link, SnapshotPiece piece) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Report LinkWritable once the link took everything that was sent to it so far. */
    record AwaitWritable(LinkId link) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Close a link of any kind, after what was sent before. No LinkDown follows. */
    record CloseLink(LinkId link, String reason) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    // --- client port ---------------------------------------------------------------------------------------------

    record SendConnectResponse(LinkId link, ConnectResponse response) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** An answer or a watch notification (a Reply with xid -1). */
    record SendReply(LinkId link, Reply reply) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Deliver no further frames of this client until {@link ResumeReads}; frames already read may still come. */
    record PauseReads(LinkId link) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    record ResumeReads(LinkId link) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    // --- operator ------------------------------------------------------------------------------------------------

    /**
     * Tell the operator what became of TransferRequested.
     *
     * @param isDone whether that server leads now, as far as this one can tell
     * @param text what happened, for people
     */
    record TransferAnswered(long ticket, boolean isDone, String text) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Ask the oracle of two servers whether this one may go on alone; answered by OracleAnswered, whatever happens. */
    record AskOracle() implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    // --- storage: one ordered lane -------------------------------------------------------------------------------

    /**
     * A write that a promise can rest on. The host performs these in order, forces them in groups as it likes, and
     * reports {@link Event.Stored}.
     */
    sealed interface StorageEffect extends Effect {
        /** Ascends by one from effect to effect, from 1 at process start. */
        long ticket();
    }

    record Append(long ticket, LogEntry entry) implements StorageEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Cut every log record above {@code to}, and make snapshots that may contain more unusable (disk.md R9). */
    record Truncate(long ticket, Zxid to) implements StorageEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    record StoreAcceptedEpoch(long ticket, long epoch) implements StorageEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    record StoreCurrentEpoch(long ticket, long epoch) implements StorageEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Make snapshot {@code snapshotId}, all of whose pieces were written, the base of the database at {@code zxid}:
     * force, rename, and let no older log record be replayed above it (disk.md R16).
     */
    record InstallSnapshot(long ticket, long snapshotId, Zxid zxid) implements StorageEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** The next append starts a new log file. */
    record RollLog(long ticket) implements StorageEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Keep the members as they are agreed and as they were proposed last (zab.md 14). To be performed at once as well: from
     * now on the members of both are reached at their addresses there, at those of {@code lastSeen} first.
     *
     * @param lastSeen newer than {@code committed}, or the same
     */
    record StoreConfiguration(long ticket, Configuration committed, Configuration lastSeen) implements StorageEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    // --- storage: beside the lane --------------------------------------------------------------------------------

    /**
     * Write the next piece of a snapshot to a temporary file; the first piece opens it. Answered by
     * SnapshotPieceWritten. No promise rests on it.
     */
    record WriteSnapshot(long snapshotId, Zxid zxid, SnapshotPiece piece) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Force and rename a finished snapshot of our own tree at {@code zxid}; answered by SnapshotFinished. */
    record FinishSnapshot(long snapshotId, Zxid zxid) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Forget a snapshot of which not all pieces were written. */
    record AbandonSnapshot(long snapshotId) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Read the next piece of the log's entries above {@code after} up to and with {@code upTo}; answered by {@link
     * Event.LogRead}. The first with this {@code readId} begins, the others go on, until one is answered with the end or
     * {@link EndLogRead} says that no more is wanted.
     *
     * @param sizeFactor unavailable if there is more to read than so many times the newest snapshot; 0 for no limit
     */
    record ReadLog(long readId, Zxid after, Zxid upTo, double sizeFactor) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Nothing more is wanted of this read; an answer that is on its way may still come. */
    record EndLogRead(long readId) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Recover the database from disk again, after everything on the lane; answered by Reloaded. */
    record ReloadDatabase() implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    // --- the rest ------------------------------------------------------------------------------------------------

    record Trace(TraceEvent event) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Stop the process: {@code reason} says what, where, and what to do. Nothing follows. */
    record Halt(String reason, boolean isClean) implements Effect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** One method per kind of effect, so that a new kind breaks the build until every host knows it. */
    interface Handler {
        void on(SendNotification effect);

        void on(ListenForLearners effect);

        void on(StopListening effect);

        void on(ConnectToLeader effect);

        void on(ListenForObservers effect);

        void on(StopListeningForObservers effect);

        void on(ConnectToObserverMaster effect);

        void on(SendPacket effect);

        void on(SendSnapshotPiece effect);

        void on(AwaitWritable effect);

        void on(CloseLink effect);

        void on(SendConnectResponse effect);

        void on(SendReply effect);

        void on(PauseReads effect);

        void on(ResumeReads effect);

        void on(Append effect);

        void on(Truncate effect);

        void on(StoreAcceptedEpoch effect);

        void on(StoreCurrentEpoch effect);

        void on(InstallSnapshot effect);

        void on(RollLog effect);

        void on(StoreConfiguration effect);

        void on(WriteSnapshot effect);

        void on(FinishSnapshot effect);

        void on(AbandonSnapshot effect);

        void on(ReadLog effect);

        void on(EndLogRead effect);

        void on(ReloadDatabase effect);

        void on(TransferAnswered effect);

        void on(AskOracle effect);

        void on(Trace effect);

        void on(Halt effect);
    }
}
