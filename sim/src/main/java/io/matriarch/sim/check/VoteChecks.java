package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What one server says in elections. */
public final class VoteChecks {
    /** A candidate's own vote in a round. */
    private record Candidacy(long leader, long zxid, long peerEpoch, long round) {
        static Candidacy of(Notification vote) {
            return new Candidacy(vote.leader().value(), vote.zxid().value(), vote.peerEpoch(), vote.round());
        }
    }

    /** The candidacies of a whole ensemble. */
    public static final class Candidacies {
        private final Set<Candidacy> own = new HashSet<>();
    }

    private final int sid;
    private final Electorate quorums;
    private final ServerLog log;
    private final EpochFiles epochs;
    private final Candidacies candidacies;
    private final Map<Integer, Notification> heard = new TreeMap<>();
    /** Of these what the server enters into its tables: a word for nobody counts nowhere and takes no vote back (seed 616744). */
    private final Map<Integer, Notification> counted = new TreeMap<>();
    /** Who came to follow after its last word. */
    private final Set<Integer> followers = new HashSet<>();

    /** Who said something since this server decided for itself: whoever voted for less before may still come. */
    private final Set<Integer> heardSinceDecided = new HashSet<>();

    /** The round that made this server lead; no word is of it while none did, or a reconfiguration named it. */
    private long decidedRound = Long.MAX_VALUE;

    private final PromisedVotes promised;
    private final Suffrage suffrage;
    private @Nullable Notification last;

    public VoteChecks(int sid, Electorate quorums, ServerLog log, EpochFiles epochs, Candidacies candidacies) {
        this.sid = sid;
        this.quorums = quorums;
        this.log = log;
        this.epochs = epochs;
        this.candidacies = candidacies;
        this.promised = new PromisedVotes(sid, quorums);
        this.suffrage = new Suffrage(sid, quorums);
    }

    /** The process ended. */
    public void restarted() {
        heard.clear();
        counted.clear();
        followers.clear();
        promised.ended();
        suffrage.restarted();
        stayEnded();
    }

    /** The server left its election: it may have taken over another round. */
    public void stayEnded() {
        last = null;
    }

    /** What the server says of itself; a leader's word counts too: who hears it may repeat it while still looking. */
    public void candidacy(Notification vote) {
        if (vote.leader().value() == sid) {
            candidacies.own.add(Candidacy.of(vote));
        }
    }

    /**
     * A server of Apache's answers a stranger: while it looks too, with its last decision as of the round that it is in, and who
     * looks takes that for a vote (election.md 2.3, 2.5).
     */
    public void toldStranger(Notification vote) {
        candidacies.own.add(Candidacy.of(vote));
    }

    public void sent(ServerId to, Notification vote) {
        promised.sent(to, vote);
        suffrage.sent(to, vote);
        require(
                vote.version() == Notification.VERSION && vote.config() != null,
                Invariant.FORM_OF_WORDS,
                () -> "server " + sid + " says " + vote);
        candidacy(vote);
        if (vote.state() != PeerState.LOOKING) {
            stayEnded();
            return;
        }
        Notification before = last;
        require(
                before == null || vote.round() > before.round() || compare(vote, before) >= 0,
                Invariant.VOTES_RISE,
                () -> "server " + sid + " votes " + vote + " after " + before);
        require(
                before == null || vote.round() >= before.round(),
                Invariant.VOTES_RISE,
                () -> "server " + sid + " falls from round " + (before == null ? 0 : before.round()) + " to "
                        + vote.round());
        last = vote;
        if (vote.leader().value() == Long.MIN_VALUE || !quorums.mayVote(sid)) {
            require(
                    vote.leader().value() == Long.MIN_VALUE && !quorums.isVoter(sid),
                    Invariant.NO_INVENTED_VOTE,
                    () -> "server " + sid + " votes " + vote + " as one of " + quorums);
        } else if (vote.leader().value() == sid) {
            require(
                    (vote.zxid().value() == log.lastForced() || vote.zxid().value() == -1 || beginsAnEpoch(vote))
                            && vote.peerEpoch() <= Math.max(epochs.current(), Zxids.epoch(log.lastForced())),
                    Invariant.VOTE_DURABLE,
                    () -> "server " + sid + " votes " + vote + " with currentEpoch " + epochs.current()
                            + " and the log up to " + Zxids.show(log.lastForced()) + " on disk");
        } else {
            require(
                    candidacies.own.contains(Candidacy.of(vote)),
                    Invariant.NO_INVENTED_VOTE,
                    () -> "server " + sid + " votes " + vote + ", which server " + vote.leader()
                            + " never cast for itself in that round");
        }
    }

    /** TRUNC to where an epoch began leaves that zxid, which is no transaction, ahead of the last record (seed 9008368). */
    private boolean beginsAnEpoch(Notification vote) {
        long zxid = vote.zxid().value();
        return vote.zxid().counter() == 0 && zxid > log.lastForced() && Zxids.epoch(zxid) <= epochs.current();
    }

    /** This voter came to follow, whatever it said before. */
    void joined(int voter) {
        followers.add(voter);
    }

    /** A notification from {@code from} arrived. */
    public void heard(int from, Notification vote) {
        boolean isOfBefore = vote.state() != PeerState.LOOKING && followers.contains(from);
        if (!isOfBefore) {
            followers.remove(from);
        }
        heardSinceDecided.add(from);
        heard.put(from, vote);
        suffrage.heard(from, vote);
    }

    /** The server enters a word into its tables. */
    void counts(TraceEvent.VoteReceived word) {
        int from = (int) word.from().value();
        Notification said = heard.get(from);
        if (said != null) {
            counted.put(from, said);
        }
        suffrage.counts(word);
    }

    /** The server looks no more, or does again. */
    void roleChanged(PeerState to) {
        if (to == PeerState.FOLLOWING) {
            promised.follows();
        }
        promised.ended();
    }

    /** The server leads no more. */
    void leadershipEnded() {
        decidedRound = Long.MAX_VALUE;
    }

    /** A server that serves says so in {@code epoch}. */
    void announced(Notification vote, long epoch) {
        require(
                vote.state() == PeerState.LOOKING || vote.peerEpoch() == epoch,
                Invariant.NEW_EPOCH_TOLD,
                () -> "server " + sid + " serves in epoch " + epoch + " and says " + vote);
    }

    /** The server leads, elected or named by a configuration: what it heard before says nothing about that. */
    void leads() {
        heardSinceDecided.clear();
    }

    /** Whether too many voters look for another leader than this server since it decided, as far as it heard. */
    boolean isHopeless() {
        return !quorums.isQuorum(voter -> {
            Notification word = heard.get(voter);
            boolean isElsewhere = word != null
                    && heardSinceDecided.contains(voter)
                    && !followers.contains(voter)
                    && (word.state() == PeerState.LOOKING ? word.round() >= decidedRound : isSettled(word))
                    && word.leader().value() != sid;
            return !isElsewhere;
        });
    }

    private static boolean isSettled(Notification word) {
        return word.state() == PeerState.FOLLOWING || word.state() == PeerState.LEADING;
    }

    /** The server takes {@code vote} for decided, by the rule it names (election.md 8.3, 8.4). */
    public void decided(TraceEvent.LeaderDecided decision) {
        TraceEvent.Vote vote = decision.vote();
        int leader = (int) vote.leader().value();
        promised.decided(leader);
        if (leader == sid) {
            decidedRound = vote.round();
            heardSinceDecided.clear();
        }
        // Whoever joins may know the leader's right to vote from what is pending alone, and its word may be an old one
        // (seed 33277).
        boolean isJoined = decision.rule() == TraceEvent.DecisionRule.LEADER_WORD;
        require(
                (quorums.isVoter(leader) || (isJoined && quorums.mayVote(leader))) && quorums.weight(leader) > 0,
                Invariant.ELECTABLE,
                () -> "server " + sid + " decides for server " + leader + "; " + quorums);
        if (isJoined) {
            Notification word = heard.get(leader);
            require(
                    leader == sid || (word != null && word.state() == PeerState.LEADING),
                    Invariant.DECISION_QUORUM,
                    () -> "server " + sid + " takes the word of server " + leader + ", which said " + word);
            return;
        }
        requireQuorum(vote, "decides for");
    }

    /** The server counts a quorum of votes for {@code vote}. */
    public void agreed(TraceEvent.Vote vote) {
        requireQuorum(vote, "counts a quorum for");
    }

    private void requireQuorum(TraceEvent.Vote vote, String what) {
        IntPredicate votes = voter -> voter == sid || isEqual(counted.get(voter), vote);
        require(
                quorums.isQuorum(votes),
                Invariant.DECISION_QUORUM,
                () -> "server " + sid + " " + what + " " + vote + " with the votes of " + quorums.who(votes) + "; "
                        + quorums + "; it heard " + counted);
    }

    private static boolean isEqual(@Nullable Notification word, TraceEvent.Vote vote) {
        return word != null
                && word.leader().equals(vote.leader())
                && word.round() == vote.round()
                && word.peerEpoch() == vote.peerEpoch();
    }

    private static int compare(Notification a, Notification b) {
        int byEpoch = Long.compare(a.peerEpoch(), b.peerEpoch());
        int byZxid = Long.compare(a.zxid().value(), b.zxid().value());
        return byEpoch != 0 ? byEpoch : byZxid != 0 ? byZxid : a.leader().compareTo(b.leader());
    }
}
