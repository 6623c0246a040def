package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.HashSet;
import java.util.Set;

/** That who does not vote, as far as one server knows, is neither counted there nor told anything unasked. */
final class Suffrage {
    private final int sid;
    private final Electorate quorums;
    /** Who looked for a leader when it was heard last, and was not answered yet. */
    private final Set<Integer> asking = new HashSet<>();

    Suffrage(int sid, Electorate quorums) {
        this.sid = sid;
        this.quorums = quorums;
    }

    void restarted() {
        asking.clear();
    }

    void heard(int from, Notification word) {
        if (word.state() == PeerState.LOOKING) {
            asking.add(from);
        }
    }

    void sent(ServerId to, Notification word) {
        int peer = (int) to.value();
        boolean wasAsked = asking.remove(peer);
        require(
                wasAsked || quorums.mayVote(peer),
                Invariant.TOLD_WHEN_ASKED,
                () -> "server " + sid + " tells server " + peer + " unasked, which does not vote: " + word + "; "
                        + quorums);
    }

    /** The server enters a word into its tables. */
    void counts(TraceEvent.VoteReceived word) {
        int from = (int) word.from().value();
        int leader = (int) word.vote().leader().value();
        require(
                quorums.mayVote(from) && quorums.mayVote(leader),
                Invariant.VOTERS_COUNT,
                () -> "server " + sid + " counts a word of server " + from + " for server " + leader + " among "
                        + quorums);
    }
}
