package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The two configurations that a server knows: the committed one and the one seen last. While the latter is newer, a
 * reconfiguration is pending, and whatever needs a quorum needs one in both (zab.md 14, invariant 37).
 */
public final class Membership {
    private final ServerId self;
    private final Function<List<ServerId>, QuorumVerifier> majority;
    private final QuorumVerifier active = new Active();
    private Configuration committed;
    private Configuration lastSeen;
    private QuorumVerifier ofCommitted;
    private QuorumVerifier ofLastSeen;
    private SortedSet<ServerId> voters;

    /**
     * @param self our id, which need not be a member's
     * @param lastSeen the committed one, or a newer one
     * @param majority the rule over the participants where there are no groups; only tests replace it
     */
    public Membership(
            ServerId self,
            Configuration committed,
            Configuration lastSeen,
            Function<List<ServerId>, QuorumVerifier> majority) {
        this.self = self;
        this.majority = majority;
        this.committed = committed;
        this.lastSeen = lastSeen.version() > committed.version() ? lastSeen : committed;
        this.ofCommitted = this.committed.verifier(majority);
        this.ofLastSeen = this.lastSeen.verifier(majority);
        this.voters = union();
    }

    /** A membership with nothing pending. */
    public static Membership of(ServerId self, Configuration committed) {
        return new Membership(self, committed, committed, MajorityVerifier::new);
    }

    /** Our own id. */
    public ServerId self() {
        return self;
    }

    /** What was agreed last. */
    public Configuration committed() {
        return committed;
    }

    /** The newest that was proposed to us; the committed one if nothing is pending. */
    public Configuration lastSeen() {
        return lastSeen;
    }

    /** Whether a configuration was proposed and is not known to be committed. */
    public boolean isPending() {
        return lastSeen.version() > committed.version();
    }

    /**
     * The rule for every decision at the time when it is asked: a quorum of the committed configuration, and while another
     * is pending one of that too; the voters are those of both. The object stays the same for good.
     */
    public QuorumVerifier active() {
        return active;
    }

    /** The rule of the committed configuration alone, for what was proposed before the pending one. */
    public QuorumVerifier ofCommitted() {
        return ofCommitted;
    }

    /** Whether the servers for which {@code has} holds would be a quorum of {@code other}. */
    public boolean isQuorumOf(Configuration other, Predicate<ServerId> has) {
        return other.verifier(majority).isQuorum(has);
    }

    /** Whether this server only observes. One that is no member at all follows, without a vote (zab.md 4). */
    public boolean isObserver() {
        return committed.isObserver(self);
    }

    /** Whether this server votes in the committed configuration, and so may be voted for (election.md 3.2). */
    public boolean isVoter() {
        return committed.isParticipant(self);
    }

    /** Another configuration is proposed, or the one that was is dropped in favour of an older one. */
    public void see(Configuration proposed) {
        set(committed, proposed.version() > committed.version() ? proposed : committed);
    }

    /** A configuration is agreed; what is pending stays pending only if it is newer. */
    public void commit(Configuration agreed) {
        if (agreed.version() < committed.version()) {
            throw new IllegalStateException("the configuration would go back from version "
                    + Long.toHexString(committed.version()) + " to " + Long.toHexString(agreed.version()));
        }
        set(agreed, lastSeen.version() > agreed.version() ? lastSeen : agreed);
    }

    private void set(Configuration newCommitted, Configuration newLastSeen) {
        committed = newCommitted;
        lastSeen = newLastSeen;
        ofCommitted = committed.verifier(majority);
        ofLastSeen = lastSeen.verifier(majority);
        voters = union();
    }

    private SortedSet<ServerId> union() {
        SortedSet<ServerId> union = new TreeSet<>(ofCommitted.voters());
        union.addAll(ofLastSeen.voters());
        return Collections.unmodifiableSortedSet(union);
    }

    /** Both configurations at once (election.md 3.5, 5.3). */
    private final class Active implements QuorumVerifier {
        @Override
        public SortedSet<ServerId> voters() {
            return voters;
        }

        @Override
        public boolean isQuorum(Predicate<ServerId> has) {
            return ofCommitted.isQuorum(has) && (!isPending() || ofLastSeen.isQuorum(has));
        }

        @Override
        public boolean isUndecided() {
            return ofCommitted.isUndecided();
        }

        @Override
        public boolean mustTakeTheLeader() {
            return ofCommitted.mustTakeTheLeader();
        }

        /** The committed configuration says it; of who only joins, the pending one (election.md 3.3). */
        @Override
        public long weight(ServerId sid) {
            return ofCommitted.isVoter(sid) ? ofCommitted.weight(sid) : ofLastSeen.weight(sid);
        }
    }
}
