package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.Set;
import java.util.TreeSet;

/** Whom one server told last, while it looked, that it votes for it: such a server may lead by that vote (election.md F9). */
final class PromisedVotes {
    private final int sid;
    private final Electorate quorums;
    private final Set<Integer> candidates = new TreeSet<>();
    private int decidedFor = -1;

    PromisedVotes(int sid, Electorate quorums) {
        this.sid = sid;
        this.quorums = quorums;
    }

    void sent(ServerId to, Notification vote) {
        if (vote.state() == PeerState.LOOKING && vote.leader().equals(to)) {
            candidates.add((int) to.value());
        } else {
            candidates.remove((int) to.value());
        }
    }

    void decided(int leader) {
        decidedFor = leader;
    }

    /** The server follows whom it decided for. */
    void follows() {
        candidates.remove(decidedFor);
        candidates.removeIf(candidate -> !quorums.isVoter(candidate));
        require(
                candidates.isEmpty(),
                Invariant.FORSAKEN_TOLD,
                () -> "server " + sid + " follows server " + decidedFor + ", and servers " + candidates
                        + " were told last that it votes for them");
    }

    /** The server begins anew. */
    void ended() {
        candidates.clear();
    }
}
