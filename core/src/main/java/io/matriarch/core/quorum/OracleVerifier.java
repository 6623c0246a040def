package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;
import java.util.Collection;
import java.util.SortedSet;
import java.util.function.Predicate;

/**
 * A majority; of exactly two servers also this one alone, while the oracle says so (election.md 3.9). Two quorums need not
 * share a server then: that they are never both formed is the oracle's promise (docs/oracle.md).
 *
 * <p>Deviation: Apache's takes any set for a quorum on the oracle's word, the empty one too, and so may commit what is on no
 * disk. Here this server itself must be in it.
 */
public final class OracleVerifier implements QuorumVerifier {
    private final MajorityVerifier majority;
    private final ServerId self;
    private final Oracle oracle;

    /** @param self whoever asks the oracle; alone only if it is one of two voters */
    public OracleVerifier(Collection<ServerId> voters, ServerId self, Oracle oracle) {
        this.majority = new MajorityVerifier(voters);
        this.self = self;
        this.oracle = oracle;
    }

    @Override
    public SortedSet<ServerId> voters() {
        return majority.voters();
    }

    @Override
    public boolean isQuorum(Predicate<ServerId> has) {
        boolean mayBeAlone = isOfTwo() && majority.isVoter(self) && oracle.letsGoOnAlone();
        return majority.isQuorum(has) || (mayBeAlone && has.test(self));
    }

    @Override
    public long weight(ServerId sid) {
        return majority.weight(sid);
    }

    @Override
    public boolean isUndecided() {
        return isOfTwo() && oracle.isSilent();
    }

    @Override
    public boolean mustTakeTheLeader() {
        return isOfTwo() && oracle.namesTheOther();
    }

    private boolean isOfTwo() {
        return majority.voters().size() == 2;
    }
}
