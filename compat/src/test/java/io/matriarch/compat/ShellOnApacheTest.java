package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code bin/matriarch shell} with scripts from a pipe, on a server process of ours and on Apache's: both must say what cli's transcripts
 * say.
 */
@Timeout(180)
class ShellOnApacheTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private static final Path TRANSCRIPTS = Path.of("../cli/src/test/resources/shell");

    @ParameterizedTest
    @EnumSource(Flavour.class)
    void serversOfBothKindsAnswerTheShellAlike(Flavour flavour) throws Exception {
        EnsembleProcess server = SERVERS.start(flavour.name(), List.of(flavour));
        for (String name : List.of("znodes", "access")) {
            List<String> lines = Files.readAllLines(TRANSCRIPTS.resolve(name + ".txt"));
            List<String> transcript = lines.subList(lines.indexOf("----") + 1, lines.size());
            String script = said(transcript, true);
            CommandRun run = shell(server, script);
            assertThat(normal(run.text()))
                    .as(name + " on " + flavour)
                    .isEqualTo(said(transcript, false).strip());
            assertThat(run.exit()).isEqualTo(1);
        }
    }

    /** Apache's server counts usage and honours hard limits when told to; the shell shows what it counts. */
    @ParameterizedTest
    @EnumSource(value = Flavour.class, names = "APACHE")
    void usageThatAServerCountsIsShown(Flavour flavour) throws Exception {
        EnsembleProcess server = SERVERS.start("quota", List.of(flavour));
        CommandRun run = shell(server, """
                create /app 0123456789
                create /app/a
                setquota -n 5 /app
                create /app/b
                listquota /app
                """);
        assertThat(run.output())
                .endsWith("Output quota for /app count=5,bytes=-1", "Output stat for /app count=3,bytes=10");
        assertThat(run.text()).doesNotContain("does not count usage");
    }

    private static CommandRun shell(EnsembleProcess server, String script) throws IOException, InterruptedException {
        Path input = Files.createTempFile("matriarch-shell", ".txt");
        try {
            Files.writeString(input, script, StandardCharsets.UTF_8);
            return CommandRun.reading(input, "shell", "--servers", server.connectString(), "--keep-going");
        } finally {
            Files.delete(input);
        }
    }

    /** The commands of a transcript, or what was said to them. */
    private static String said(List<String> transcript, boolean isAsked) {
        StringBuilder text = new StringBuilder();
        for (String line : transcript) {
            boolean isCommand = line.startsWith("> ");
            if (isCommand == isAsked) {
                text.append(line.replaceFirst("^(> |! )", "")).append('\n');
            }
        }
        return text.toString();
    }

    private static String normal(String said) {
        return said.replaceAll("(?m)^line \\d+: ", "")
                .replaceAll("(?m)^(.Zxid) = 0x[0-9a-f]+$", "$1 = ZXID")
                .replaceAll("(?m)^(.time) = .*$", "$1 = TIME")
                .replaceAll("(?m)^ephemeralOwner = 0x[0-9a-f]{4,}$", "ephemeralOwner = SESSION");
    }
}
