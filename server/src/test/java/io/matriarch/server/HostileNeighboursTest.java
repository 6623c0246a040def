package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Opening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers that elect while others misbehave on their ports (election.md 8.11, C9, T5, T9). */
@Timeout(120)
class HostileNeighboursTest {
    private static final int RANDOM_STRINGS = 10_000;

    @TempDir
    Path dir;

    private final List<MemberConfig> members = new ArrayList<>();
    private final List<MatriarchServer> servers = new ArrayList<>();

    /** Quorum and election port of each member, kept from everybody else until the member begins. */
    private final List<ServerSocket> held = new ArrayList<>();

    @BeforeEach
    void takeFreePorts() throws IOException {
        for (int i = 0; i < 6; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (int i = 0; i < 3; i++) {
            members.add(MemberConfig.participant(
                    i + 1L,
                    "127.0.0.1",
                    held.get(2 * i).getLocalPort(),
                    held.get(2 * i + 1).getLocalPort()));
        }
    }

    @AfterEach
    void stop() throws IOException {
        servers.forEach(MatriarchServer::kill);
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    @Test
    void t9RandomBytesOnBothPortsStopNoElection() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        AtomicInteger sent = new AtomicInteger();
        List<CompletableFuture<Void>> noise = new ArrayList<>();
        for (int seed = 1; seed <= 2; seed++) {
            Random random = new Random(seed);
            noise.add(CompletableFuture.runAsync(() -> makeNoise(random, sent)));
        }
        int elections = 0;
        while (elections < 3 || noise.stream().anyMatch(each -> !each.isDone())) {
            awaitAll();
            elections++;
            int victim = elections % 3;
            servers.get(victim).kill();
            servers.set(victim, started(victim));
        }
        CompletableFuture.allOf(noise.toArray(new CompletableFuture<?>[0])).join();
        awaitAll();
        assertThat(sent.get()).isGreaterThanOrEqualTo(RANDOM_STRINGS);
    }

    private void makeNoise(Random random, AtomicInteger sent) {
        while (sent.get() < RANDOM_STRINGS) {
            MemberConfig target = members.get(random.nextInt(3));
            int port = random.nextBoolean() ? target.quorumPort() : target.electionPort();
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 20 && random.nextBoolean()) {
                // The start of a good opening, so that what follows reaches further in.
                byte[] opening = new Opening(
                                new ServerId(random.nextInt(40) - 5L), List.of(new HostPort("127.0.0.1", 1)))
                        .encode()
                        .toByteArray();
                System.arraycopy(opening, 0, bytes, 0, Math.min(bytes.length, opening.length));
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(bytes);
                sent.incrementAndGet();
            } catch (IOException notListening) {
                // A quorum port that no leader listens on now, or a server that is being restarted.
                Thread.onSpinWait();
            }
        }
    }

    /** Sockets that are dialled and say nothing, on both ports, more than a server keeps. */
    @Test
    void c9SilentDiallersDelayNobody() throws Exception {
        start(0);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            silent.add(dialled(members.get(0).electionPort()));
        }
        start(1);
        start(2);
        // Half of what a silent dialler may take.
        awaitAll();
        for (Socket socket : silent) {
            socket.close();
        }
    }

    /** The third member's host drops packets: its listener's queue is full, and it never accepts. */
    @Test
    void t5MemberThatDropsPacketsDelaysNobody() throws Exception {
        int port = held.get(5).getLocalPort();
        try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            start(0);
            start(1);
            // Half of what a dial may take.
            awaitAll();
        }
    }

    /** A server that has just begun may not listen yet. */
    private static Socket dialled(int port) {
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (IOException notListening) {
                Thread.onSpinWait();
            }
        }
    }

    private void start(int index) {
        servers.add(started(index));
    }

    private MatriarchServer started(int index) {
        try {
            held.get(2 * index).close();
            held.get(2 * index + 1).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return MatriarchServer.start(ServerConfig.builder()
                .dataDir(dir.resolve(String.valueOf(index + 1)))
                .tickMillis(500)
                .limits(120, 120)
                .connectTimeoutMillis(60_000)
                .forcesLog(false)
                .electionPortBindRetry(0)
                .ensemble(new ServerId(index + 1L), members)
                .build());
    }

    private void awaitAll() throws InterruptedException {
        for (MatriarchServer server : servers) {
            assertThat(server.awaitServing(Duration.ofSeconds(30))).isTrue();
        }
    }
}
