package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine commandLine = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        return commandLine.execute(args);
    }

    @Test
    void unknownCommand_isNamedAndTheNearestSuggested() {
        assertThat(run("dmo")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("""
                        matriarch: there is no 'dmo'
                        Did you mean: matriarch demo?
                        Try 'matriarch --help'.
                        """);
    }

    @Test
    void noCommand_saysWhereToReadOn() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("a command is missing", "matriarch --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "server", "simulate", "log", "snapshot", "shell"})
    void helpOfEachCommand_hasExamplesAndFits100Columns(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: matriarch " + command, "Examples:");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void simulateForNoTime_saysHowToWriteOne() {
        assertThat(run("simulate", "--for", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("'soon' is no time; write it as 90s, 30m, 2h or 500ms");
    }

    @Test
    void simulateForATime_saysWhatWasReached() {
        assertThat(run("simulate", "--for", "0s", "--duration", "200")).isZero();
        assertThat(out.toString()).contains("servers:", "seeds 1 to 1", "every invariant held");
    }

    @Test
    void version_isTheOneOfTheBuild() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).matches("Matriarch \\d+\\.\\d+\\.\\d+\\S* on Java .*\\s*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "10"})
    void demoWithServersOutOfRange_saysWhatIsAllowed(String servers) {
        assertThat(run("demo", "--servers", servers)).isEqualTo(2);
        assertThat(err.toString()).contains("--servers is " + servers + "; allowed are 3 to 9");
    }

    @Test
    void serverWithoutItsFile_saysSo() {
        assertThat(run("server", "/nowhere/zoo.cfg")).isEqualTo(2);
    }
}
