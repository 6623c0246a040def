package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** More than half of the voters; every voter weighs the same. */
public final class MajorityVerifier implements QuorumVerifier {
    private final SortedSet<ServerId> voters;

    /** A majority of these; throws IllegalArgumentException if there is none. */
    public MajorityVerifier(Collection<ServerId> voters) {
        if (voters.isEmpty()) {
            throw new IllegalArgumentException("an ensemble needs at least one participant");
        }
        this.voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    }

    @Override
    public SortedSet<ServerId> voters() {
        return voters;
    }

    @Override
    public boolean isQuorum(Predicate<ServerId> has) {
        int count = 0;
        for (ServerId voter : voters) {
            if (has.test(voter)) {
                count++;
            }
        }
        return count > voters.size() / 2;
    }

    @Override
    public long weight(ServerId sid) {
        return voters.contains(sid) ? 1 : 0;
    }
}
