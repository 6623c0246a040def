package io.matriarch.server.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ElectionRehearsalTest {
    @Test
    void threeServersElectAndTwoElectAnewWhenTheirLeaderIsGone() {
        RehearsedEnsemble ensemble = new RehearsedEnsemble(1);
        assertThat(ensemble.elects()).isTrue();
        long said = ensemble.traces();
        ensemble.losesLeader();
        assertThat(ensemble.elects()).isTrue();
        assertThat(ensemble.traces()).isGreaterThan(said);
    }

    @Test
    void aFollowerLeadsByWishAndWritesUnderWayAreAnswered() {
        RehearsedEnsemble ensemble = new RehearsedEnsemble(2);
        assertThat(ensemble.elects()).isTrue();
        assertThat(ensemble.handsOver()).isTrue();
        assertThat(ensemble.handsOver()).isTrue();
    }

    @Test
    void itEndsWhenItHasRehearsedEnough() {
        assertThat(ElectionRehearsal.run(9, TimeUnit.MINUTES.toNanos(1))).isEqualTo(9);
    }

    @Test
    void itEndsInTime() {
        assertThat(ElectionRehearsal.run(10, 0)).isZero();
    }
}
