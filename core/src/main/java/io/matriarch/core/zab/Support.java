package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.wire.ServerId;
import java.util.Set;
import java.util.TreeSet;

/** Which voters stand behind a new leader, phase by phase, and which are lost to it (zab.md 7.2, 8.2; election.md F7). */
final class Support {
    private static final long NOBODY_EXPECTED = Long.MAX_VALUE;

    private final Zab zab;
    /** Voters whose promise, epoch acknowledgement or NEWLEADER acknowledgement came, by phase. */
    private final Set<ServerId> supporters = new TreeSet<>();
    /** Voters that were last heard to vote for somebody else, or are known to be down (F7). */
    private final Set<ServerId> lost = new TreeSet<>();

    private long expectedUntilNanos;

    /** @param isExpected whether every voter has just been heard, so that all of them will come if nothing happens */
    Support(Zab zab, boolean isExpected) {
        this.zab = zab;
        this.expectedUntilNanos = isExpected ? zab.now().plusMillis(zab.limits().initMillis() / 2) : NOBODY_EXPECTED;
    }

    /** The next phase begins, in which nobody has said anything yet. */
    void begin() {
        supporters.clear();
    }

    void add(ServerId voter) {
        supporters.add(voter);
    }

    boolean isQuorum() {
        return zab.verifier().isQuorum(supporters::contains);
    }

    /** A server has come, as a voter or not. */
    void came(ServerId sid, boolean isVoter) {
        lost.remove(sid);
        expectedUntilNanos = isVoter ? NOBODY_EXPECTED : expectedUntilNanos;
    }

    void votedElsewhere(ServerId voter) {
        lost.add(voter);
        expectedUntilNanos = NOBODY_EXPECTED;
    }

    void votedForUs(ServerId voter) {
        lost.remove(voter);
    }

    /** What to say when there will be no quorum. */
    String whyHopeless() {
        return "voters " + lost + " support another server or are down; no quorum is left for us";
    }

    boolean isHopeless() {
        return !zab.verifier().isQuorum(voter -> !lost.contains(voter));
    }

    /** Whether some voter is on its way, as far as we know. */
    boolean isExpecting() {
        return expectedUntilNanos != NOBODY_EXPECTED;
    }

    void timePassed(Now now) {
        if (now.isAtOrAfter(expectedUntilNanos)) {
            expectedUntilNanos = NOBODY_EXPECTED;
        }
    }

    /** When somebody who was expected will not be any more; Long.MAX_VALUE if nobody is. */
    long deadlineNanos() {
        return expectedUntilNanos;
    }
}
