package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * More than half of the groups, each won by more than half of its weight (election.md 5.3). A server of weight 0 votes and
 * follows, but its vote tips nothing and it never leads.
 */
public final class HierarchicalVerifier implements QuorumVerifier {
    private final SortedSet<ServerId> voters;
    private final QuorumGroups groups;
    /** Groups that weigh something; the others do not exist. */
    private final List<Set<ServerId>> deciding = new ArrayList<>();

    /** Quorums of these voters; throws IllegalArgumentException if no set of them could ever be one. */
    public HierarchicalVerifier(Collection<ServerId> voters, QuorumGroups groups) {
        this.voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
        this.groups = groups;
        for (Set<ServerId> group : groups.groups().values()) {
            if (groups.weightOf(group) > 0) {
                deciding.add(group);
            }
        }
        if (!isQuorum(sid -> true)) {
            throw new IllegalArgumentException("all voters together are no quorum of the groups " + groups);
        }
    }

    @Override
    public SortedSet<ServerId> voters() {
        return voters;
    }

    @Override
    public boolean isQuorum(Predicate<ServerId> has) {
        int won = 0;
        for (Set<ServerId> group : deciding) {
            long present = 0;
            for (ServerId sid : group) {
                if (voters.contains(sid) && has.test(sid)) {
                    present += groups.weight(sid);
                }
            }
            if (present > groups.weightOf(group) / 2) {
                won++;
            }
        }
        return won > deciding.size() / 2;
    }

    @Override
    public long weight(ServerId sid) {
        return voters.contains(sid) ? groups.weight(sid) : 0;
    }
}
