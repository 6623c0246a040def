package io.matriarch.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class InterregnumTest {
    private final Witness witness = new Witness();

    @Test
    void quiet_isTheLongestStretchWithoutAFault() {
        Interregnum gap = Interregnum.of(100, 200, "", false, List.of(50L, 120L, 130L, 250L));
        assertThat(gap.nanos()).isEqualTo(100);
        assertThat(gap.quietNanos()).isEqualTo(70);
        assertThat(gap.disturbances()).isEqualTo(2);
    }

    @Test
    void leaderThatSlept_ledUntilItsLastWord_whateverItSaysWhenItWakes() {
        witness.leads("a/1", 10, 100, 200);
        witness.ceased("a/1", 100, 900, "nothing was confirmed");
        witness.leads("b/1", 11, 600, 610);
        assertThat(gaps())
                .extracting(Interregnum::fromNanos, Interregnum::untilNanos)
                .containsExactly(tuple(200L, 600L));
    }

    @Test
    void leaderThatResigned_ledUntilItWasTold() {
        witness.leads("a/1", 10, 100, 200);
        witness.ceased("a/1", 100, 205, Reign.RESIGNED);
        witness.leads("b/1", 11, 220, 230);
        assertThat(gaps())
                .extracting(Interregnum::fromNanos, Interregnum::untilNanos)
                .containsExactly(tuple(205L, 220L));
    }

    @Test
    void leaderThatWasKilled_ledUntilThen() {
        witness.leads("a/1", 10, 100, 200);
        witness.killed("a/", 208);
        witness.leads("a/1", 12, 700, 710);
        assertThat(gaps()).extracting(Interregnum::fromNanos).containsExactly(208L);
        assertThat(gaps()).extracting(Interregnum::isSameCandidate).containsExactly(true);
    }

    private List<Interregnum> gaps() {
        return Interregnum.between(witness.reigns(), List.of());
    }
}
