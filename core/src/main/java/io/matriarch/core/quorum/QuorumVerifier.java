package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;
import java.util.SortedSet;
import java.util.function.Predicate;

/** Decides which sets of voters are a quorum. Any two quorums of one verifier share a voter, but for {@link OracleVerifier}. */
public interface QuorumVerifier {
    /** All voters, ascending by id. */
    SortedSet<ServerId> voters();

    /** Whether the voters for which {@code has} holds are a quorum; servers that are no voters do not count. */
    boolean isQuorum(Predicate<ServerId> has);

    /** The weight of a server; 0 for one that is unknown or may not lead (election.md 3.3). */
    long weight(ServerId sid);

    /** Whether an oracle is to say that there is a quorum, and has not answered yet (election.md 3.9). */
    default boolean isUndecided() {
        return false;
    }

    /** Whether an oracle has decided against this server, so that whoever leads is to be followed (election.md 3.9). */
    default boolean mustTakeTheLeader() {
        return false;
    }

    default boolean isVoter(ServerId sid) {
        return voters().contains(sid);
    }
}
