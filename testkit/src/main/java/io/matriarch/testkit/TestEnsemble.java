package io.matriarch.testkit;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.MatriarchServer;
import io.matriarch.server.ServerStartException;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An ensemble in this process, on free loopback ports and in a temporary directory.
 *
 * <pre>{@code
 * try (TestEnsemble ensemble = TestEnsemble.start(3)) {
 *     connect(ensemble.connectString());
 *     ensemble.leader().kill();
 *     ensemble.leader();   // waits for the next one
 * }
 * }</pre>
 *
 * For one thread at a time. One server alone is standalone.
 */
public final class TestEnsemble implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORTS_PER_SERVER = 3;
    private static final int ATTEMPTS = 5;
    private static final int LOOK_AGAIN_MILLIS = 20;

    private final Path directory;
    private final List<TestServer> servers = new ArrayList<>();
    private final Semaphore changes = new Semaphore(0);

    private final boolean isDirectoryOurs;
    private final BiConsumer<Long, TraceEvent> observer;

    private TestEnsemble(Path directory, boolean isDirectoryOurs, BiConsumer<Long, TraceEvent> observer) {
        this.directory = directory;
        this.isDirectoryOurs = isDirectoryOurs;
        this.observer = observer;
    }

    /**
     * Servers 1 to {@code size}, none of which runs yet; {@link TestServer#start} each. Their ports are kept from others
     * until then.
     *
     * @param directory gets a directory for each server, and stays
     * @param adjust as in {@link #start(int, UnaryOperator)}
     * @param observer told what each server traces, with its id, on that server's thread
     */
    public static TestEnsemble prepare(
            Path directory,
            int size,
            UnaryOperator<ServerConfig.Builder> adjust,
            BiConsumer<Long, TraceEvent> observer) {
        TestEnsemble ensemble = new TestEnsemble(directory, false, observer);
        ensemble.create(size, adjust);
        return ensemble;
    }

    /** Starts {@code size} servers, 1 to n, and waits until all serve. */
    public static TestEnsemble start(int size) {
        return start(size, UnaryOperator.identity());
    }

    /** As {@link #start(int)}; {@code adjust} may change any setting but ports, members and directories. */
    public static TestEnsemble start(int size, UnaryOperator<ServerConfig.Builder> adjust) {
        for (int attempt = 1; ; attempt++) {
            TestEnsemble ensemble = new TestEnsemble(temporaryDirectory(), true, (sid, event) -> {});
            try {
                ensemble.create(size, adjust);
                ensemble.servers.forEach(TestServer::start);
                ensemble.awaitServing(PATIENCE);
                return ensemble;
            } catch (ServerStartException e) {
                // Somebody took a port between our letting go and the server's taking it.
                ensemble.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (RuntimeException e) {
                ensemble.close();
                throw e;
            }
        }
    }

    private void create(int size, UnaryOperator<ServerConfig.Builder> adjust) {
        List<FreePorts> ports = new ArrayList<>();
        List<MemberConfig> members = new ArrayList<>();
        for (long sid = 1; sid <= size; sid++) {
            FreePorts its = FreePorts.hold(PORTS_PER_SERVER);
            ports.add(its);
            members.add(MemberConfig.participant(sid, "127.0.0.1", its.port(0), its.port(1)));
        }
        for (int i = 0; i < size; i++) {
            long sid = i + 1L;
            int clientPort = ports.get(i).port(2);
            ServerConfig.Builder builder = adjust.apply(ServerConfig.builder()
                    .tickMillis(500)
                    .sessionTimeouts(1000, 60_000)
                    .maxConnections(0, 0)
                    .fourLetterWords(List.of("*"))
                    .preAllocBytes(1 << 20)
                    .electionPortBindRetry(0));
            builder.dataDir(directory.resolve("server" + sid)).clientAddress("127.0.0.1", clientPort);
            if (size > 1) {
                builder.ensemble(new ServerId(sid), members);
            }
            servers.add(new TestServer(builder.build(), clientPort, ports.get(i), event -> traced(sid, event)));
        }
    }

    private void traced(long sid, TraceEvent event) {
        observer.accept(sid, event);
        if (event instanceof TraceEvent.RoleChanged || event instanceof TraceEvent.LeaderEstablished) {
            changes.release();
        }
    }

    /** All servers, running or not, by id. */
    public List<TestServer> servers() {
        return List.copyOf(servers);
    }

    /** The server with this id, from 1. */
    public TestServer server(long sid) {
        return servers.get(Math.toIntExact(sid) - 1);
    }

    /** Addresses of all servers, for clients. */
    public String connectString() {
        return servers.stream().map(TestServer::connectString).collect(Collectors.joining(","));
    }

    /** The server that leads and serves; waits for one. */
    public TestServer leader() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<TestServer> leader = currentLeader();
        while (leader.isEmpty() && System.nanoTime() - deadline < 0) {
            awaitChange();
            leader = currentLeader();
        }
        return leader.orElseThrow(
                () -> new IllegalStateException("no leader within " + PATIENCE.toSeconds() + " s: " + states()));
    }

    private void awaitChange() {
        try {
            // A false return only says that nothing changed for a while.
            changes.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            changes.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Optional<TestServer> currentLeader() {
        return servers.stream().filter(TestEnsemble::leads).findFirst();
    }

    private static boolean leads(TestServer server) {
        Optional<PeerStatus> status = server.status();
        return status.isPresent()
                && status.get().role() == PeerState.LEADING
                && status.get().isServing();
    }

    /** A running server that follows; waits for one that serves. */
    public TestServer follower() {
        TestServer leader = leader();
        for (TestServer server : servers) {
            if (server != leader && server.isRunning()) {
                awaitServing(server, PATIENCE);
                return server;
            }
        }
        throw new IllegalStateException("no follower runs: " + states());
    }

    /** Ends a server as {@code kill -9} would. */
    public void kill(long sid) {
        server(sid).kill();
    }

    /** Starts a server again that was killed or stopped. */
    public void restart(long sid) {
        server(sid).start();
    }

    /** Waits until all servers that run serve clients. */
    public void awaitServing(Duration limit) {
        servers.stream().filter(TestServer::isRunning).forEach(server -> awaitServing(server, limit));
    }

    private void awaitServing(TestServer server, Duration limit) {
        MatriarchServer running = server.server().orElseThrow();
        try {
            if (!running.awaitServing(limit)) {
                throw new IllegalStateException("server " + server.sid() + " does not serve: " + states());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String states() {
        return servers.stream()
                .map(server -> server.sid() + " "
                        + server.status()
                                .map(status -> status.role() + " in " + status.phase())
                                .orElse("down"))
                .collect(Collectors.joining(", "));
    }

    /** Ends all servers and removes their files, unless they are in a directory of the caller's. */
    @Override
    public void close() {
        servers.forEach(TestServer::kill);
        if (!isDirectoryOurs) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + directory, e);
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("matriarch-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
