package io.matriarch.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.matriarch.testkit.TestServer;
import io.matriarch.testkit.junit.Matriarch;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as it is started: commands from arguments and from a pipe, exit codes, JSON. */
@Matriarch
class ShellCommandTest {
    private static final String NOBODY = "127.0.0.1:1";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String servers, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--servers", servers));
        all.addAll(List.of(arguments));
        CommandLine commandLine = new CommandLine(new ShellCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        commandLine.getCommandSpec().versionProvider(() -> new String[] {"Matriarch under test"});
        return commandLine.execute(all.toArray(new String[0]));
    }

    private int pipe(String lines, String servers, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        try {
            return run(servers, arguments);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void commandFromArguments_keepsItsOptionsToItself(TestServer server) {
        assertThat(run(server.connectString(), "create", "-s", "/args-", "some data"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).matches("Created /args-\\d{10}\n");
    }

    @Test
    void exitCodes_failedIsOne_wrongArgumentsAreTwo(TestServer server) {
        assertThat(run(server.connectString(), "get", "/none")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("Node does not exist: /none\n");
        assertThat(run(server.connectString(), "get")).isEqualTo(2);
        assertThat(run(NOBODY, "creat", "/x")).isEqualTo(2);
        assertThat(err.toString()).endsWith("there is no command 'creat'; did you mean create?; help lists all\n");
        assertThat(run("no:port:here", "get", "/x")).isEqualTo(2);
    }

    @Test
    void helpAndVersionNeedNoServer() {
        assertThat(run(NOBODY, "help")).isZero();
        assertThat(run(NOBODY, "version")).isZero();
        assertThat(out.toString()).contains("removewatches", "Matriarch under test, with the client of ZooKeeper 3.");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void nobodyListens_saysWhereAndWhatToDo() {
        assertThat(run(NOBODY + ",nobody.invalid:2181", "ls", "/")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("""
                        No session could be opened with 127.0.0.1:1,nobody.invalid:2181:
                          127.0.0.1:1 refuses: nobody listens there
                          nobody.invalid:2181 is unknown: there is no such host
                        Name the servers with --servers host:port[,…]; is one of them running, and its quorum?
                        """);
    }

    @Test
    void serverThatOpensNoSession_isToldApartFromNobody(TestServer server) {
        server.pause();
        assertThat(run(server.connectString(), "--wait", "1500", "ls", "/")).isEqualTo(1);
        assertThat(err.toString()).contains("listens, but opened no session");
    }

    @Test
    void pipe_stopsAtTheFirstFailure_andNamesItsLine(TestServer server) {
        String script = "# prepare\n\ncreate /pipe 1\nget /pipe\nget /none\nset /pipe 2\n";
        assertThat(pipe(script, server.connectString())).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("Created /pipe\n1\n");
        assertThat(err.toString()).isEqualTo("line 5: Node does not exist: /none\n");
        assertThat(run(server.connectString(), "get", "/pipe")).isZero();
        assertThat(out.toString()).endsWith("\n1\n");
    }

    @Test
    void pipe_keepsGoingIfAsked_andTheFirstFailureCounts(TestServer server) {
        String script = "nonsense\nget /none\ncreate /going 1\nquit\ncreate /never\n";
        assertThat(pipe(script, server.connectString(), "--keep-going")).isEqualTo(2);
        assertThat(out.toString()).isEqualTo("Created /going\n");
        assertThat(err.toString().lines().map(line -> line.substring(0, 7)).toList())
                .containsExactly("line 1:", "line 2:");
    }

    @Test
    void chrootIsTheRoot(TestServer server) {
        assertThat(run(server.connectString(), "create", "/app")).isZero();
        assertThat(run(server.connectString() + "/app", "create", "/inside")).isZero();
        assertThat(run(server.connectString(), "ls", "/app")).isZero();
        assertThat(out.toString()).isEqualTo("Created /app\nCreated /inside\n[inside]\n");
    }

    @Test
    void zkClisOwnOptionsWorkToo(TestServer server) {
        CommandLine commandLine = new CommandLine(new ShellCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        commandLine.getCommandSpec().versionProvider(() -> new String[] {"Matriarch under test"});
        assertThat(commandLine.execute("-server", server.connectString(), "-timeout", "5000", "-r", "getEphemerals"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).isEqualTo("[]\n");
    }

    @Test
    void json_isOneObjectPerLine_errorsToo(TestServer server) throws Exception {
        String script = "create /json héllo\nset -b /json /w==\nget -s /json\nget /none\n";
        assertThat(pipe(script, server.connectString(), "--json")).isEqualTo(1);
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines.get(0).path("created").asText()).isEqualTo("/json");
        assertThat(lines.get(1).path("stat").path("version").asInt()).isEqualTo(1);
        assertThat(lines.get(2).path("base64").asText()).isEqualTo("/w==");
        assertThat(lines.get(2).path("stat").path("dataLength").asInt()).isEqualTo(1);
        assertThat(lines).hasSize(3);
        JsonNode error = new ObjectMapper().readTree(err.toString());
        assertThat(error.path("error").asText()).isEqualTo("NONODE");
        assertThat(error.path("message").asText()).isEqualTo("line 4: Node does not exist: /none");
    }

    @Test
    void clientSettingsThatCannotBeRead_areNamed(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("client.cfg"), "zookeeper.sasl.client=false\n");
        assertThat(run(NOBODY, "--client-configuration", file.toString(), "help"))
                .isZero();
        assertThat(run(
                        NOBODY,
                        "--client-configuration",
                        directory.resolve("none").toString(),
                        "help"))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("--client-configuration " + directory.resolve("none"));
    }
}
