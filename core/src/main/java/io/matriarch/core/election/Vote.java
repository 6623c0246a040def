package io.matriarch.core.election;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;

/**
 * A vote: whom, and how new that server's history is.
 *
 * @param leader the server voted for
 * @param zxid the last zxid of that server's log
 * @param peerEpoch that server's current epoch
 */
public record Vote(ServerId leader, Zxid zxid, long peerEpoch) {
    /** What an observer says while it looks: less than any vote, for nobody (election.md 3.2). */
    public static final Vote OF_OBSERVER =
            new Vote(new ServerId(Long.MIN_VALUE), new Zxid(Long.MIN_VALUE), Long.MIN_VALUE);

    /**
     * What a server says while it looks that is to follow but has no vote yet, or none any more: for nobody, with its own
     * history (election.md 3.2).
     */
    public static Vote ofNonVoter(Zxid zxid, long peerEpoch) {
        return new Vote(OF_OBSERVER.leader(), zxid, peerEpoch);
    }

    static Vote of(Notification n) {
        return new Vote(n.leader(), n.zxid(), n.peerEpoch());
    }

    /** Whether this vote is greater in the order of election.md 3.3: epoch, then zxid, then server id. */
    public boolean isGreaterThan(Vote other) {
        if (peerEpoch != other.peerEpoch) {
            return peerEpoch > other.peerEpoch;
        }
        if (!zxid.equals(other.zxid)) {
            return zxid.isAfter(other.zxid);
        }
        return leader.compareTo(other.leader) > 0;
    }

    /** Which clause of the order makes this vote greater than {@code other}. */
    TraceEvent.VoteRule ruleOver(Vote other) {
        if (peerEpoch != other.peerEpoch) {
            return TraceEvent.VoteRule.HIGHER_EPOCH;
        }
        return zxid.equals(other.zxid) ? TraceEvent.VoteRule.HIGHER_SERVER_ID : TraceEvent.VoteRule.HIGHER_ZXID;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vote that
                && that.leader.equals(leader)
                && that.zxid.equals(zxid)
                && that.peerEpoch == peerEpoch;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * leader.hashCode() + zxid.hashCode()) + Long.hashCode(peerEpoch);
    }

    TraceEvent.Vote inRound(long round) {
        return new TraceEvent.Vote(peerEpoch, zxid, leader, round);
    }
}
