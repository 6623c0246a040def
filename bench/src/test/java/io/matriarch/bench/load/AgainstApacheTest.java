package io.matriarch.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load client must do what it counts: the server's own counters and tree are the witnesses. */
class AgainstApacheTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void everyAnswerCountedWasGivenByTheServer() throws IOException {
        try (EnsembleProcess ensemble = EnsembleProcess.start(EnsembleOptions.of(directory, Flavour.APACHE, 1));
                LoadClient client = new LoadClient(addresses(ensemble), 3, 8, 1024)) {
            ServerProcess server = ensemble.server(1);
            long zxidBefore = server.awaitServing(BOUND).zxid();

            LoadResult writes = client.run(new Load(Load.Kind.WRITE, 16), Duration.ZERO, Duration.ofMillis(500));

            // Writes that were under way when the time was up are carried out, but not counted.
            long written = server.awaitServing(BOUND).zxid() - zxidBefore;
            assertThat(writes.errors()).isZero();
            assertThat(writes.latencies().getTotalCount()).isBetween(written - 3 * 16, written);

            LoadResult reads = client.run(new Load(Load.Kind.READ, 1), Duration.ZERO, Duration.ofMillis(300));
            assertThat(reads.errors()).isZero();
            assertThat(reads.latencies().getTotalCount()).isPositive();
            assertThat(server.awaitServing(BOUND).zxid() - zxidBefore).isEqualTo(written);

            LoadResult creates = client.run(new Load(Load.Kind.CREATE, 4), Duration.ZERO, Duration.ofMillis(200));
            assertThat(creates.errors()).isZero();
            assertThat(mntr(server, "zk_znode_count"))
                    .isGreaterThanOrEqualTo(creates.latencies().getTotalCount());
        }
    }

    @Test
    void anOutageLastsUntilAServerAnswersAgain() throws IOException {
        try (EnsembleProcess ensemble = EnsembleProcess.create(EnsembleOptions.of(directory, Flavour.APACHE, 1));
                OutageProbe probe = new OutageProbe(null, addresses(ensemble), 1)) {
            Outage coldStart = probe.measure(ensemble::startAll, BOUND);
            assertThat(coldStart.ofServing()).isBetween(Duration.ofMillis(50), BOUND);

            Outage none = probe.measure(() -> {}, BOUND);
            assertThat(none.ofServing()).isLessThan(coldStart.ofServing());

            Outage restart = probe.measure(
                    () -> {
                        ensemble.server(1).kill();
                        ensemble.server(1).start();
                    },
                    BOUND);
            assertThat(restart.ofServing()).isGreaterThan(none.ofServing());
        }
    }

    private static List<InetSocketAddress> addresses(EnsembleProcess ensemble) {
        return ensemble.servers().stream().map(ServerProcess::clientAddress).toList();
    }

    private static long mntr(ServerProcess server, String key) throws IOException {
        return FourLetterWord.ask(server.clientAddress(), "mntr", BOUND)
                .lines()
                .filter(line -> line.startsWith(key + "\t"))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
