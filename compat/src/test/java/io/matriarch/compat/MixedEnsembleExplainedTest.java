package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operator's commands on an ensemble of two of our servers and one of Apache's, which leads at first. */
@Timeout(180)
class MixedEnsembleExplainedTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void statusSafeToStopAndExplainTellOfApachesServerWhatItShows() throws Exception {
        Flavour ours = Servers.ours();
        EnsembleProcess ensemble = SERVERS.start("explained", List.of(ours, ours, Flavour.APACHE));
        try {
            String servers = ensemble.connectString();
            ServerProcess first = ensemble.leader();
            CommandRun status = CommandRun.of("ensemble", "status", "--servers", servers);
            assertThat(status.text())
                    .containsPattern("Server " + first.sid() + " leads epoch [1-9]; 3 of 3 voters serve")
                    .contains(" matriarch ", " 3.9.");
            assertThat(CommandRun.of("ensemble", "safe-to-stop", "3", "--servers", servers)
                            .exit())
                    .isZero();

            ensemble.server(3).kill();
            ServerProcess next = awaitLeaderOfOurs(ensemble);
            CommandRun verdict =
                    CommandRun.of("ensemble", "safe-to-stop", Integer.toString(next.sid()), "--servers", servers);
            assertThat(verdict.exit()).as("%s", verdict.text()).isEqualTo(1);
            CommandRun explained = CommandRun.of("explain", "--servers", servers);
            assertThat(explained.exit()).as("%s", explained.text()).isZero();
            assertThat(explained.text())
                    .contains("server " + next.sid() + " leads since", "voting", "synchronization", "server 3: ");
            assertThat(explained.output()).allMatch(line -> line.length() <= 100 || line.startsWith("note:"));

            // Apache's server opens its directory, which is no business of the journals beside ours.
            ensemble.server(3).start();
            ensemble.awaitServing(Clients.SERVING_BOUND);
            assertThat(CommandRun.of("explain", "--servers", servers, "--list").text())
                    .contains("Epoch ");
        } finally {
            ensemble.close();
        }
    }

    /** Where Apache's server led, the others elect one of themselves; where it did not, one of them leads already. */
    private static ServerProcess awaitLeaderOfOurs(EnsembleProcess ensemble) {
        ensemble.awaitServing(Clients.SERVING_BOUND);
        return ensemble.leader();
    }
}
