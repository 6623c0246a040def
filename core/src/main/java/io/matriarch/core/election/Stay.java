package io.matriarch.core.election;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.core.port.TraceEvent.VoteRule;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One time of looking for a leader, from entering LOOKING to leaving it (election.md 3.6 to 3.8).
 *
 * <p>Within a round the proposal only rises, and every voter's vote is at least its own history; so once every voter was
 * heard and none beats the proposal, nothing better can come (F1).
 */
final class Stay {
    private final Election election;
    private final ServerId self;
    private final QuorumVerifier verifier;
    private final Vote ownVote;

    /** What each voter said last in this round, in whatever state. */
    private final Map<ServerId, Heard> heard = new TreeMap<>();
    /** What servers said that follow or lead, in whatever round. */
    private final Map<ServerId, Heard> outOfElection = new TreeMap<>();
    /** What we told each voter last in this round. */
    private final Map<ServerId, Vote> told = new TreeMap<>();
    /** Whose worse vote was answered with our proposal. */
    private final Set<ServerId> answered = new TreeSet<>();

    private final Repeats repeats;
    private final Set<ServerId> knownDown = new TreeSet<>();
    private final Strangers strangers = new Strangers();
    private final Unanswered unanswered = new Unanswered();

    private Vote proposal;
    private @Nullable Decision decision;
    private boolean hasQuorum;
    private long quorumNanos;

    Stay(Election election, Vote ownVote) {
        this.election = election;
        this.self = election.self();
        this.verifier = election.verifier();
        this.ownVote = ownVote;
        this.proposal = ownVote;
        this.repeats = new Repeats(election);
    }

    void begin(Now now, String trigger) {
        election.beginRound(now);
        heard.clear();
        outOfElection.clear();
        told.clear();
        decision = null;
        hasQuorum = false;
        proposal = ownVote;
        election.out()
                .trace(new TraceEvent.ElectionStarted(election.round(), ownVote.inRound(election.round()), trigger));
        broadcast(now);
        evaluate(now);
    }

    @Nullable
    Decision decision() {
        return decision;
    }

    boolean isLikelyToLead() {
        return hasQuorum && proposal.leader().equals(self);
    }

    // --- what happens --------------------------------------------------------------------------------------------

    void received(Now now, ServerId from, Notification n) {
        if (!verifier.isVoter(from) && election.rules().asksWhoVotes()) {
            answerStranger(now, from, n);
            return;
        }
        unanswered.heard(from);
        if (!verifier.isVoter(n.leader()) && election.rules().asksWhoMayLead()) {
            return;
        }
        knownDown.remove(from);
        Heard word = Heard.of(n);
        election.out()
                .trace(new TraceEvent.VoteReceived(from, n.state(), word.vote().inRound(n.round())));
        switch (n.state()) {
            case LOOKING -> heardLooking(now, from, word);
            case FOLLOWING, LEADING -> heardSettled(now, from, word);
            case OBSERVING -> {}
        }
    }

    void refused(Now now, ServerId peer) {
        if (!verifier.isVoter(peer) || peer.equals(self)) {
            return;
        }
        if (knownDown.add(peer)) {
            election.out().trace(new TraceEvent.PeerKnownDown(peer));
        }
        boolean isDecidedFor = decision != null && isLeaderOf(decision, peer);
        if (isDecidedFor || proposal.leader().equals(peer)) {
            abandon(now, "server " + peer + " refuses connections");
        } else {
            evaluate(now);
        }
    }

    void isUp(ServerId peer) {
        knownDown.remove(peer);
        unanswered.heard(peer);
    }

    void timePassed(Now now) {
        evaluate(now);
        if (repeats.isSafetyDue(now)) {
            tellAll();
        }
        boolean isLongSaid = repeats.areRarest();
        // Nobody tells an observer unasked that a leader is there, and asking costs a voter that answers no wait.
        if (!repeats.isRepeatDue(now, isVoter())) {
            return;
        }
        if (isLongSaid && isSomethingLost()) {
            begin(now, "a quorum was heard in this round and does not agree");
            return;
        }
        for (ServerId voter : verifier.voters()) {
            if (!voter.equals(self) && !hasAnnouncedOurVote(voter) && (isVoter() || unanswered.mayAsk(voter))) {
                tell(voter);
            }
        }
    }

    /**
     * Whether enough voters look in our round that they would have agreed by now, had all words arrived. A server of Apache's
     * waits up to a minute before it speaks again, and each repeat of ours makes that wait begin anew (election.md 3.6);
     * a new round makes everybody speak at once.
     */
    private boolean isSomethingLost() {
        return decision == null
                && countsVotes()
                && verifier.isQuorum(voter -> voter.equals(self)
                        || (heard.containsKey(voter) && heard.get(voter).isLooking()));
    }

    /** What is a quorum may have changed. */
    void reconsider(Now now) {
        for (Heard word : List.copyOf(outOfElection.values())) {
            if (decision == null && !word.vote().leader().equals(self)) {
                joinIfEstablished(now, word);
            }
        }
        evaluate(now);
    }

    long deadlineNanos() {
        long deadline = repeats.deadlineNanos();
        if (hasQuorum && decision == null) {
            deadline = Math.min(deadline, finalWaitEndNanos());
        }
        return deadline;
    }

    void abandon(Now now, String reason) {
        election.out().trace(new TraceEvent.DecisionDropped(proposal.inRound(election.round()), reason));
        begin(now, reason);
    }

    // --- votes of servers that look ------------------------------------------------------------------------------

    private void heardLooking(Now now, ServerId from, Heard word) {
        outOfElection.remove(from);
        if (decision != null && decision.rule() == DecisionRule.LEADER_WORD && isLeaderOf(decision, from)) {
            election.out()
                    .trace(new TraceEvent.DecisionDropped(
                            decision.vote().inRound(decision.round()), "it looks itself"));
            decision = null;
        }
        if (!countsVotes() || word.vote().zxid().equals(Zxid.NONE)) {
            return; // a distrusted history neither counts votes nor is counted (election.md 3.10)
        }
        long round = election.round();
        if (word.round() >= round
                && word.vote().leader().equals(self)
                && word.vote().isGreaterThan(ownVote)) {
            // We cast that vote ourselves before our log was cut, in a round that joining made us leave. It claims what
            // we do not have any more, so it must not be ours again (election.md 8.2).
            election.setRound(word.round());
            abandon(now, "server " + from + " holds an old vote of ours, above our history");
            return;
        }
        if (word.round() < round) {
            heard.remove(from); // it looks anew since it voted in this round
            tell(from);
            return;
        }
        boolean isFirstWord = !heard.containsKey(from);
        if (word.round() > round) {
            adoptRound(now, from, word);
        } else if (beats(word.vote(), proposal)) {
            adopt(now, word.vote(), word.vote().ruleOver(proposal), from);
        }
        heard.put(from, word);
        if (word.round() == round) {
            answer(from, word, isFirstWord);
        }
        dropWhatAQuorumForsook();
        evaluate(now);
    }

    private void adoptRound(Now now, ServerId from, Heard word) {
        election.setRound(word.round());
        if (election.rules().forgetsVotesOfOldRounds()) {
            heard.clear();
        }
        told.clear();
        // Our own vote is the yardstick, not the proposal of the old round (election.md 3.6, N3).
        boolean isBetter = beats(word.vote(), ownVote);
        adopt(
                now,
                isBetter ? word.vote() : ownVote,
                isBetter ? word.vote().ruleOver(ownVote) : VoteRule.NEW_ROUND,
                from);
    }

    private void adopt(Now now, Vote vote, VoteRule rule, ServerId because) {
        long round = election.round();
        election.out().trace(new TraceEvent.VoteChanged(proposal.inRound(round), vote.inRound(round), rule, because));
        if (decision != null && decision.rule() != DecisionRule.LEADER_WORD) {
            election.out().trace(new TraceEvent.DecisionDropped(proposal.inRound(round), "a better vote came"));
            decision = null;
        }
        proposal = vote;
        hasQuorum = false;
        broadcast(now);
    }

    /**
     * F4: tell a server at once what it cannot know yet, but once for each rise of our vote; never repeat to one that said the
     * same as we did. Should the answer be lost, a repeat or the next connection tells it.
     */
    private void answer(ServerId from, Heard word, boolean isFirstWord) {
        boolean isWorse = proposal.isGreaterThan(word.vote());
        boolean isTold = proposal.equals(told.get(from));
        if ((isWorse && answered.add(from)) || (isFirstWord && !isTold)) {
            tell(from);
        }
    }

    /** With our proposal and round, which unlike an old decision cannot lead it astray (election.md 3.12). */
    private void answerStranger(Now now, ServerId from, Notification n) {
        if (n.state() == PeerState.LOOKING && isVoter() && strangers.isDue(now, from)) {
            election.tell(from, PeerState.LOOKING, proposal, election.round());
        }
    }

    /** Whether we vote; an observer only looks for a leader that others elected. */
    private boolean isVoter() {
        return verifier.isVoter(self);
    }

    /**
     * Whether votes of this round make us decide. An observer joins on the word of a leader alone (election.md 3.12): by
     * their votes it could not tell a leader from one that fails to gather a quorum.
     */
    private boolean countsVotes() {
        return isVoter() && !ownVote.zxid().equals(Zxid.NONE);
    }

    private boolean beats(Vote vote, Vote other) {
        boolean hasWeight =
                verifier.weight(vote.leader()) > 0 || !election.rules().asksWeights();
        return hasWeight && election.rules().isGreater(vote, other);
    }

    // --- words of servers that follow or lead --------------------------------------------------------------------

    private void heardSettled(Now now, ServerId from, Heard word) {
        boolean isCounted =
                word.round() == election.round() || !election.rules().countsWordsOfOwnRoundOnly();
        if (isCounted) {
            heard.put(from, word);
        } else {
            heard.remove(from); // it settled elsewhere since it voted in this round
        }
        Heard before = outOfElection.put(from, word);
        if (isCounted && before == null && !election.rules().takesLeadersWordAtOnce()) {
            return;
        }
        if (word.vote().leader().equals(self)) {
            evaluate(now); // only an exact vote of this stay and round makes us lead (election.md 4.5)
        } else if (decision == null
                || !decision.vote().leader().equals(word.vote().leader())) {
            joinIfEstablished(now, word);
        }
    }

    /** election.md 3.8 and F8: the leader's own word, and a quorum that says the same, counting ourselves if we may. */
    private void joinIfEstablished(Now now, Heard word) {
        ServerId leader = word.vote().leader();
        Heard leaderWord = leadersWord(leader, word);
        if (leaderWord == null
                || leaderWord.state() != PeerState.LEADING
                || !leaderWord.vote().leader().equals(leader)) {
            return;
        }
        if (!isBacked(leaderWord)) {
            return;
        }
        // Our own vote and round stay what they are for everybody who looks: only joining changes them. Telling others
        // the
        // leader's refreshed epoch as a vote would be a vote that nobody cast (election.md 8.2).
        decide(now, new Decision(leaderWord.vote(), leaderWord.round(), DecisionRule.LEADER_WORD));
    }

    /**
     * Who leads on its own word waits for followers up to {@code initLimit}, an Apache server without an open port for all of it.
     * Those that said they followed it may look again meanwhile, and agree on another with us: then they do not come back.
     */
    private void dropWhatAQuorumForsook() {
        Decision decided = decision;
        if (decided == null || decided.rule() != DecisionRule.LEADER_WORD || !countsVotes()) {
            return;
        }
        Heard leaderWord = outOfElection.get(decided.vote().leader());
        if (leaderWord != null && !isBacked(leaderWord) && verifier.isQuorum(this::looksAndBacksProposal)) {
            election.out()
                    .trace(new TraceEvent.DecisionDropped(
                            decided.vote().inRound(decided.round()),
                            "a quorum looks and votes for server " + proposal.leader()));
            decision = null;
        }
    }

    private boolean looksAndBacksProposal(ServerId voter) {
        return voter.equals(self) || (backsProposal(voter) && heard.get(voter).isLooking());
    }

    /** Whether a quorum says that it follows the one that leads, or looks and would. */
    private boolean isBacked(Heard leaderWord) {
        boolean mayCountSelf = !isHistoryAbove(leaderWord.vote());
        return verifier.mustTakeTheLeader()
                || verifier.isQuorum(s -> (mayCountSelf && s.equals(self)) || supports(s, leaderWord));
    }

    private @Nullable Heard leadersWord(ServerId leader, Heard word) {
        Heard own = outOfElection.get(leader);
        boolean isEnough = own != null || election.rules().requiresLeadersWord();
        return isEnough ? own : new Heard(PeerState.LEADING, word.vote(), word.round(), word.version());
    }

    private boolean supports(ServerId voter, Heard leaderWord) {
        Heard settled = outOfElection.get(voter);
        Heard inRound = heard.get(voter);
        return (settled != null && settled.agreesWith(leaderWord))
                || (inRound != null && inRound.agreesWith(leaderWord));
    }

    private static boolean isLeaderOf(Decision decided, ServerId peer) {
        return decided.vote().leader().equals(peer);
    }

    private boolean isHistoryAbove(Vote vote) {
        return ownVote.peerEpoch() > vote.peerEpoch()
                || (ownVote.peerEpoch() == vote.peerEpoch() && ownVote.zxid().isAfter(vote.zxid()));
    }

    // --- deciding ------------------------------------------------------------------------------------------------

    private void evaluate(Now now) {
        if (decision != null || !countsVotes()) {
            return;
        }
        boolean isQuorum = verifier.isQuorum(this::backsProposal);
        boolean isAllHeard = verifier.voters().stream().allMatch(v -> v.equals(self) || heard.containsKey(v));
        if (!isQuorum && !(isAllHeard && !election.rules().decidesByQuorum())) {
            hasQuorum = false;
            return;
        }
        if (!hasQuorum) {
            hasQuorum = true;
            quorumNanos = now.nanos();
            int votes =
                    (int) verifier.voters().stream().filter(this::backsProposal).count();
            election.out()
                    .trace(new TraceEvent.QuorumAgreed(
                            proposal.inRound(election.round()),
                            votes,
                            verifier.voters().size()));
        }
        if (isEveryVoterHeard(false)) {
            decide(now, DecisionRule.ALL_HEARD);
        } else if (isEveryVoterHeard(true)) {
            decide(now, DecisionRule.REST_DOWN);
        } else if (now.isAtOrAfter(finalWaitEndNanos())) {
            decide(now, DecisionRule.WAIT_OVER);
        }
    }

    private boolean backsProposal(ServerId voter) {
        if (voter.equals(self)) {
            return true;
        }
        Heard word = heard.get(voter);
        return word != null
                && word.vote().equals(proposal)
                && (word.round() == election.round()
                        || !election.rules().forgetsVotesOfOldRounds()
                        || (!word.isLooking() && !election.rules().countsWordsOfOwnRoundOnly()));
    }

    /** F1, and with {@code orDown} F2: no voter is left that could still bring a better vote into this round. */
    private boolean isEveryVoterHeard(boolean orDown) {
        for (ServerId voter : verifier.voters()) {
            Heard word = heard.get(voter);
            boolean isHeard = voter.equals(self) || (word != null && word.isLooking());
            boolean isHarmless = isHeard || verifier.weight(voter) == 0 || (orDown && knownDown.contains(voter));
            if (!isHarmless) {
                return false;
            }
        }
        return true;
    }

    private void decide(Now now, DecisionRule rule) {
        decide(now, new Decision(proposal, election.round(), rule));
    }

    private void decide(Now now, Decision decided) {
        decision = decided;
        PeerState joining = election.membership().isObserver() ? PeerState.OBSERVING : PeerState.FOLLOWING;
        PeerState as = decided.vote().leader().equals(self) ? PeerState.LEADING : joining;
        election.out()
                .trace(new TraceEvent.LeaderDecided(
                        decided.vote().inRound(decided.round()),
                        as,
                        decided.rule(),
                        now.millisSince(election.sinceNanos())));
    }

    private long finalWaitEndNanos() {
        return quorumNanos + election.timing().finalWaitMillis() * 1_000_000;
    }

    /** Who was told last that we vote for it, {@code leader} apart. */
    List<ServerId> forsakenFor(ServerId leader) {
        return told.entrySet().stream()
                .filter(last -> last.getValue().leader().equals(last.getKey()))
                .map(Map.Entry::getKey)
                .filter(candidate -> !candidate.equals(leader))
                .toList();
    }

    /** Voters that said last that they lead or follow somebody else than us. */
    List<ServerId> settledElsewhere() {
        return outOfElection.entrySet().stream()
                .filter(word -> !word.getValue().vote().leader().equals(self))
                .map(Map.Entry::getKey)
                .toList();
    }

    // --- telling -------------------------------------------------------------------------------------------------

    private boolean hasAnnouncedOurVote(ServerId voter) {
        Heard word = heard.get(voter);
        return word != null && word.vote().equals(proposal) && word.round() == election.round();
    }

    private void broadcast(Now now) {
        repeats.restart(now);
        answered.clear();
        tellAll();
    }

    private void tellAll() {
        boolean isForVoters = election.rules().tellsVotersOnly();
        for (ServerId member : isForVoters ? verifier.voters() : election.members()) {
            if (!member.equals(self)) {
                tell(member);
            }
        }
    }

    private void tell(ServerId to) {
        told.put(to, proposal);
        election.tell(to, PeerState.LOOKING, proposal, election.round());
    }
}
