package io.matriarch.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.ServerId;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** zab.md 14: while a configuration is pending, a quorum is one in both. */
class MembershipTest {
    private static Configuration configuration(long version, long... participants) {
        List<Member> members = LongStream.of(participants)
                .mapToObj(sid -> Member.at(new ServerId(sid), true, new MemberAddress("h" + sid, 1, 2)))
                .toList();
        return Configuration.of(version, members, null);
    }

    private static Membership pending(long self) {
        Membership membership = Membership.of(new ServerId(self), configuration(1, 1, 2, 3));
        membership.see(configuration(5, 3, 4, 5));
        return membership;
    }

    private static boolean isQuorum(Membership membership, long... sids) {
        List<ServerId> all = LongStream.of(sids).mapToObj(ServerId::new).toList();
        return membership.active().isQuorum(all::contains);
    }

    @Test
    void scenario48_whileAConfigurationIsPendingAQuorumIsOneInBoth() {
        Membership membership = pending(1);
        assertThat(membership.isPending()).isTrue();
        assertThat(isQuorum(membership, 1, 2)).as("of the old one only").isFalse();
        assertThat(isQuorum(membership, 4, 5)).as("of the new one only").isFalse();
        assertThat(isQuorum(membership, 1, 3, 4)).isTrue();
        assertThat(isQuorum(membership, 1, 2, 4, 5)).isTrue();
        assertThat(membership.active().voters()).extracting(ServerId::value).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void onceCommittedOnlyTheNewOneCounts() {
        Membership membership = pending(1);
        membership.commit(membership.lastSeen());
        assertThat(membership.isPending()).isFalse();
        assertThat(isQuorum(membership, 1, 2)).isFalse();
        assertThat(isQuorum(membership, 4, 5)).isTrue();
        assertThat(membership.isVoter()).isFalse();
        assertThat(membership.isObserver()).as("who is no member follows").isFalse();
    }

    @Test
    void whatIsPendingIsDroppedForTheCommittedOne() {
        Membership membership = pending(1);
        membership.see(membership.committed());
        assertThat(membership.isPending()).isFalse();
        assertThat(isQuorum(membership, 1, 2)).isTrue();
    }

    @Test
    void anOlderConfigurationCommittedLeavesANewerOnePending() {
        Membership membership = pending(1);
        membership.commit(configuration(4, 1, 2, 3, 4));
        assertThat(membership.isPending()).isTrue();
        assertThat(isQuorum(membership, 1, 2, 3)).isFalse();
        assertThat(isQuorum(membership, 1, 3, 4)).isTrue();
    }

    @Test
    void whoOnlyJoinsIsNoVoterYet() {
        Membership membership = pending(4);
        assertThat(membership.isVoter()).isFalse();
        assertThat(membership.active().isVoter(new ServerId(4)))
                .as("but is counted for the new one")
                .isTrue();
    }
}
