package io.matriarch.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.ServerId;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** election.md 3.9: what a quorum is where an oracle speaks. Server 1 asks. */
class OracleVerifierTest {
    private static final ServerId SELF = new ServerId(1);
    private final Oracle oracle = new Oracle();

    private QuorumVerifier of(long... voters) {
        List<ServerId> sids = LongStream.of(voters).mapToObj(ServerId::new).toList();
        return new OracleVerifier(sids, SELF, oracle);
    }

    @Test
    void bothAreAQuorumWhateverIsSaid() {
        assertThat(of(1, 2).isQuorum(sid -> true)).isTrue();
        oracle.said(false);
        assertThat(of(1, 2).isQuorum(sid -> true)).isTrue();
    }

    @Test
    void oneAloneIsAQuorumOnlyOnAYesThatIsNeeded() {
        QuorumVerifier two = of(1, 2);
        assertThat(two.isQuorum(SELF::equals)).isFalse();
        assertThat(two.isUndecided()).isTrue();
        oracle.said(true);
        assertThat(two.isQuorum(SELF::equals)).isTrue();
        assertThat(two.isUndecided()).isFalse();
        oracle.said(false);
        assertThat(two.isQuorum(SELF::equals)).isFalse();
        assertThat(two.mustTakeTheLeader()).isTrue();
    }

    @Test
    void theOtherAloneAndNobodyAtAllAreNone() {
        oracle.said(true);
        assertThat(of(1, 2).isQuorum(sid -> !sid.equals(SELF))).isFalse();
        assertThat(of(1, 2).isQuorum(sid -> false)).isFalse();
    }

    @Test
    void aWordIsForgottenWhenTheOtherComesAndAskedForAnewWhenItGoes() {
        oracle.said(true);
        oracle.setNeeded(false);
        assertThat(of(1, 2).isQuorum(SELF::equals)).isFalse();
        oracle.said(true);
        oracle.setNeeded(true);
        assertThat(of(1, 2).isQuorum(SELF::equals))
                .as("said while it was not needed")
                .isFalse();
        assertThat(oracle.isSilent()).isTrue();
    }

    @Test
    void withThreeVotersItIsAPlainMajority() {
        oracle.said(true);
        assertThat(of(1, 2, 3).isQuorum(SELF::equals)).isFalse();
        assertThat(of(1, 2, 3).isQuorum(sid -> sid.value() < 3)).isTrue();
        oracle.said(false);
        assertThat(of(1, 2, 3).mustTakeTheLeader()).isFalse();
        assertThat(of(1, 2, 3).isUndecided()).isFalse();
    }

    @Test
    void anObserverIsNoQuorumOnAnyWord() {
        oracle.said(true);
        assertThat(of(2, 3).isQuorum(SELF::equals)).isFalse();
        oracle.said(false);
        assertThat(of(2, 3).mustTakeTheLeader()).as("it follows whoever leads").isTrue();
    }
}
