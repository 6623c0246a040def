package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.quorum.Configuration;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who votes and what is a quorum, to the knowledge of one server, or by all that was delivered. While a configuration is
 * pending there, a quorum is one in both (zab.md 14).
 */
public final class Electorate {
    private Quorums committed;
    private @Nullable Quorums pending;
    private List<Integer> observers;
    private long version;
    private long pendingVersion;

    /** One that does not change, or has not yet: whoever does not vote observes. */
    public Electorate(Quorums initial, int servers) {
        this.committed = initial;
        this.observers = IntStream.rangeClosed(1, servers)
                .filter(sid -> !initial.isVoter(sid))
                .boxed()
                .toList();
    }

    /** Both as the server knows them from now on; a version never falls while it lives (invariant 40). */
    void knows(int sid, Configuration agreed, Configuration lastSeen) {
        require(
                agreed.version() >= version,
                Invariant.CONFIGURATION_RISES,
                () -> "server " + sid + " goes from configuration " + Zxids.show(version) + " to "
                        + Zxids.show(agreed.version()));
        recovers(agreed, lastSeen);
    }

    /** What a server starts with. */
    void recovers(Configuration agreed, Configuration lastSeen) {
        version = agreed.version();
        committed = Quorums.of(agreed);
        pendingVersion = lastSeen.version();
        pending = lastSeen.version() > agreed.version() ? Quorums.of(lastSeen) : null;
        observers = agreed.members().keySet().stream()
                .filter(agreed::isObserver)
                .map(member -> (int) member.value())
                .toList();
    }

    /** The newest version known here, agreed or not. */
    long lastSeenVersion() {
        return Math.max(version, pendingVersion);
    }

    long weight(int sid) {
        Quorums next = pending;
        return Math.max(committed.weight(sid), next == null ? 0 : next.weight(sid));
    }

    boolean isVoter(int sid) {
        return committed.isVoter(sid);
    }

    /** Whether it votes, or will if what is pending is agreed: then its vote counts for that. */
    boolean mayVote(int sid) {
        Quorums next = pending;
        return committed.isVoter(sid) || (next != null && next.isVoter(sid));
    }

    /** Whether it is not that of the beginning. A leader that becomes an observer leads on for a moment, and commits nothing. */
    boolean hasChanged() {
        return version > 0;
    }

    boolean isObserver(int sid) {
        return observers.contains(sid);
    }

    boolean isQuorum(IntPredicate has) {
        Quorums both = pending;
        return committed.isQuorum(has) && (both == null || both.isQuorum(has));
    }

    /** The same by votes alone: an oracle's word, which may change at any time, does not count. */
    boolean isQuorumOfVotes(IntPredicate has) {
        Quorums both = pending;
        return committed.isQuorumOfGroups(has) && (both == null || both.isQuorumOfGroups(has));
    }

    /** For messages: the voters for which {@code has} holds. */
    List<Integer> who(IntPredicate has) {
        return committed.who(has);
    }

    @Override
    public String toString() {
        return committed + (pending == null ? "" : " and " + pending);
    }
}
