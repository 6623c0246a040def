package io.matriarch.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The commands against real servers. */
@Timeout(120)
class StatusCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        return new CommandLine(new EnsembleCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    @Test
    void statusAndSafeToStopFollowWhatHappens() {
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            String servers = ensemble.connectString();
            TestServer leader = ensemble.leader();
            run("status", "--servers", servers);
            assertThat(out.toString())
                    .startsWith("Server " + leader.sid() + " leads epoch 1; 3 of 3 voters serve\n")
                    .contains("If server " + leader.sid() + " died now, server ");
            assertThat(run("safe-to-stop", "1", "--servers", servers)).isZero();
            assertThat(out.toString()).startsWith("yes: ");

            leader.kill();
            TestServer next = ensemble.leader();
            assertThat(run("status", "--servers", servers)).isEqualTo(1);
            assertThat(out.toString())
                    .startsWith("Server " + next.sid() + " leads epoch 2; 2 of 3 voters serve\n")
                    .contains("WARNING: no quorum would be left if the leader died");
            assertThat(run("safe-to-stop", Long.toString(next.sid()), "--servers", servers))
                    .isEqualTo(1);
            assertThat(out.toString()).startsWith("no: without server " + next.sid());
        }
    }

    @Test
    void whoIsNotThereOrNotKnownIsNotJudged() {
        assertThat(run("safe-to-stop", "1", "--servers", "127.0.0.1:1")).isEqualTo(2);
        assertThat(run("status", "--servers", "127.0.0.1:1")).isEqualTo(2);
        assertThat(run("status")).isEqualTo(2);
        assertThat(err.toString()).contains("not known: no server could be asked", "--servers or --config is missing");
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            assertThat(run("safe-to-stop", "9", "--servers", ensemble.connectString()))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("server 9 was not found among those asked");
        }
    }
}
