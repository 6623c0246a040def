package io.matriarch.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against real servers, which elect, die and come again. */
@Timeout(120)
class ExplainCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int explain(String... args) {
        return new CommandLine(new ExplainCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    @Test
    void aLeaderThatDiedAndCameAgainIsToldOfByAll() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            TestServer dead = ensemble.leader();
            dead.kill();
            TestServer next = ensemble.leader();
            dead.start();
            ensemble.awaitServing(Duration.ofSeconds(30));

            assertThat(explain("--servers", ensemble.connectString(), "--svg", directory + "/e.svg"))
                    .isZero();
            assertThat(out.toString())
                    .contains(
                            "server " + next.sid() + " leads since",
                            "Server " + dead.sid() + " led before.",
                            "phase",
                            "Later      server " + dead.sid() + " joined");
            assertThat(Files.readString(directory.resolve("e.svg"))).contains("</svg>");
        }
    }

    @Test
    void journalsAreReadFromDirectoriesToo() {
        String dirs;
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            dirs = ensemble.servers().stream()
                    .map(server -> server.dataDir().toString())
                    .collect(Collectors.joining(","));
            // Journals are written a little after what they tell.
            long giveUpNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            int status;
            do {
                out.getBuffer().setLength(0);
                status = explain("--data-dir", dirs, "--list");
            } while (!out.toString().contains(" leads since ") && System.nanoTime() < giveUpNanos);
            assertThat(status).isZero();
        }
        assertThat(out.toString()).startsWith("Epoch 1: server ").contains(" leads since ");
    }

    @Test
    void aServerThatIsNotThereIsNotedAndNothingToTellIsAnError() {
        assertThat(explain("--servers", "127.0.0.1:1", "--data-dir", directory.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("note: 127.0.0.1:1 gave no journal: ", "there is no election journal in " + directory);
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThat(explain()).isEqualTo(2);
        assertThat(explain("--servers", "nowhere")).isEqualTo(2);
        assertThat(explain("--data-dir", directory.toString(), "--last", "0")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--servers or --data-dir is missing", "'nowhere' must read host:port", "--last is 1 to");
    }
}
