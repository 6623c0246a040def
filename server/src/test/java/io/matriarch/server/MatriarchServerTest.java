package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.config.StorageConfig;
import io.matriarch.wire.ServerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Life of a server from start to stop, and how it says why it does not start. */
class MatriarchServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    @Test
    void standaloneServerStartsServesTellsAndStops() throws Exception {
        Queue<TraceEvent> traces = new ConcurrentLinkedQueue<>();
        MatriarchServer server = MatriarchServer.start(config().build(), traces::add);
        assertThat(server.awaitServing(PATIENCE)).isTrue();
        assertThat(server.clientPort()).isPositive();
        assertThat(server.status().isServing()).isTrue();
        assertThat(traces).hasAtLeastOneElementOfType(TraceEvent.LeaderEstablished.class);

        server.close();
        assertThat(server.awaitHalt().isClean()).isTrue();
        assertThat(server.awaitHalt().exitCode()).isZero();
        assertThat(server.awaitServing(PATIENCE)).isFalse();
        assertThatThrownBy(server::status).hasMessage("server 1 does not run any more");
    }

    @Test
    void secondServerOnADirectoryIsRefusedBeforeItReadsAnything() throws Exception {
        try (MatriarchServer first = MatriarchServer.start(config().build())) {
            assertThat(first.awaitServing(PATIENCE)).isTrue();
            ServerStartException refused =
                    catchThrowableOfType(ServerStartException.class, () -> MatriarchServer.start(config().build()));

            assertThat(refused)
                    .hasMessage("another server uses " + dir + " (it holds matriarch.lock); stop that one, or give this"
                            + " one a directory of its own");
            assertThat(refused.exitCode()).isEqualTo(3);
        }
        MatriarchServer.start(config().build()).close();
    }

    @Test
    void killedServerLetsGoOfItsPortsAndDirectory() throws Exception {
        MatriarchServer killed = MatriarchServer.start(config().build());
        int port = killed.clientPort();
        killed.kill();

        assertThat(killed.awaitHalt().isClean()).isFalse();
        try (MatriarchServer again =
                MatriarchServer.start(config().clientAddress("127.0.0.1", port).build())) {
            assertThat(again.awaitServing(PATIENCE)).isTrue();
        }
    }

    @Test
    void clientPortInUseStopsTheStartAndLeavesNothingBehind() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> MatriarchServer.start(config().clientAddress("127.0.0.1", other.getLocalPort())
                            .build()))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessage("cannot listen on client port 127.0.0.1:" + other.getLocalPort()
                            + ": Address already in use; free the port or change it in zoo.cfg");
        }
        MatriarchServer.start(config().build()).close();
    }

    @Test
    void electionPortInUseStopsTheServerAfterTheConfiguredTries() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<MemberConfig> members = List.of(
                    MemberConfig.participant(1, "127.0.0.1", 1, other.getLocalPort()),
                    MemberConfig.participant(2, "127.0.0.1", 3, 4));
            ServerStartException refused = catchThrowableOfType(
                    ServerStartException.class,
                    () -> MatriarchServer.start(config().ensemble(new ServerId(1), members)
                            .electionPortBindRetry(1)
                            .build()));

            assertThat(refused.exitCode()).isEqualTo(14);
            assertThat(refused)
                    .hasMessageStartingWith("cannot listen on election port 127.0.0.1:" + other.getLocalPort());
        }
    }

    @Test
    void damagedLogRefusesTheStartWithFileAndAdvice() throws Exception {
        MatriarchServer.start(config().build()).close();
        Path version2 = dir.resolve("version-2");
        Files.write(
                version2.resolve("log.1"),
                "this is no log".repeat(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        ServerStartException refused =
                catchThrowableOfType(ServerStartException.class, () -> MatriarchServer.start(config().build()));

        assertThat(refused.exitCode()).isEqualTo(10);
        assertThat(refused).hasMessageContaining("log.1");
    }

    @Test
    void serverAloneWithoutADatabaseDoesNotInventOneWhereItMayNot() throws Exception {
        ServerConfig config = config().storage(StorageConfig.DEFAULT.withCreatesDatabase(false))
                .build();
        ServerStartException refused =
                catchThrowableOfType(ServerStartException.class, () -> MatriarchServer.start(config));

        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused)
                .hasMessage(
                        "there is no database in " + dir + ", and db.autocreate=false; restore a backup, or create a"
                                + " file named initialize there if this server is new");
        Files.createFile(dir.resolve("initialize"));
        MatriarchServer.start(config).close();
        assertThat(dir.resolve("initialize")).doesNotExist();
        MatriarchServer.start(config).close();
    }

    @Test
    void oldSnapshotsGoWhileTheServerRuns() throws Exception {
        Path version2 = dir.resolve("version-2");
        MatriarchServer.start(config().build()).close();
        Path oldest = version2.resolve("snapshot.0");
        for (int zxid = 1; zxid <= 4; zxid++) {
            Files.copy(oldest, version2.resolve("snapshot." + zxid));
        }

        try (MatriarchServer server = MatriarchServer.start(
                config().storage(StorageConfig.DEFAULT.withPurge(3, 1)).build())) {
            assertThat(server.awaitServing(PATIENCE)).isTrue();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (Files.exists(version2.resolve("snapshot.1")) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
        }
        try (Stream<Path> left = Files.list(version2)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.startsWith("snapshot.")))
                    .containsExactlyInAnyOrder("snapshot.2", "snapshot.3", "snapshot.4");
        }
    }

    @Test
    void invalidFileEndsTheProcessWithExitCode2() throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, "clientPort=none\n");
        assertThat(ServerProcess.run(file)).isEqualTo(2);
    }

    private ServerConfig.Builder config() {
        return ServerConfig.builder()
                .dataDir(dir)
                .clientAddress("127.0.0.1", 0)
                .tickMillis(200)
                .preAllocBytes(0);
    }
}
