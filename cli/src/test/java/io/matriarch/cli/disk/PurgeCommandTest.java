package io.matriarch.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.cli.disk.ApacheDirectory.Outcome;
import io.matriarch.server.DirectoryLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code matriarch purge} on a directory of Apache's. */
class PurgeCommandTest {
    @TempDir
    private Path dir;

    private static Outcome purge(Object... args) {
        return ApacheDirectory.run(new PurgeCommand(), args);
    }

    /** Beside what Apache wrote, older copies of its snapshot, the newest of them 0x4. */
    private Path directory() throws IOException {
        ApacheDirectory.copy("plain", dir);
        Path version2 = dir.resolve("version-2");
        Path any = snapshots().get(0);
        for (int zxid = 1; zxid <= 4; zxid++) {
            Files.copy(any, version2.resolve("snapshot." + zxid));
        }
        return version2;
    }

    private List<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("snapshot."))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aDryRun_saysWhatWouldGoAndRemovesNothing() throws IOException {
        directory();
        List<Path> before = snapshots();
        Outcome outcome = purge("--dry-run", dir);
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("would remove " + dir.resolve("version-2/snapshot.1"));
        assertThat(snapshots()).isEqualTo(before);
    }

    @Test
    void aPurge_keepsAsManyAsItIsTold() throws IOException {
        directory();
        assertThat(purge("-n", 4, dir).exit()).isZero();
        assertThat(snapshots()).hasSize(4);
        assertThat(purge(dir).exit()).isZero();
        assertThat(snapshots()).hasSize(3);
    }

    @Test
    void aBrokenSnapshot_isNamedAndNotCounted() throws IOException {
        Path version2 = directory();
        Files.writeString(version2.resolve("snapshot.fff"), "broken");
        Outcome outcome = purge(dir);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).contains("broken, and not counted: " + version2.resolve("snapshot.fff"));
        assertThat(snapshots()).hasSize(4);
    }

    @Test
    void aDirectoryInUse_isLeftAlone() throws IOException {
        directory();
        List<Path> before = snapshots();
        DirectoryLocks locks = DirectoryLocks.take(dir, dir);
        assertThat(purge(dir).exit()).isEqualTo(3);
        locks.close();
        assertThat(snapshots()).isEqualTo(before);
    }

    @Test
    void whatIsNoDataDir_orTooFew_isAWrongArgument() throws IOException {
        directory();
        assertThat(purge(dir.resolve("version-2")).exit()).isEqualTo(2);
        assertThat(purge("-n", 2, dir).exit()).isEqualTo(2);
    }
}
