package io.matriarch.sim.apache;

import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;

/**
 * A vote and what its sender was doing, as Apache keeps it in its tables.
 *
 * @param version of the notification; what is kept of this round's votes counts as 0 (election.md 3.4)
 */
record Word(PeerState state, long leader, long zxid, long peerEpoch, long round, int version) {
    static Word of(Notification heard) {
        return new Word(
                heard.state(),
                heard.leader().value(),
                heard.zxid().value(),
                heard.peerEpoch(),
                heard.round(),
                heard.version());
    }

    Word inVersion(int other) {
        return new Word(state, leader, zxid, peerEpoch, round, other);
    }

    /** election.md 3.3, without weights. */
    boolean isGreaterThan(Word other) {
        if (peerEpoch != other.peerEpoch) {
            return peerEpoch > other.peerEpoch;
        }
        return zxid != other.zxid ? zxid > other.zxid : leader > other.leader;
    }

    boolean isSameVote(Word other) {
        return leader == other.leader && zxid == other.zxid && peerEpoch == other.peerEpoch;
    }

    /** election.md 3.4. */
    boolean agreesWith(Word other) {
        if (state == PeerState.LOOKING || other.state == PeerState.LOOKING) {
            return isSameVote(other) && round == other.round;
        }
        if ((version > 0) != (other.version > 0)) {
            return leader == other.leader;
        }
        return leader == other.leader && peerEpoch == other.peerEpoch;
    }
}
