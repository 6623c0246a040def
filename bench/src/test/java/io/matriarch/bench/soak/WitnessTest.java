package io.matriarch.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WitnessTest {
    private final Witness witness = new Witness();

    @Test
    void twoThatLedAtOneMoment_areSeen_onceForEachPair() {
        witness.leads("a/1", 10, 100, 200);
        witness.leads("b/1", 11, 150, 160);
        witness.leads("b/1", 11, 150, 170);
        assertThat(witness.violations()).hasSize(1).first().asString().contains("a/1", "b/1", "at one moment");
    }

    @Test
    void wordThatArrivesLate_isAboutItsMoment_andItsWriteIsRefused() {
        witness.leads("a/1", 10, 100, 200);
        assertThat(witness.leads("b/1", 11, 300, 310)).isTrue();
        assertThat(witness.leads("a/1", 10, 100, 290)).as("the write is taken").isFalse();
        assertThat(witness.violations()).isEmpty();
        assertThat(witness.overtaken()).isEqualTo(1);
        assertThat(witness.counter()).isEqualTo(2);
    }

    @Test
    void wordThatArrivesLate_aboutAMomentAtWhichAnotherLed_isAnOverlap() {
        witness.leads("a/1", 10, 100, 200);
        witness.leads("b/1", 11, 300, 310);
        witness.leads("a/1", 10, 100, 301);
        assertThat(witness.violations()).hasSize(1);
    }

    @Test
    void laterLeaderOfALowerToken_isSeen_alsoIfItIsHeardOfFirst() {
        witness.leads("b/1", 10, 300, 310);
        witness.leads("a/1", 11, 100, 200);
        assertThat(witness.violations()).hasSize(1).first().asString().contains("lower token");
    }

    @Test
    void sameTokenAgain_isNoViolation() {
        witness.leads("a/1", 10, 100, 200);
        witness.leads("a/1", 10, 300, 310);
        assertThat(witness.violations()).isEmpty();
    }

    @Test
    void lateWrite_isRefusedOnceALaterLeaderHasWritten() {
        witness.leads("a/1", 10, 100, 200);
        assertThat(witness.writesLate(10)).as("nobody has led since").isTrue();
        witness.leads("b/1", 11, 300, 310);
        assertThat(witness.writesLate(10)).isFalse();
        assertThat(witness.lateTaken()).isEqualTo(1);
        assertThat(witness.lateRefused()).isEqualTo(1);
    }

    @Test
    void leader_isWhoBeganLast_untilItsEndIsKnown() {
        assertThat(witness.leader()).isEmpty();
        witness.leads("a/1", 10, 100, 200);
        assertThat(witness.leader()).contains("a/1");
        witness.killed("a/", 250);
        assertThat(witness.leader()).isEmpty();
        witness.leads("b/1", 11, 300, 310);
        witness.ceased("b/1", 300, 320, "it resigned");
        assertThat(witness.leader()).isEmpty();
        assertThat(witness.reigns()).extracting(Reign::reason).containsExactly(Reign.KILLED, "it resigned");
    }
}
