package io.matriarch.core.election;

import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;

/** What a server said last: its state, its vote, and the round in which it cast it. */
record Heard(PeerState state, Vote vote, long round, int version) {
    static Heard of(Notification n) {
        return new Heard(n.state(), Vote.of(n), n.round(), n.version());
    }

    boolean isLooking() {
        return state == PeerState.LOOKING;
    }

    /** Whether this word supports {@code leaderWord}, a vote of a server that is not looking (election.md 3.4). */
    boolean agreesWith(Heard leaderWord) {
        if (isLooking()) {
            return vote.equals(leaderWord.vote) && round == leaderWord.round;
        }
        boolean isExactlyOneOld = (version == 0) != (leaderWord.version == 0);
        return vote.leader().equals(leaderWord.vote.leader())
                && (isExactlyOneOld || vote.peerEpoch() == leaderWord.vote.peerEpoch());
    }
}
