package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An epoch ends among servers of ours; beside Apache's it does in {@link RollOverMatrix}. */
@Timeout(180)
class RollOverTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void noClientNoticesTheEndOfAnEpoch() throws Exception {
        RollOver.Outcome outcome = new RollOver(SERVERS, "ours", Collections.nCopies(3, Servers.ours()), 400).run();
        assertThat(outcome.rollOvers()).isGreaterThan(1);
        assertThat(outcome.stepsDown()).isZero();
        assertThat(outcome.ours().errors()).isZero();
        assertThat(outcome.ours().reconnects()).isZero();
    }
}
