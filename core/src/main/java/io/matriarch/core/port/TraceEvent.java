package io.matriarch.core.port;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;

/**
 * What the core tells about itself, typed. The host prints one line each, at {@link #level()}; its election
 * journal keeps what tells of elections.
 */
public sealed interface TraceEvent {
    /** ERROR this server stops; WARN an operator can act; INFO a few an hour; DEBUG per link; TRACE per message. */
    enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    enum Topic {
        ELECTION,
        ZAB,
        SESSION,
        STORAGE
    }

    default Level level() {
        return Level.INFO;
    }

    default Topic topic() {
        return Topic.ELECTION;
    }

    /** A vote as people read it: (epoch, zxid, sid), and the round in which it was cast. */
    record Vote(long peerEpoch, Zxid zxid, ServerId leader, long round) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Vote that
                    && that.peerEpoch == peerEpoch
                    && that.zxid.equals(zxid)
                    && that.leader.equals(leader)
                    && that.round == round;
        }

        @Override
        public int hashCode() {
            return 31 * (31 * (31 * Long.hashCode(peerEpoch) + zxid.hashCode()) + leader.hashCode())
                    + Long.hashCode(round);
        }

        @Override
        public String toString() {
            return "(" + peerEpoch + ", " + zxid + ", " + leader + ") in round " + round;
        }
    }

    /** Why one vote beats another (election.md 3.3). */
    enum VoteRule {
        HIGHER_EPOCH("higher epoch"),
        HIGHER_ZXID("same epoch, higher zxid"),
        HIGHER_SERVER_ID("same epoch and zxid, higher server id"),
        NEW_ROUND("newer round, own vote again"),
        ESTABLISHED_LEADER("joins an established leader");

        private final String words;

        VoteRule(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** What ended the wait for further votes (election.md 3.7, F1 to F3, 3.8). */
    enum DecisionRule {
        ALL_HEARD("every voter was heard, none can do better (F1)"),
        REST_DOWN("the voters not heard are known to be down (F2)"),
        WAIT_OVER("the final wait passed without a better vote (F3)"),
        LEADER_WORD("the leader and a quorum said so"),
        DESIGNATED("the leader before it named it, with the configuration");

        private final String words;

        DecisionRule(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    record RoleChanged(PeerState from, PeerState to, String reason) implements TraceEvent {}

    record ElectionStarted(long round, Vote ownVote, String trigger) implements TraceEvent {}

    record VoteReceived(ServerId from, PeerState state, Vote vote) implements TraceEvent {
        @Override
        public Level level() {
            return Level.DEBUG;
        }
    }

    record VoteChanged(Vote from, Vote to, VoteRule rule, ServerId because) implements TraceEvent {}

    /** Dialling {@code peer} was refused: no process listens there, and none is waited for (F2). */
    record PeerKnownDown(ServerId peer) implements TraceEvent {
        @Override
        public Level level() {
            return Level.DEBUG;
        }
    }

    record QuorumAgreed(Vote vote, int votes, int voters) implements TraceEvent {}

    record LeaderDecided(Vote vote, PeerState as, DecisionRule rule, long millisSinceStart) implements TraceEvent {}

    /** A decision or a candidacy was given up; {@code reason} says why. */
    record DecisionDropped(Vote vote, String reason) implements TraceEvent {}

    /** discovery, synchronization, broadcast: the phases of Zab, on a leader or a learner. */
    record PhaseEntered(String phase, long epoch) implements TraceEvent {}

    /** The leader's NEWLEADER was acknowledged by a quorum: it leads {@code epoch} from now on. */
    record LeaderEstablished(long epoch, Zxid history, long millisSinceElection) implements TraceEvent {}

    /** A server that served behind {@code leader} does not any more; it heard of it so long ago. */
    record LeaderLost(ServerId leader, long millisSinceHeard, String reason) implements TraceEvent {}

    /** The first time that this server, while it serves, sees a transaction of {@code epoch} committed. */
    record FirstCommit(long epoch, Zxid zxid) implements TraceEvent {}

    /** The leader went into {@code epoch} with those who follow it, without an election (zab.md 5). */
    record EpochRolledOver(long epoch, Zxid history, long millis) implements TraceEvent {}

    /** All up to {@code last} is committed, and {@code successor} is to lead: the others were told so. */
    record LeadHandedOver(ServerId successor, Zxid last) implements TraceEvent {}

    record LearnerSynced(ServerId learner, String how, Zxid upTo) implements TraceEvent {
        @Override
        public Topic topic() {
            return Topic.ZAB;
        }
    }

    /** A configuration of the ensemble is agreed, to this server's knowledge. */
    record ConfigurationAgreed(long version, int members) implements TraceEvent {
        @Override
        public Topic topic() {
            return Topic.ZAB;
        }
    }

    record LinkClosed(LinkId link, String who, String reason) implements TraceEvent {
        @Override
        public Level level() {
            return Level.DEBUG;
        }

        @Override
        public Topic topic() {
            return Topic.ZAB;
        }
    }

    record SessionOpened(long sessionId, int timeoutMillis) implements TraceEvent {
        @Override
        public Level level() {
            return Level.DEBUG;
        }

        @Override
        public Topic topic() {
            return Topic.SESSION;
        }
    }

    record SessionClosed(long sessionId, String reason) implements TraceEvent {
        @Override
        public Level level() {
            return Level.DEBUG;
        }

        @Override
        public Topic topic() {
            return Topic.SESSION;
        }
    }

    /** A session that only its server knew is being made known to all. */
    record SessionMadeGlobal(long sessionId) implements TraceEvent {
        @Override
        public Level level() {
            return Level.DEBUG;
        }

        @Override
        public Topic topic() {
            return Topic.SESSION;
        }
    }

    /**
     * A client asked for what nobody could read: the transaction would have had {@code sizeBytes} at least. It was told so;
     * {@code jute.maxbuffer}, the same on all servers, decides the limit.
     *
     * @param opcode what it asked for, such as 14 for multi
     */
    record WriteTooLong(long sessionId, int opcode, long sizeBytes, int limitBytes) implements TraceEvent {
        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public Topic topic() {
            return Topic.SESSION;
        }
    }

    /**
     * A write goes beyond a quota, as the first since one was within it. It is refused if the limit is hard and quotas are
     * enforced ({@code enforceQuota}).
     *
     * @param path of the znode with the quota
     * @param unit what is limited: bytes or znodes
     * @param usage what there would be
     */
    record QuotaExceeded(String path, String unit, boolean isHard, long usage, long limit) implements TraceEvent {
        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public Topic topic() {
            return Topic.SESSION;
        }
    }

    /** Clients are served without a quorum, for reading, from now on or no more. */
    record ReadOnlyChanged(boolean isReadOnly) implements TraceEvent {
        @Override
        public Topic topic() {
            return Topic.SESSION;
        }
    }

    record SnapshotTaken(Zxid zxid, boolean isFinished) implements TraceEvent {
        @Override
        public Topic topic() {
            return Topic.STORAGE;
        }
    }

    /** After this transaction the tree was not the one that its digest tells of (zab.md 6.2); {@code consequence} follows. */
    record DigestMismatch(Zxid zxid, String consequence) implements TraceEvent {
        @Override
        public Level level() {
            return Level.WARN;
        }

        @Override
        public Topic topic() {
            return Topic.STORAGE;
        }
    }

    /** Something an operator should know; {@code text} says what, where, and what to do. */
    record Warning(Topic topic, String text) implements TraceEvent {
        @Override
        public Level level() {
            return Level.WARN;
        }
    }
}
