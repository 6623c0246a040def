package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/matriarch} in a directory that looks built, with a program in the JVM's place that records its arguments. */
class LauncherTest {
    private static final int BOUND_SECONDS = 30;

    /** Writes the archive of classes that it is asked for, as the JVM does, and its arguments. */
    private static final String RECORDER = """
            #!/bin/sh
            for word in "$@"; do
                case $word in -XX:ArchiveClassesAtExit=*) : > "${word#*=}" ;; esac
            done
            printf '%s\\n' "$@" > "$RECORD"
            """;

    @TempDir
    Path directory;

    private Path launcher;
    private Path jdk;

    @BeforeEach
    void looksBuilt() throws IOException {
        launcher = directory.resolve("checkout/bin/matriarch");
        Files.createDirectories(launcher.getParent());
        Files.copy(Path.of("../bin/matriarch"), launcher);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Path target = directory.resolve("checkout/cli/target");
        Files.createDirectories(target.resolve("launcher"));
        Files.writeString(target.resolve("launcher/stamp"), "");
        Files.writeString(target.resolve("launcher/matriarch.jar"), "classes");
        jdk = directory.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        Files.writeString(jdk.resolve("bin/java"), RECORDER);
        assertThat(jdk.resolve("bin/java").toFile().setExecutable(true)).isTrue();
    }

    /** The benches name the JDK by its real path, and users by a link. */
    @Test
    void archivedClassesAreFoundByEveryNameOfTheJvm() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(directory.resolve("default-java"), jdk);
        run(link, "", "demo");
        assertThat(run(jdk, "", "server", "zoo.cfg")).anyMatch(word -> word.startsWith("-XX:SharedArchiveFile="));
        assertThat(run(link, "", "server", "zoo.cfg")).anyMatch(word -> word.startsWith("-XX:SharedArchiveFile="));
    }

    @Test
    void archivedClassesOfAnotherJvmAreLeftAlone() throws IOException, InterruptedException {
        run(jdk, "", "demo");
        Files.writeString(jdk.resolve("bin/java"), RECORDER + "# a newer release\n");
        assertThat(run(jdk, "", "server", "zoo.cfg")).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile="));
    }

    /** Within a minute a rebuilt jar has the same date and size. */
    @Test
    void archivedClassesOfAnOlderJarAreLeftAloneAndReplaced() throws IOException, InterruptedException {
        Path target = directory.resolve("checkout/cli/target/launcher");
        Path jar = target.resolve("matriarch.jar");
        Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES).minusSeconds(120);
        Files.setLastModifiedTime(jar, FileTime.from(minute.plusSeconds(5)));
        run(jdk, "", "demo");
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(target, "*.jsa")) {
            Files.setLastModifiedTime(archives.iterator().next(), FileTime.from(minute.plusSeconds(10)));
        }
        Files.setLastModifiedTime(jar, FileTime.from(minute.plusSeconds(20)));
        assertThat(run(jdk, "", "server", "zoo.cfg")).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile="));
        run(jdk, "", "demo");
        assertThat(run(jdk, "", "server", "zoo.cfg")).anyMatch(word -> word.startsWith("-XX:SharedArchiveFile="));
    }

    @Test
    void optionsOfTheUserComeLast() throws IOException, InterruptedException {
        List<String> words = run(jdk, "-XX:MaxNewSize=1g -Xmx2g", "server", "zoo.cfg");
        assertThat(words).containsSubsequence("-XX:MaxNewSize=96m", "-XX:MaxNewSize=1g", "-Xmx2g", "server", "zoo.cfg");
    }

    /** What the JVM was given. */
    private List<String> run(Path javaHome, String jvmFlags, String... arguments)
            throws IOException, InterruptedException {
        Path record = directory.resolve("record");
        Files.deleteIfExists(record);
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("JVMFLAGS", jvmFlags);
        builder.environment().put("RECORD", record.toString());
        builder.redirectOutput(directory.resolve("output").toFile());
        Process process = builder.start();
        assertThat(process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(() -> "the launcher said: " + output())
                .isZero();
        return Files.readAllLines(record);
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
