package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.Flavour;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Epochs end in mixed ensembles that ours leads. Under the Maven profile {@code matrix} only. */
@Timeout(600) // each wait in it has a bound of its own; this is for a machine that has much else to do
class RollOverMatrix {
    private static final int LAST_COUNTER = 2_000;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    /** Ours are a quorum: they go on together, and Apache's comes back. */
    @Test
    void oneOfApachesAmongOurs() throws Exception {
        List<Flavour> flavours = List.of(Flavour.APACHE, Servers.ours(), Servers.ours());
        RollOver.Outcome outcome = new RollOver(SERVERS, "two-of-ours", flavours, LAST_COUNTER).run();
        assertThat(outcome.rollOvers()).isGreaterThan(1);
        assertThat(outcome.stepsDown()).isZero();
        assertThat(outcome.ours().errors()).isZero();
        assertThat(outcome.ours().reconnects()).isZero();
    }

    /** Ours alone is none: it steps down at the last id, as Apache's do. */
    @Test
    void oneOfOursAmongApaches() throws Exception {
        List<Flavour> flavours = List.of(Flavour.APACHE, Flavour.APACHE, Servers.ours());
        RollOver.Outcome outcome = new RollOver(SERVERS, "one-of-ours", flavours, LAST_COUNTER).run();
        assertThat(outcome.rollOvers()).isZero();
        assertThat(outcome.stepsDown()).isPositive();
    }
}
