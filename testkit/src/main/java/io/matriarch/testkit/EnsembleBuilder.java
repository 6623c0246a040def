package io.matriarch.testkit;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.ServerStartException;
import io.matriarch.server.TraceListener;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.ServerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes an ensemble; everything has a default. */
public final class EnsembleBuilder {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORTS_PER_SERVER = 3;
    private static final int ATTEMPTS = 5;
    private static final int MAX_SERVERS = 31;

    private int size = 1;
    private @Nullable Path directory;
    private UnaryOperator<ServerConfig.Builder> adjust = settings -> settings;
    private BiConsumer<Long, TraceEvent> observer = (sid, event) -> {};
    private boolean isStraight;
    private int firstClientPort;

    EnsembleBuilder() {}

    /** So many servers, 1 to 31; 1 if nothing is said, which is standalone. */
    public EnsembleBuilder servers(int count) {
        if (count < 1 || count > MAX_SERVERS) {
            throw new IllegalArgumentException(count + " servers; possible are 1 to " + MAX_SERVERS);
        }
        size = count;
        return this;
    }

    /**
     * Each server gets a directory in this one, which stays. Otherwise they are in a temporary one, which does not stay and
     * where no write is forced to the disk, which {@link #settings} may change.
     */
    public EnsembleBuilder directory(Path parent) {
        directory = parent;
        return this;
    }

    /** Changes settings of each server; ports, members and directories are set afterwards. */
    public EnsembleBuilder settings(UnaryOperator<ServerConfig.Builder> change) {
        UnaryOperator<ServerConfig.Builder> before = adjust;
        adjust = settings -> change.apply(before.apply(settings));
        return this;
    }

    /** Told what each server traces, with its id, on that server's thread: to return at once. */
    public EnsembleBuilder observer(BiConsumer<Long, TraceEvent> told) {
        observer = told;
        return this;
    }

    /** Clients of server 1 connect to this port, those of the next one to the next; otherwise to any that are free. */
    public EnsembleBuilder clientPorts(int first) {
        firstClientPort = first;
        return this;
    }

    /** No relay is between servers, nor between them and clients: for measurements. Links cannot fail then. */
    public EnsembleBuilder straightConnections() {
        isStraight = true;
        return this;
    }

    /** The ensemble, of which nothing runs yet; {@link TestServer#start} each. Its ports are kept until then. */
    public TestEnsemble build() {
        Path parent = directory == null ? temporaryDirectory() : directory;
        Runnable cleanUp = directory == null ? () -> delete(parent) : () -> {};
        Parts parts = new Parts(parent);
        try {
            List<TestServer> servers = parts.members.stream().map(parts::server).toList();
            return new TestEnsemble(servers, parts.wiring, parts.transcript, parts.changes, cleanUp);
        } catch (RuntimeException e) {
            parts.ports.forEach(FreePorts::close);
            parts.wiring.close();
            cleanUp.run();
            throw e;
        }
    }

    /** The ensemble, with all servers serving. */
    public TestEnsemble start() {
        for (int attempt = 1; ; attempt++) {
            TestEnsemble ensemble = build();
            try {
                startTogether(ensemble.servers());
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

    /** At the same time, so that none elects a leader of those that were quicker; returns when all have started, or failed to. */
    private static void startTogether(List<TestServer> servers) {
        CompletableFuture<?>[] starts = servers.stream()
                .map(server -> CompletableFuture.runAsync(server::start, EnsembleBuilder::onThreadOfItsOwn))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(starts).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void onThreadOfItsOwn(Runnable task) {
        Thread thread = new Thread(task, "test server starts");
        thread.setDaemon(true);
        thread.start();
    }

    /** What the servers of one ensemble share. */
    private final class Parts {
        private final Path parent;
        private final List<FreePorts> ports = new ArrayList<>();
        private final List<MemberConfig> members = new ArrayList<>();
        private final Wiring wiring;
        private final Transcript transcript = new Transcript();
        private final Semaphore changes = new Semaphore(0);

        Parts(Path parent) {
            this.parent = parent;
            for (long sid = 1; sid <= size; sid++) {
                FreePorts its = FreePorts.hold(PORTS_PER_SERVER);
                ports.add(its);
                members.add(MemberConfig.participant(sid, "127.0.0.1", its.port(0), its.port(1)));
            }
            wiring = isStraight ? Wiring.straight() : Wiring.linked(members);
        }

        TestServer server(MemberConfig own) {
            long sid = own.sid().value();
            FreePorts held = ports.get(Math.toIntExact(sid - 1));
            int wantedPort = firstClientPort == 0 ? 0 : Math.toIntExact(firstClientPort + sid - 1);
            if (!wiring.isLinked()) {
                int port = wantedPort == 0 ? held.port(2) : wantedPort;
                TestServer.Place place = new TestServer.Place(port, null, null);
                return new TestServer(config(own, port), held, place, transcript, listener(sid));
            }
            ServerConfig config = config(own, 0);
            AtomicReference<TestServer> self = new AtomicReference<>();
            Wiring.Clients clients = wiring.clientsOf(sid, wantedPort, () -> boundPort(self.get()));
            TestServer.Place place = new TestServer.Place(
                    clients.port(), clients.link(), wiring.routeOf(sid, members, config.connectTimeoutMillis()));
            TestServer server = new TestServer(config, held, place, transcript, listener(sid));
            self.set(server);
            return server;
        }

        private TraceListener listener(long sid) {
            return event -> {
                transcript.traced(sid, event);
                observer.accept(sid, event);
                if (event instanceof TraceEvent.RoleChanged || event instanceof TraceEvent.LeaderEstablished) {
                    changes.release();
                }
            };
        }

        private ServerConfig config(MemberConfig own, int clientPort) {
            ServerConfig.Builder builder = adjust.apply(ServerConfig.builder()
                    .tickMillis(500)
                    .sessionTimeouts(1000, 60_000)
                    .maxConnections(0, 0)
                    .fourLetterWords(List.of("*"))
                    .preAllocBytes(1 << 20)
                    // What is in a temporary directory does not outlive the machine anyway.
                    .forcesLog(directory != null)
                    .electionPortBindRetry(0));
            ServerId sid = own.sid();
            builder.dataDir(parent.resolve("server" + sid)).clientAddress("127.0.0.1", clientPort);
            if (size > 1) {
                builder.ensemble(sid, members);
            }
            return builder.build();
        }
    }

    private static int boundPort(@Nullable TestServer server) {
        return server == null ? 0 : server.boundClientPort();
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("matriarch-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + directory, e);
        }
    }
}
