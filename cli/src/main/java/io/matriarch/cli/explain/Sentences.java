package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words for what happened at a server; its name goes before them. */
final class Sentences {
    private Sentences() {}

    /** The sentence for {@code event} at server {@code sid}; null for what the table of votes shows, or nobody needs. */
    static @Nullable String of(long sid, Record event) {
        if (event instanceof JournalEntry e) {
            return of(e);
        } else if (event instanceof TraceEvent.LeaderLost e) {
            return "loses its leader " + e.leader() + ", heard of " + e.millisSinceHeard() + " ms before: "
                    + e.reason();
        } else if (event instanceof TraceEvent.RoleChanged e) {
            return Phase.isResignation(e) ? "leads no more: " + e.reason() : null;
        } else if (event instanceof TraceEvent.ElectionStarted e) {
            return started(e);
        } else if (event instanceof TraceEvent.VoteChanged e) {
            return "now votes for " + e.to().leader() + ", heard from " + e.because() + ": "
                    + e.rule().words();
        } else if (event instanceof TraceEvent.VoteReceived) {
            return null;
        } else if (event instanceof TraceEvent.PeerKnownDown e) {
            return "is refused by server " + e.peer() + ": no process listens there";
        } else if (event instanceof TraceEvent.QuorumAgreed e) {
            return "sees a quorum for " + e.vote().leader() + ": " + e.votes() + " of " + e.voters() + " votes";
        } else if (event instanceof TraceEvent.LeaderDecided e) {
            return decided(e);
        } else if (event instanceof TraceEvent.DecisionDropped e) {
            return "gives up on " + e.vote().leader() + ": " + e.reason();
        } else if (event instanceof TraceEvent.PhaseEntered e) {
            return e.phase().equals("broadcast")
                    ? "serves in epoch " + e.epoch()
                    : "enters " + e.phase() + " of epoch " + e.epoch();
        } else if (event instanceof TraceEvent.LeaderEstablished e) {
            return "is the leader of epoch " + e.epoch() + ", from history " + e.history();
        } else if (event instanceof TraceEvent.LearnerSynced e) {
            return synced(sid, e);
        } else if (event instanceof TraceEvent.FirstCommit e) {
            return "sees the first write of epoch " + e.epoch() + " committed, " + e.zxid();
        } else if (event instanceof TraceEvent.EpochRolledOver e) {
            return "leads on into epoch " + e.epoch() + " without an election, from history " + e.history();
        } else if (event instanceof TraceEvent.LeadHandedOver e) {
            return "hands over to server " + e.successor() + ", with all up to " + e.last() + " committed";
        } else if (event instanceof TraceEvent.Warning e) {
            return "warns: " + e.text();
        }
        return "tells: " + event; // what a later release has more to tell
    }

    private static @Nullable String of(JournalEntry entry) {
        if (entry instanceof JournalEntry.Started e) {
            return "starts, with history up to " + zxid(e.lastLogged()) + " in epoch " + e.currentEpoch();
        } else if (entry instanceof JournalEntry.Stopped e) {
            return "stops: " + e.reason();
        }
        return null;
    }

    private static String started(TraceEvent.ElectionStarted e) {
        return e.ownVote().leader().value() < 0
                ? "asks who leads"
                : "votes for itself, " + vote(e.ownVote()) + ", in round " + e.round();
    }

    private static String decided(TraceEvent.LeaderDecided e) {
        String role = e.as() == PeerState.LEADING
                ? "decides to lead"
                : "decides to " + (e.as() == PeerState.OBSERVING ? "observe " : "follow ")
                        + e.vote().leader();
        return role + ": " + e.rule().words();
    }

    /** The leader's word; the learner's own would say the same again. */
    private static @Nullable String synced(long sid, TraceEvent.LearnerSynced e) {
        return e.learner().value() == sid
                ? null
                : "brings server " + e.learner() + " up to " + e.upTo() + " ("
                        + e.how().toUpperCase(Locale.ROOT) + ")";
    }

    /** A vote as (epoch, zxid, sid). */
    static String vote(TraceEvent.Vote vote) {
        return "(" + vote.peerEpoch() + ", " + zxid(vote.zxid()) + ", " + vote.leader() + ")";
    }

    static String zxid(Zxid zxid) {
        return zxid.equals(Zxid.NONE) ? "none" : zxid.toString();
    }
}
