package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.SharedDirectory.Handover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One data directory goes back and forth between ours and Apache's server (disk.md 2, 5). */
@Timeout(90)
class DataDirectoryTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    // Each goes both ways, so that these two read snapshots and bare logs of either.
    // Those with compressed snapshots purge at every start, so that the old, plain ones are of no help.
    @ParameterizedTest(name = "begun by {0}, a snapshot every {1} transactions, compressed by {2}")
    @CsvSource({"MATRIARCH, 12, ''", "APACHE, 100000, ''", "MATRIARCH, 8, gz", "MATRIARCH, 8, snappy"})
    void whatOneWroteTheOtherOpens(Flavour first, int snapCount, String compression) throws Exception {
        List<Flavour> turns = first == Flavour.APACHE
                ? List.of(Flavour.APACHE, Servers.ours(), Flavour.APACHE)
                : List.of(Servers.ours(), Flavour.APACHE, Servers.ours());
        EnsembleProcess ensemble = SERVERS.create(
                first + "-" + snapCount + compression, List.of(turns.get(0)), options -> options.withSetting(
                                "snapCount", String.valueOf(snapCount))
                        .withSetting("snapshot.compression.method", compression)
                        .withSetting("autopurge.purgeInterval", compression.isEmpty() ? "0" : "1"));
        SharedDirectory.takeTurns(ensemble, turns, List.of(Handover.STOPPED, Handover.KILLED));
        if (snapCount < 100) {
            assertThat(snapshots(ensemble.server(1))).as("snapshots taken").hasSizeGreaterThan(2);
        }
        if (!compression.isEmpty()) {
            assertThat(snapshots(ensemble.server(1)))
                    .as("old, plain snapshots are purged")
                    .allSatisfy(file -> assertThat(file.toString()).endsWith("." + compression));
        }
    }

    private static List<Path> snapshots(ServerProcess server) throws IOException {
        try (Stream<Path> files = Files.list(server.directory().resolve("data").resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("snapshot."))
                    .toList();
        }
    }
}
