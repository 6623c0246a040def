package io.matriarch.cli.demo;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.election.PeerState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words for a server's trace events; the server's name goes before them. */
final class ServerWords {
    private ServerWords() {}

    /** The sentence for {@code event}, or null where there is nothing that an onlooker must know. */
    static @Nullable String of(long sid, TraceEvent event) {
        if (event instanceof TraceEvent.ElectionStarted e) {
            return "votes for itself, " + vote(e.ownVote()) + ", in round " + e.round() + ": " + e.trigger();
        } else if (event instanceof TraceEvent.VoteChanged e) {
            return "now votes " + vote(e.to()) + reason(e);
        } else if (event instanceof TraceEvent.QuorumAgreed e) {
            return "sees a quorum agree on " + vote(e.vote()) + ": " + e.votes() + " of " + e.voters() + " votes";
        } else if (event instanceof TraceEvent.LeaderDecided e) {
            return decided(e);
        } else if (event instanceof TraceEvent.DecisionDropped e) {
            return "gives up on " + vote(e.vote()) + ": " + e.reason();
        } else if (event instanceof TraceEvent.PhaseEntered e) {
            return "enters " + e.phase() + (e.epoch() > 0 ? " of epoch " + e.epoch() : "");
        } else if (event instanceof TraceEvent.LeaderEstablished e) {
            return "is the leader of epoch " + e.epoch() + " from history " + e.history();
        } else if (event instanceof TraceEvent.EpochRolledOver e) {
            return "leads on into epoch " + e.epoch() + " from history " + e.history();
        } else if (event instanceof TraceEvent.LearnerSynced e) {
            return synced(sid, e);
        } else if (event instanceof TraceEvent.DigestMismatch e) {
            return "has another tree than the digest of " + e.zxid() + " tells of, and is " + e.consequence();
        } else if (event instanceof TraceEvent.Warning e) {
            return "warns: " + e.text();
        }
        return null;
    }

    /** Whether the event settles something. */
    static boolean isTurningPoint(TraceEvent event) {
        return event instanceof TraceEvent.LeaderEstablished || event instanceof TraceEvent.QuorumAgreed;
    }

    /** A vote as (epoch, zxid, sid). */
    static String vote(TraceEvent.Vote vote) {
        return "(" + vote.peerEpoch() + ", " + vote.zxid() + ", " + vote.leader() + ")";
    }

    private static String reason(TraceEvent.VoteChanged e) {
        return switch (e.rule()) {
            case NEW_ROUND -> ": server " + e.because() + " is in a newer round, " + e.to().round();
            case ESTABLISHED_LEADER -> ": it is the established leader";
            default -> ", from " + e.because() + ": " + e.rule().words();
        };
    }

    private static String decided(TraceEvent.LeaderDecided e) {
        String role = e.as() == PeerState.LEADING
                ? "decides to lead"
                : "decides to follow " + e.vote().leader();
        return role + " after " + e.millisSinceStart() + " ms: " + e.rule().words();
    }

    /** The leader's word; the learner's own would say the same again. */
    private static @Nullable String synced(long sid, TraceEvent.LearnerSynced e) {
        return e.learner().value() == sid
                ? null
                : "brings server " + e.learner() + " up to " + e.upTo() + " ("
                        + e.how().toUpperCase(Locale.ROOT) + ")";
    }
}
