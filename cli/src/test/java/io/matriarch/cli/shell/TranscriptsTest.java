package io.matriarch.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.testkit.TestEnsemble;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the shell says to each command, on a server of ours: src/test/resources/shell. {@code -Dmatriarch.rewrite=true} writes down
 * what it says now; the diff is then to be reviewed. The test ShellOnApacheTest in compat has Apache's server say the same.
 */
class TranscriptsTest {
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/shell"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shellSaysWhatIsWrittenDown(Path file) throws Exception {
        Transcript transcript = Transcript.read(file);
        String happened;
        try (TestEnsemble server = TestEnsemble.start(1)) {
            happened = run(transcript.commands(), server.connectString());
        }
        if (Boolean.getBoolean("matriarch.rewrite")) {
            transcript.rewrite(happened);
            return;
        }
        assertThat(happened).isEqualTo(transcript.expected());
    }

    private static String run(List<String> commands, String servers) throws Exception {
        StringWriter all = new StringWriter();
        StringWriter errors = new StringWriter();
        Screen screen = new Screen(new PrintWriter(all), new PrintWriter(errors), Screen.Style.PLAIN, false);
        // Two of the commands look for servers where there are none, for as long as that.
        Session.Terms terms = new Session.Terms(10_000, 5_000, true, false, new ZKClientConfig());
        try (Session session = new Session(screen, terms, servers)) {
            session.connect(servers);
            Shell shell = new Shell(session, screen, "Matriarch under test");
            for (String command : commands) {
                all.append("> ").append(command).append('\n');
                shell.execute(command);
                errors.toString()
                        .lines()
                        .forEach(line -> all.append("! ").append(line).append('\n'));
                errors.getBuffer().setLength(0);
            }
        }
        return Transcript.normal(all.toString());
    }
}
