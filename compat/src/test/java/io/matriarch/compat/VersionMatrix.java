package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.compat.SharedDirectory.Handover;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every release of Apache's that we claim to live with, as members beside ours and on our directories. Runs under the Maven profile
 * {@code matrix} only, which copies the releases to {@code target/apache/VERSION}; {@code -Dmatrix.versions=3.6.4,3.7.2} chooses some.
 * The table is in {@code target/version-matrix.txt}.
 */
@Timeout(400)
class VersionMatrix {
    private static final String ALL = "3.5.10,3.6.4,3.7.2,3.8.4,3.9.5";
    private static final MatrixTable TABLE = new MatrixTable();

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    static Stream<String> versions() {
        return Stream.of(System.getProperty("matrix.versions", ALL).split(","));
    }

    @AfterAll
    static void publishTable() throws IOException {
        TABLE.publish(Path.of("target", "version-matrix.txt"));
    }

    @ParameterizedTest(name = "two of ours, one {0}")
    @MethodSource("versions")
    void oneOfTheirsAmongOurs(String version) throws Exception {
        killEachInTurn(version, "2 ours + 1 Apache", List.of(Servers.ours(), Servers.ours(), Flavour.APACHE));
    }

    @ParameterizedTest(name = "one of ours, two {0}")
    @MethodSource("versions")
    void oneOfOursAmongTheirs(String version) throws Exception {
        killEachInTurn(version, "1 ours + 2 Apache", List.of(Flavour.APACHE, Flavour.APACHE, Servers.ours()));
    }

    @ParameterizedTest(name = "directory of {0}, bare logs")
    @MethodSource("versions")
    void oneDirectoryOfLogs(String version) throws Exception {
        shareDirectory(version, 100_000);
    }

    @ParameterizedTest(name = "directory of {0}, many snapshots")
    @MethodSource("versions")
    void oneDirectoryOfSnapshots(String version) throws Exception {
        shareDirectory(version, 12);
    }

    private static void killEachInTurn(String version, String setting, List<Flavour> flavours) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                version + "-" + setting.replaceAll("[^a-z0-9]+", "-"),
                flavours,
                options -> options.withApacheLibrary(library(version)));
        try {
            KillsInTurn kills = new KillsInTurn(ensemble);
            kills.run();
            MatrixTable.Row row = kills.row(version, setting);
            TABLE.add(row);
            assertThat(kills.missing()).as("acknowledged and missing").isEmpty();
            assertThat(kills.differing()).as("not the same everywhere").isEmpty();
            assertThat(kills.digestMismatches()).isEmpty();
            assertThat(kills.modes(Flavour.APACHE)).contains("leader", "follower");
            assertThat(kills.modes(Servers.ours())).contains("leader", "follower");
        } finally {
            ensemble.close();
        }
    }

    private static void shareDirectory(String version, int snapCount) throws Exception {
        List<Flavour> turns = List.of(Flavour.APACHE, Servers.ours(), Flavour.APACHE, Servers.ours(), Flavour.APACHE);
        EnsembleProcess ensemble = SERVERS.create(
                version + "-directory-" + snapCount, List.of(Flavour.APACHE), options -> options.withSetting(
                                "snapCount", String.valueOf(snapCount))
                        .withApacheLibrary(library(version)));
        int compared = SharedDirectory.takeTurns(
                ensemble, turns, List.of(Handover.KILLED, Handover.KILLED, Handover.STOPPED, Handover.STOPPED));
        TABLE.addDirectory(version, snapCount, compared);
    }

    private static Path library(String version) {
        return Path.of("target", "apache", version);
    }
}
