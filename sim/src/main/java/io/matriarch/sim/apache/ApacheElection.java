package io.matriarch.sim.apache;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.Map;
import java.util.TreeMap;

/**
 * FastLeaderElection as Apache runs it (election.md 2.4, 3.6 to 3.8): a final wait of 200 ms from the last message, in
 * which whatever is not a better vote is consumed and forgotten; a resend interval that doubles and is never reset; no
 * answer to a worse vote of the same round.
 */
final class ApacheElection {
    private static final long MILLI = 1_000_000;
    private static final long FINAL_WAIT_MILLIS = 200;
    private static final long FIRST_INTERVAL_MILLIS = 200;
    private static final long LAST_INTERVAL_MILLIS = 60_000;
    private static final int VERSION = 2;

    private final ApacheServer server;
    private final ApacheMembership membership;
    private final FinalWait finalWait;
    private final Map<Integer, Word> received = new TreeMap<>();
    private final Map<Integer, Word> outOfElection = new TreeMap<>();

    private long round;
    private boolean isLooking;
    /** It learned of other members and hears nothing more; the loop notices when its wait is over (election.md 3.11). */
    private boolean isStopped;

    private Word ownVote;
    private Word proposal;
    /** The last decision, which askers are told while this server does not look. */
    private Word current;

    private boolean isFinal;
    private long intervalMillis;
    private int timer;

    ApacheElection(ApacheServer server, ApacheMembership membership, Word selfVote) {
        this.server = server;
        this.membership = membership;
        this.finalWait = new FinalWait(server);
        this.ownVote = selfVote;
        this.proposal = selfVote;
        this.current = startUpVote(selfVote);
    }

    private static Word startUpVote(Word own) {
        return new Word(PeerState.LOOKING, own.leader(), own.zxid(), own.peerEpoch(), -1, VERSION);
    }

    long round() {
        return round;
    }

    /** Whom the last decision named. */
    int leader() {
        return (int) current.leader();
    }

    /** A configuration with other members: everything begins anew, the connections too (election.md 3.11). */
    void restart() {
        round = 0;
        isStopped = false;
        received.clear();
        outOfElection.clear();
        finalWait.forgetAll();
        server.around().restartElection();
    }

    /** A configuration names who leads from now on (election.md 4.4). */
    void name(int designated, Zxid reconfiguration) {
        current = new Word(PeerState.LOOKING, designated, reconfiguration.value(), -1, -1, VERSION);
    }

    /** Enters LOOKING with this own vote. */
    void look(Word vote) {
        isLooking = true;
        round++;
        ownVote = vote;
        proposal = vote;
        received.clear();
        outOfElection.clear();
        isFinal = false;
        intervalMillis = FIRST_INTERVAL_MILLIS;
        broadcast();
        arm(intervalMillis);
    }

    /** After synchronization the epoch that everybody is told is the new one (election.md 2.3). */
    void refreshEpoch(long epoch) {
        current = new Word(current.state(), current.leader(), current.zxid(), epoch, current.round(), VERSION);
    }

    // --- hearing -----------------------------------------------------------------------------------------------------

    /** election.md 2.4. */
    void heard(int from, Notification notification) {
        if (isStopped) {
            return;
        }
        if (isLooking && membership.learn(notification.config())) {
            isStopped = true;
            return;
        }
        if (!membership.isVoter(from)) {
            Notification answer = notification(isLooking ? PeerState.LOOKING : server.state(), current, round);
            server.around().checks().toldStranger(answer);
            server.around().tell(from, answer);
            return;
        }
        if (isLooking) {
            Word word = Word.of(notification);
            boolean isBehind = word.state() == PeerState.LOOKING && word.round() < round;
            take(from, word);
            if (isBehind && isLooking) {
                say(from, PeerState.LOOKING, proposal, round);
            }
        } else if (notification.state() == PeerState.LOOKING) {
            say(from, server.state(), current, current.round());
        }
    }

    /** The peer's connection ended. */
    void forgetWords(int peer) {
        finalWait.forget(peer);
    }

    private void take(int from, Word word) {
        if (isFinal) {
            if (beats(word, proposal)) {
                isFinal = false;
                finalWait.ended();
            } else {
                finalWait.consumed(from, word);
                arm(FINAL_WAIT_MILLIS);
                return;
            }
        }
        arm(intervalMillis);
        if (!isElectable(word)) {
            return;
        }
        switch (word.state()) {
            case LOOKING -> looking(from, word);
            case FOLLOWING, LEADING -> settled(from, word);
            case OBSERVING -> {}
        }
    }

    private boolean isElectable(Word word) {
        return word.leader() >= 1 && membership.isVoter((int) word.leader());
    }

    private void looking(int from, Word word) {
        if (word.zxid() == -1) {
            return;
        }
        finalWait.heard(from, word);
        if (word.round() > round) {
            round = word.round();
            received.clear();
            proposal = beats(word, ownVote) ? word : ownVote;
            broadcast();
        } else if (word.round() < round) {
            return;
        } else if (beats(word, proposal)) {
            proposal = word;
            broadcast();
        }
        received.put(from, word.inVersion(0));
        Word ours = new Word(PeerState.LOOKING, proposal.leader(), proposal.zxid(), proposal.peerEpoch(), round, 0);
        if (membership.isVoter(server.sid()) && isQuorum(received, ours)) {
            isFinal = true;
            finalWait.began(ours);
            arm(FINAL_WAIT_MILLIS);
        }
    }

    /** election.md 3.8. */
    private void settled(int from, Word word) {
        boolean isLeadersWordLate = server.release() == ApacheRelease.R3_5_10;
        if (word.round() == round) {
            received.put(from, word.inVersion(0));
            Map<Integer, Word> witnesses = isLeadersWordLate ? outOfElection : received;
            if (isQuorum(received, word) && isLeaderSeen(witnesses, word)) {
                decide(word, round);
                return;
            }
        }
        outOfElection.put(from, word);
        if (isQuorum(outOfElection, word) && isLeaderSeen(outOfElection, word)) {
            round = word.round();
            decide(word, round);
        }
    }

    private boolean isLeaderSeen(Map<Integer, Word> words, Word word) {
        if (word.leader() == server.sid()) {
            return round == word.round();
        }
        Word leaders = words.get((int) word.leader());
        return leaders != null && leaders.state() == PeerState.LEADING;
    }

    private boolean isQuorum(Map<Integer, Word> words, Word word) {
        return membership.isQuorum(sid -> {
            Word theirs = words.get(sid);
            return theirs != null && theirs.agreesWith(word);
        });
    }

    private boolean beats(Word word, Word other) {
        boolean hasWeight = word.leader() >= 1 && membership.weight((int) word.leader()) > 0;
        return hasWeight && word.isGreaterThan(other);
    }

    // --- time --------------------------------------------------------------------------------------------------------

    private void arm(long millis) {
        int mine = ++timer;
        server.around().after(millis * MILLI, () -> {
            if (mine == timer && isLooking) {
                silence();
            }
        });
    }

    private void silence() {
        if (isStopped) {
            finalWait.ended();
            restart();
            server.look();
            current = startUpVote(ownVote);
            return;
        }
        if (isFinal) {
            decide(proposal, round);
            return;
        }
        broadcast();
        intervalMillis = Math.min(2 * intervalMillis, LAST_INTERVAL_MILLIS);
        arm(intervalMillis);
    }

    private void decide(Word vote, long inRound) {
        isLooking = false;
        isFinal = false;
        timer++;
        finalWait.ended();
        PeerState joining = server.isObserver() ? PeerState.OBSERVING : PeerState.FOLLOWING;
        PeerState as = vote.leader() == server.sid() ? PeerState.LEADING : joining;
        current = new Word(as, vote.leader(), vote.zxid(), vote.peerEpoch(), inRound, VERSION);
        server.decided(as, (int) vote.leader());
    }

    // --- saying ------------------------------------------------------------------------------------------------------

    private void broadcast() {
        for (int voter : membership.voters()) {
            if (voter != server.sid()) {
                say(voter, PeerState.LOOKING, proposal, round);
            }
        }
        if (membership.isVoter(server.sid())) {
            Word own = new Word(
                    PeerState.LOOKING, proposal.leader(), proposal.zxid(), proposal.peerEpoch(), round, VERSION);
            server.around().after(0, () -> {
                if (isLooking && !isStopped) {
                    take(server.sid(), own);
                }
            });
        }
    }

    private void say(int to, PeerState state, Word vote, long inRound) {
        Notification said = notification(state, vote, inRound);
        server.around().checks().candidacy(said);
        server.around().tell(to, said);
    }

    private Notification notification(PeerState state, Word vote, long inRound) {
        return new Notification(
                state,
                new ServerId(vote.leader()),
                new Zxid(vote.zxid()),
                inRound,
                vote.peerEpoch(),
                VERSION,
                membership.committed().text());
    }
}
