package io.matriarch.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The demo itself, with real servers. */
class DemoTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    private int run(String... args) {
        CommandLine commandLine = new CommandLine(new DemoCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter()));
        commandLine.getCommandSpec().versionProvider(() -> new String[] {"Matriarch under test"});
        return commandLine.execute(args);
    }

    @Test
    void allStepsComeTrue_andTheStoryTellsThem() {
        Path kept = directory.resolve("kept");
        assertThat(run("--keep", kept.toString())).as(out.toString()).isZero();
        assertThat(out.toString())
                .contains(
                        "1  Servers",
                        "2  Candidates",
                        "3  A candidate",
                        "4  The leading server",
                        "server 2 leads epoch 1",
                        "server 3 joined without another election",
                        "candidate A leads",
                        "candidate D now watches B",
                        "no session was lost",
                        "server 2 follows, and has all",
                        "Every step came true");
        assertThat(kept.resolve("server2")).isDirectory();
    }

    @Test
    void aStepThatDoesNotComeTrue_isNamed_andTheExitCodeIs1() throws Exception {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        // Server 2 finds a file where its directory should be.
        Thread saboteur = new Thread(() -> sabotage(kept));
        saboteur.setDaemon(true);
        saboteur.start();
        assertThat(run("--keep", kept.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("NOT TRUE", "Step 1 did not come true: Servers start one after another");
    }

    private static void sabotage(Path kept) {
        try {
            while (!Files.exists(kept.resolve("server1"))) {
                Thread.onSpinWait();
            }
            Files.writeString(kept.resolve("server2"), "in the way");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
