package io.matriarch.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.ServerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** election.md 5.3 and D10: groups, weights, and what follows from them. */
class HierarchicalVerifierTest {
    /** Two groups of three and a third of weight 0. */
    private static final HierarchicalVerifier D10 =
            verifier(8, Map.of(1L, sids(1, 2, 3), 2L, sids(4, 5, 6), 3L, sids(7, 8)), Map.of(7L, 0L, 8L, 0L));

    private static Set<ServerId> sids(long... values) {
        return LongStream.of(values).mapToObj(ServerId::new).collect(Collectors.toSet());
    }

    private static HierarchicalVerifier verifier(int voters, Map<Long, Set<ServerId>> groups, Map<Long, Long> weights) {
        TreeMap<ServerId, Long> bySid = new TreeMap<>();
        weights.forEach((sid, weight) -> bySid.put(new ServerId(sid), weight));
        Collection<ServerId> all =
                LongStream.rangeClosed(1, voters).mapToObj(ServerId::new).toList();
        return new HierarchicalVerifier(all, new QuorumGroups(new TreeMap<>(groups), bySid));
    }

    private static boolean isQuorum(QuorumVerifier verifier, long... sids) {
        return verifier.isQuorum(sids(sids)::contains);
    }

    @Test
    void d10_aMajorityInOneGroupIsNoQuorumAndInBothItIs() {
        assertThat(isQuorum(D10, 1, 2, 3, 7, 8)).isFalse();
        assertThat(isQuorum(D10, 1, 2, 3, 4)).isFalse();
        assertThat(isQuorum(D10, 1, 2, 4, 5)).isTrue();
    }

    @Test
    void d10_aGroupWithoutWeightDoesNotExist() {
        HierarchicalVerifier one = verifier(4, Map.of(1L, sids(1, 2, 3), 2L, sids(4)), Map.of(4L, 0L));
        assertThat(isQuorum(one, 1, 2)).isTrue();
        assertThat(isQuorum(one, 1, 4)).isFalse();
    }

    @Test
    void aGroupIsWonByMoreThanHalfOfItsWeight() {
        HierarchicalVerifier heavy = verifier(3, Map.of(1L, sids(1, 2, 3)), Map.of(1L, 2L));
        assertThat(isQuorum(heavy, 1)).as("2 of 4").isFalse();
        assertThat(isQuorum(heavy, 1, 2)).isTrue();
        assertThat(isQuorum(heavy, 2, 3)).isFalse();
    }

    @Test
    void whoDoesNotVoteTipsNoGroupThatNamesIt() {
        HierarchicalVerifier verifier = verifier(3, Map.of(1L, sids(1, 2, 9)), Map.of());
        assertThat(isQuorum(verifier, 1, 9)).isFalse();
        assertThat(isQuorum(verifier, 1, 2)).isTrue();
    }

    @Test
    void unknownServersAndServersInNoGroupWeighNothing() {
        HierarchicalVerifier verifier = verifier(3, Map.of(1L, sids(1, 2, 9)), Map.of());
        assertThat(verifier.weight(new ServerId(1))).isEqualTo(1);
        assertThat(verifier.weight(new ServerId(3))).as("in no group").isZero();
        assertThat(verifier.weight(new ServerId(9))).as("no voter").isZero();
        assertThat(verifier.weight(new ServerId(77))).isZero();
    }

    @Test
    void weightsThatCanNeverDecideAreRefused() {
        assertThatThrownBy(() -> verifier(2, Map.of(1L, sids(1, 2)), Map.of(1L, 0L, 2L, 0L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no quorum");
    }

    /** The law that everything rests on, over random groups and weights. */
    @Test
    void anyTwoQuorumsShareAServer() {
        Random random = new Random(5);
        for (int draw = 0; draw < 300; draw++) {
            int voters = 2 + random.nextInt(5);
            Map<Long, Set<ServerId>> groups = new TreeMap<>();
            Map<Long, Long> weights = new TreeMap<>(Map.of(1L, 1L));
            for (long sid = 1; sid <= voters; sid++) {
                groups.computeIfAbsent((long) random.nextInt(3), group -> new TreeSet<>())
                        .add(new ServerId(sid));
                if (sid > 1) {
                    weights.put(sid, (long) random.nextInt(4));
                }
            }
            HierarchicalVerifier verifier = verifier(voters, groups, weights);
            for (int set = 0; set < 1 << voters; set++) {
                int members = set;
                boolean isQuorum = verifier.isQuorum(sid -> (members & (1 << (sid.value() - 1))) != 0);
                boolean isRestQuorum = verifier.isQuorum(sid -> (members & (1 << (sid.value() - 1))) == 0);
                assertThat(isQuorum && isRestQuorum)
                        .as("%s, set %s and the rest", groups, List.of(members, weights))
                        .isFalse();
            }
        }
    }
}
