package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers why: what triggered an election, what was waited for, and why none of the others leads. */
final class Reasons {
    private final Election election;
    private final long zeroMicros;

    Reasons(Election election) {
        this.election = election;
        this.zeroMicros = Phase.of(election).isEmpty()
                ? election.firstLookMicros()
                : Phase.of(election).get(0).fromMicros();
    }

    // --- the trigger -------------------------------------------------------------------------------------------------

    /** What made the servers look, in sentences. */
    List<String> trigger() {
        List<String> sentences = new ArrayList<>();
        Long leader = Phase.previousLeader(election);
        if (leader == null) {
            sentences.add(withoutLeader());
        } else {
            sentences.add("Server " + leader + " led before. " + endOf(leader));
        }
        firstNotice().ifPresent(sentences::add);
        return sentences;
    }

    /** Whether the leader before says itself when it led no more; else the last sign of it is taken. */
    boolean isEndKnown() {
        Long leader = Phase.previousLeader(election);
        return leader != null && Phase.ownEndMicros(election, leader).isPresent();
    }

    private String withoutLeader() {
        long started = election.participants().stream().filter(Term::isStart).count();
        return started == election.participants().size()
                ? "The servers started, and none of them knew of a leader."
                : "No leader is known from before.";
    }

    private String endOf(long leader) {
        Term participating = election.participant(leader);
        Record first =
                participating == null ? null : participating.moments().get(0).event();
        if (first instanceof TraceEvent.RoleChanged changed && Phase.isResignation(changed)) {
            return "It gave up by itself: " + changed.reason() + ".";
        }
        Term before = election.before().stream()
                .filter(term -> term.sid() == leader)
                .reduce((earlier, late) -> late)
                .orElse(null);
        if (before == null) {
            return "No journal of it is at hand: it could not be asked, or keeps none, as Apache's servers.";
        }
        return before.service().stream()
                .filter(moment -> moment.event() instanceof JournalEntry.Stopped)
                .map(moment -> "It was stopped at " + offset(moment) + " ms: "
                        + ((JournalEntry.Stopped) moment.event()).reason() + ".")
                .findFirst()
                .orElse("Its journal breaks off without a word: it was killed, or its machine or network failed.");
    }

    private Optional<String> firstNotice() {
        return election.moments().stream()
                .filter(moment -> moment.event() instanceof TraceEvent.LeaderLost)
                .findFirst()
                .map(moment -> {
                    TraceEvent.LeaderLost lost = (TraceEvent.LeaderLost) moment.event();
                    return "Server " + moment.sid() + " noticed first, at " + offset(moment) + " ms: " + lost.reason()
                            + " (last heard of " + lost.millisSinceHeard() + " ms before).";
                });
    }

    // --- quorum and waits --------------------------------------------------------------------------------------------

    /** When the quorum formed, in a sentence. */
    String quorumSentence() {
        Moment seen = election.quorum();
        if (election.isSuccession()) {
            return "Nobody voted: the leader before named server " + election.leader() + ".";
        } else if (seen == null) {
            return election.isJoinOnly()
                    ? "Nobody was elected: a leader was there, and was joined on its word and that of a quorum."
                    : "No server of these saw a quorum agree.";
        }
        TraceEvent.QuorumAgreed agreed = (TraceEvent.QuorumAgreed) seen.event();
        return "Server " + seen.sid() + " saw " + agreed.votes() + " of " + agreed.voters() + " votes agree on "
                + agreed.vote().leader() + " at " + offset(seen) + " ms.";
    }

    /** What passed between the quorum and the decision, and for whom. */
    String waitSentence() {
        Moment decided = election.decision();
        if (election.isSuccession()) {
            return "For no vote, only until a quorum had turned to it.";
        } else if (decided == null) {
            return "No decision was reached.";
        }
        TraceEvent.LeaderDecided decision = (TraceEvent.LeaderDecided) decided.event();
        Moment quorum = election.quorum();
        String waited = quorum == null ? "" : Instants.span(decided.micros() - quorum.micros());
        return switch (decision.rule()) {
            case ALL_HEARD -> "For nothing: every voter was heard, and none could do better (F1).";
            case REST_DOWN ->
                "For nothing more: " + names(unheard(decided)) + " refused connections, and so cannot vote (F2).";
            case WAIT_OVER ->
                waited + " for a better vote of " + names(unheard(decided))
                        + ", of which nothing was known (the final wait, F3).";
            case LEADER_WORD -> "For the word of a leader that was there, and of a quorum behind it.";
            case DESIGNATED -> "For no vote: the leader before named its successor.";
            default -> "Until " + decision.rule().words() + ".";
        };
    }

    /** Voters of whom the server that decided had heard no vote in that election when it did. */
    private Set<Long> unheard(Moment decided) {
        Set<Long> unheard = new TreeSet<>();
        election.roster().voters().forEach(voter -> unheard.add(voter.value()));
        unheard.remove(decided.sid());
        Term term = election.participant(decided.sid());
        if (term != null) {
            term.search().stream()
                    .filter(moment -> moment.micros() <= decided.micros()
                            && moment.event() instanceof TraceEvent.VoteReceived word
                            && word.state() == PeerState.LOOKING)
                    .forEach(moment -> unheard.remove(
                            ((TraceEvent.VoteReceived) moment.event()).from().value()));
        }
        return unheard;
    }

    private static String names(Set<Long> servers) {
        return servers.isEmpty()
                ? "the others"
                : (servers.size() == 1 ? "server " : "servers ")
                        + servers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    // --- why not the others ------------------------------------------------------------------------------------------

    /** Why a voter does not lead. */
    record Other(long sid, String reason) {}

    /** One reason for each voter but the leader. */
    List<Other> others() {
        List<Other> others = new ArrayList<>();
        TraceEvent.Vote winner = election.winner();
        for (var voter : election.roster().voters()) {
            long sid = voter.value();
            boolean isLeader = Long.valueOf(sid).equals(election.leader());
            if (!isLeader && (winner == null || winner.leader().value() != sid)) {
                others.add(new Other(sid, whyNot(sid, winner)));
            }
        }
        return others;
    }

    private String whyNot(long sid, TraceEvent.@Nullable Vote winner) {
        Moment own = ownVote(sid);
        if (election.isSuccession()) {
            return "it was not named";
        } else if (own == null) {
            return election.moments().stream()
                            .anyMatch(moment -> moment.event() instanceof TraceEvent.PeerKnownDown down
                                    && down.peer().value() == sid)
                    ? "it refused connections: no process ran there"
                    : "no vote of it was seen";
        }
        TraceEvent.Vote vote = voteIn(own);
        if (winner == null) {
            return "its vote was " + Sentences.vote(vote);
        }
        return "its vote " + Sentences.vote(vote) + " " + comparison(vote, winner, own);
    }

    private String comparison(TraceEvent.Vote vote, TraceEvent.Vote winner, Moment own) {
        if (vote.peerEpoch() < winner.peerEpoch()) {
            return "is of an older epoch";
        } else if (vote.peerEpoch() == winner.peerEpoch() && winner.zxid().isAfter(vote.zxid())) {
            long missing = winner.zxid().value() - vote.zxid().value();
            return vote.zxid().epoch() == winner.zxid().epoch()
                    ? "lacks " + missing + (missing == 1 ? " transaction" : " transactions") + " that the leader has"
                    : "has an older zxid";
        } else if (vote.equals(winner) || vote.leader().equals(winner.leader())) {
            return "was for the leader";
        } else if (vote.peerEpoch() == winner.peerEpoch()
                && vote.zxid().equals(winner.zxid())
                && vote.leader().compareTo(winner.leader()) < 0) {
            return "has the same history and a lower server id";
        }
        Moment decided = election.decision();
        return decided != null && own.micros() > decided.micros()
                ? "is greater, but came " + Instants.span(own.micros() - decided.micros()) + " after the decision"
                : "is greater, but was not counted: another leader was named, or it did not stand";
    }

    /** The vote for itself, from its own journal or as another heard it first. */
    private @Nullable Moment ownVote(long sid) {
        Term term = election.participant(sid);
        if (term != null) {
            Moment started = term.first(TraceEvent.ElectionStarted.class);
            return started != null && voteIn(started).leader().value() == sid ? started : null;
        }
        return election.moments().stream()
                .filter(moment -> moment.event() instanceof TraceEvent.VoteReceived word
                        && word.from().value() == sid
                        && word.vote().leader().value() == sid
                        && word.state() == PeerState.LOOKING)
                .min(Comparator.comparingLong(Moment::micros))
                .orElse(null);
    }

    private static TraceEvent.Vote voteIn(Moment moment) {
        return moment.event() instanceof TraceEvent.ElectionStarted started
                ? started.ownVote()
                : ((TraceEvent.VoteReceived) moment.event()).vote();
    }

    private String offset(Moment moment) {
        return Instants.offset(moment.micros() - zeroMicros);
    }
}
