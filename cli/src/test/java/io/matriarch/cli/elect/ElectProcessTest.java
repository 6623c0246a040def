package io.matriarch.cli.elect;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.testkit.TestEnsemble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code matriarch elect} as processes of its own, with signals, beside a server in this one. */
@Timeout(120)
class ElectProcessTest {
    /** Says when it begins and when it is asked to end. */
    private static final String POLITE =
            "trap 'echo ends; exit 5' TERM; echo runs $MATRIARCH_TERM $MATRIARCH_FENCING_TOKEN $$; while :; do sleep 0.1; done";

    /** Does not end when it is asked to. */
    private static final String STUBBORN = "trap '' TERM; echo runs $$; while :; do sleep 0.1; done";

    private static TestEnsemble ensemble;
    private final List<Elect> elects = new ArrayList<>();

    @BeforeAll
    static void start() {
        ensemble = TestEnsemble.start(1);
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @AfterEach
    void killAll() {
        elects.forEach(elect -> {
            elect.process.descendants().forEach(ProcessHandle::destroyForcibly);
            elect.process.destroyForcibly();
        });
    }

    /** One process, and what it and its command say. */
    private static final class Elect {
        private final Process process;
        private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

        Elect(List<String> options, String script) throws IOException {
            List<String> line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.matriarch.cli.Main",
                    "elect"));
            line.addAll(options);
            if (!script.isEmpty()) {
                line.addAll(List.of("--", "sh", "-c", script));
            }
            process = new ProcessBuilder(line).redirectErrorStream(true).start();
            Thread reader = new Thread(this::read);
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(said::add);
            } catch (IOException | UncheckedIOException e) {
                // It was ended.
            }
        }

        /** The next line in which the pattern is found. */
        Matcher await(String pattern) throws InterruptedException {
            StringBuilder all = new StringBuilder();
            for (String line = next(); line != null; line = next()) {
                all.append(line).append('\n');
                Matcher matcher = Pattern.compile(pattern).matcher(line);
                if (matcher.find()) {
                    return matcher;
                }
            }
            throw new AssertionError("no line with " + pattern + " in:\n" + all);
        }

        private String next() throws InterruptedException {
            return said.poll(40, TimeUnit.SECONDS);
        }

        int status() throws InterruptedException {
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("it has ended").isTrue();
            return process.exitValue();
        }
    }

    private Elect elect(String path, String script, String... more) throws IOException {
        List<String> options = new ArrayList<>(
                List.of("--servers", ensemble.connectString(), "--path", path, "--session-timeout", "4s"));
        options.addAll(List.of(more));
        Elect elect = new Elect(options, script);
        elects.add(elect);
        return elect;
    }

    @Test
    void commandThatEnds_givesItsStatus_andLetsTheNextLead() throws Exception {
        Elect first = elect("/ends", "echo runs $MATRIARCH_TERM $MATRIARCH_FENCING_TOKEN; exit 7");
        Matcher runs = first.await("^runs (\\d+) (\\d+)$");
        assertThat(first.status()).isEqualTo(7);
        Elect second = elect("/ends", POLITE);
        Matcher next = second.await("^runs (\\d+) (\\d+)");
        assertThat(Long.parseLong(next.group(1))).isGreaterThan(Long.parseLong(runs.group(1)));
        assertThat(Long.parseLong(next.group(2))).isGreaterThan(Long.parseLong(runs.group(2)));
    }

    @Test
    void terminated_endsItsCommandBeforeTheNextOneStarts_andPassesItsStatusOn() throws Exception {
        Elect first = elect("/term", POLITE);
        first.await("^runs");
        Elect second = elect("/term", POLITE, "--again");
        second.await("waiting behind");
        first.process.toHandle().destroy();
        first.await("^ends$");
        assertThat(first.status()).isEqualTo(5);
        second.await("^runs");
    }

    @Test
    void commandThatDoesNotEndOnSigterm_isKilledWithinTheGrace() throws Exception {
        Elect first = elect("/stubborn", STUBBORN, "--grace", "300ms");
        long pid = Long.parseLong(first.await("^runs (\\d+)").group(1));
        first.process.toHandle().destroy();
        first.await("did not end on SIGTERM");
        assertThat(first.status()).isEqualTo(128 + 9);
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void killedItself_leavesNoCommandBehind() throws Exception {
        Assumptions.assumeTrue(LedProcess.isBoundToThisProcess(), "no setpriv on this machine");
        Elect first = elect("/killed", POLITE);
        long pid = Long.parseLong(first.await("^runs \\d+ \\d+ (\\d+)").group(1));
        ProcessHandle command = ProcessHandle.of(pid).orElseThrow();
        first.process.destroyForcibly();
        command.onExit().get(20, TimeUnit.SECONDS);
    }

    @Test
    void serverSilent_commandIsEndedByTheLeaseAlone() throws Exception {
        try (TestEnsemble own = TestEnsemble.start(1)) {
            Elect only = new Elect(List.of("--servers", own.connectString(), "--session-timeout", "4s"), POLITE);
            elects.add(only);
            only.await("^runs");
            own.kill(1);
            only.await("nothing was confirmed for half of the session timeout");
            only.await("^ends$");
            own.restart(1);
            only.await("^runs");
        }
    }

    @Test
    void commandThatCannotBeStarted_is127() throws Exception {
        Elect first = new Elect(List.of("--servers", ensemble.connectString(), "--path", "/none"), "");
        assertThat(first.status()).as("no command").isEqualTo(2);
        Elect second = elect("/none", "exec /no/such/program");
        elects.add(second);
        assertThat(second.status()).isEqualTo(127);
    }

    @Test
    void leaderEndpoint_says200OnTheLeaderAnd503Elsewhere() throws Exception {
        Elect first = elect("/http", "", "--http", "127.0.0.1:0", "--data", "10.0.0.1:80");
        int firstPort =
                Integer.parseInt(first.await("GET /leader on port (\\d+)").group(1));
        first.await("leading in term");
        Elect second = elect("/http", "", "--http", "127.0.0.1:0", "--data", "10.0.0.2:80");
        int secondPort =
                Integer.parseInt(second.await("GET /leader on port (\\d+)").group(1));
        second.await("waiting behind");
        assertThat(get(firstPort).statusCode()).isEqualTo(200);
        assertThat(get(firstPort).body()).contains("\"leads\":true", "\"data\":\"10.0.0.1:80\"", "\"fencingToken\":\"");
        assertThat(get(secondPort).statusCode()).isEqualTo(503);
        assertThat(get(secondPort).body()).contains("\"leads\":false", "\"data\":\"10.0.0.1:80\"");
        first.process.toHandle().destroy();
        second.await("leading in term");
        assertThat(get(secondPort).statusCode()).isEqualTo(200);
        assertThat(first.status()).isEqualTo(Service.TERMINATED);
    }

    private static HttpResponse<String> get(int port) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/leader"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void withoutServers_saysThatItRunsItsOwn() throws Exception {
        Elect only = new Elect(List.of(), "exit 0");
        elects.add(only);
        only.await("no --servers: a server of its own runs in this process");
        assertThat(only.status()).isZero();
    }

    @Test
    void graceThatDoesNotFit_isRefusedWithWhatWould() throws Exception {
        Elect only = elect("/grace", "true", "--grace", "3s");
        only.await("--grace does not fit.*take a --session-timeout of 13s");
        assertThat(only.status()).isEqualTo(2);
    }
}
