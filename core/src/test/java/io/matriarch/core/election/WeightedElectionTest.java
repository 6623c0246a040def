package io.matriarch.core.election;

import static io.matriarch.core.election.ElectionFixture.vote;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.core.quorum.HierarchicalVerifier;
import io.matriarch.core.quorum.QuorumGroups;
import io.matriarch.wire.ServerId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** election.md 3.3, D10 and D11: an election by groups, in which server 7 votes and weighs nothing. */
class WeightedElectionTest {
    private static final HierarchicalVerifier VERIFIER = new HierarchicalVerifier(
            sids(1, 2, 3, 4, 5, 6, 7),
            new QuorumGroups(
                    new TreeMap<>(Map.of(1L, sids(1, 2, 3), 2L, sids(4, 5, 6), 3L, sids(7))),
                    new TreeMap<>(Map.of(new ServerId(7), 0L))));
    private static final Vote SIX = vote(6, 5, 1);

    private static Set<ServerId> sids(long... values) {
        return Set.copyOf(LongStream.of(values).mapToObj(ServerId::new).toList());
    }

    @Test
    void d10_aMajorityInOneGroupDecidesNothing() {
        ElectionFixture six = new ElectionFixture(6, VERIFIER).looking(SIX);
        six.looks(4, SIX, 1).looks(5, SIX, 1).looks(1, SIX, 1).afterMillis(100);
        assertThat(six.decidedFor()).isNull();
        six.looks(2, SIX, 1).afterMillis(100);
        assertThat(six.decidedFor()).isEqualTo(6);
    }

    @Test
    void d11_nobodyAdoptsTheBetterVoteOfAServerWithoutWeight() {
        ElectionFixture six = new ElectionFixture(6, VERIFIER).looking(SIX);
        six.looks(7, vote(7, 9, 1), 1);
        Stream.of(1, 2, 3, 4, 5).forEach(sid -> six.looks(sid, SIX, 1));
        assertThat(six.decidedFor()).isEqualTo(6);
        assertThat(six.decidedBy()).isEqualTo(DecisionRule.ALL_HEARD);
    }

    @Test
    void d11_aServerWithoutWeightNeverLeadsAndFollowsWhomTheOthersElect() {
        Vote own = vote(7, 9, 1);
        ElectionFixture seven = new ElectionFixture(7, VERIFIER).looking(own);
        Stream.of(1, 2, 3, 4, 5, 6).forEach(sid -> seven.looks(sid, SIX, 1));
        seven.afterMillis(1000);
        assertThat(seven.decidedFor()).isNull();
        seven.leads(6, SIX, 1);
        Stream.of(1, 2, 4, 5).forEach(sid -> seven.follows(sid, SIX, 1));
        assertThat(seven.decidedFor()).isEqualTo(6);
    }
}
