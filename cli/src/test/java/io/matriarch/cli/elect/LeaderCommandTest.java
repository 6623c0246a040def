package io.matriarch.cli.elect;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.candidate.Candidacy;
import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.candidate.ElectionSession;
import io.matriarch.candidate.Leadership;
import io.matriarch.candidate.Member;
import io.matriarch.testkit.TestEnsemble;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** {@code matriarch leader}. */
@Timeout(90)
class LeaderCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int leader(String... arguments) {
        return new CommandLine(new LeaderCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void tellsTheLeaderAndTheLineBehind() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                ElectionSession session =
                        ElectionSession.builder(ensemble.connectString()).start()) {
            assertThat(leader("--servers", ensemble.connectString(), "--path", "/race"))
                    .isEqualTo(1);
            assertThat(out.toString()).contains("/race: nobody stands");
            Candidacy first = session.candidacy("/race").content("a:1").start();
            Leadership leadership =
                    first.awaitLeadership(Duration.ofSeconds(20)).orElseThrow();
            CountDownLatch waits = new CountDownLatch(1);
            Candidacy second = session.candidacy("/race")
                    .content("b:2")
                    .listener(event -> {
                        if (event instanceof CandidacyEvent.Waiting) {
                            waits.countDown();
                        }
                    })
                    .start();
            assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(leader("--servers", ensemble.connectString(), "--path", "/race"))
                    .isZero();
            assertThat(out.toString())
                    .contains("/race: a:1 leads", "fencing token " + leadership.fencingToken(), "  2  b:2");
            assertThat(leader("--servers", ensemble.connectString(), "--path", "/race", "--json"))
                    .isZero();
            assertThat(out.toString()).contains("\"data\":\"a:1\"},{", "\"term\":1,", "\"data\":\"b:2\"}]}");
            second.close();
            first.close();
        }
    }

    @Test
    void noServer_isSaidAndIs2() {
        assertThat(leader("--servers", "127.0.0.1:1", "--timeout", "500ms")).isEqualTo(2);
        assertThat(err.toString()).contains("no server of 127.0.0.1:1 answered within 500 ms");
    }

    @Test
    void whatIsPublished_reachesNoTerminalAsItIs() {
        LineReport report = new LineReport("/race", new PrintWriter(out), false);
        byte[] hostile = "\u001b[2Jx".getBytes(StandardCharsets.UTF_8);
        report.tell(
                List.of(
                        new Member("/race/a-0000000001", 1, 7, 42, 0, hostile),
                        new Member("/race/b-0000000002", 2, 8, 43, 0, new byte[] {(byte) 0xff})),
                Instant.ofEpochSecond(3700),
                Instant.ofEpochSecond(3600));
        assertThat(out.toString())
                .contains(
                        "?[2Jx leads", "leads since 1970-01-01 01:00:00, for 1 min 40 s", "(1 bytes that are no text)")
                .doesNotContain("\u001b");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }
}
