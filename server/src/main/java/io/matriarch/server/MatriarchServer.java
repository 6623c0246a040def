package io.matriarch.server;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.zab.DatabaseLoader;
import io.matriarch.server.client.ServerVersion;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.link.Route;
import io.matriarch.server.tls.TlsContext;
import io.matriarch.server.tls.TlsException;
import io.matriarch.storage.ConfigurationFiles;
import io.matriarch.storage.FileSystem;
import io.matriarch.storage.RealFileSystem;
import io.matriarch.storage.StorageException;
import io.matriarch.storage.StorageLane;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server inside this process.
 *
 * <pre>{@code
 * ServerConfig config = ServerConfig.builder().dataDir(dir).clientAddress("127.0.0.1", 0).build();
 * try (MatriarchServer server = MatriarchServer.start(config)) {
 *     server.awaitServing(Duration.ofSeconds(10));
 *     connect("127.0.0.1:" + server.clientPort());
 * }
 * }</pre>
 *
 * Methods may be called from any thread but the server's own.
 */
public final class MatriarchServer implements AutoCloseable {
    /** Storage may fall behind by this many bytes before the server stops reading from clients and peers. */
    static final long STORAGE_HIGH_BYTES = 64L << 20;
    /** Reading resumes when no more than this waits for the disk. */
    static final long STORAGE_LOW_BYTES = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(MatriarchServer.class);
    private static final int STOP_SECONDS = 10;
    /** A machine that is busy, or stood still for a while, is no reason to give up. */
    private static final int START_SECONDS = 60;

    private final ServerConfig config;
    private final TraceLog traces;
    private final ServerHost host;
    private final Standstill standstill;
    private @Nullable InetSocketAddress clientAddress;

    private MatriarchServer(ServerConfig config, ServerHost host, TraceLog traces) {
        this.config = config;
        this.host = host;
        this.traces = traces;
        this.standstill = new Standstill(host);
    }

    /**
     * Recovers the database, opens the ports and takes part in the ensemble; does not wait for a leader.
     *
     * @param listeners hear every trace event from the first on
     * @throws ServerStartException if the data cannot be used or the client port cannot be bound
     */
    public static MatriarchServer start(ServerConfig config, TraceListener... listeners) {
        return startThrough(null, config, listeners);
    }

    /**
     * As {@link #start(ServerConfig, TraceListener...)}.
     *
     * @param route where connections to other servers really go; null if they go where they are dialled
     */
    public static MatriarchServer startThrough(@Nullable Route route, ServerConfig config, TraceListener... listeners) {
        return startOn(new RealFileSystem(), route, config, listeners);
    }

    /** The same on another file system: for disks that fail or hang. */
    static MatriarchServer startOn(
            FileSystem disk, @Nullable Route route, ServerConfig config, TraceListener... listeners) {
        long began = System.nanoTime();
        config.warnings().forEach(LOG::warn);
        TlsContext tls = tlsContext(config);
        TraceLog traces = new TraceLog(config.self());
        List.of(listeners).forEach(traces::addListener);
        DatabaseLoader loader = new DatabaseLoader();
        DirectoryLocks locks = DirectoryLocks.take(config.dataDir(), config.dataLogDir());
        FileSystem files = config.forcesLog() ? disk : new UnforcedFileSystem(disk);
        StorageLane lane = openLane(config, files, loader, locks);
        lane.notices().forEach(LOG::warn);
        Configuration next = keepConfiguration(config, files, lane, locks);
        ServerHost host = new ServerHost(config, lane, locks, traces, tls, route);
        MatriarchServer server = new MatriarchServer(config, host, traces);
        CompletableFuture<@Nullable InetSocketAddress> bound = new CompletableFuture<>();
        host.post(() -> {
            try {
                host.begin(loader.recovered(), next, bound);
            } catch (RuntimeException e) {
                bound.completeExceptionally(e);
            }
        });
        server.clientAddress = server.await(bound);
        AutoPurge.begin(config, host);
        server.printBanner(
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
                lane.lastLogged().toString());
        return server;
    }

    private static @Nullable TlsContext tlsContext(ServerConfig config) {
        try {
            return config.quorumTls().map(TlsContext::new).orElse(null);
        } catch (TlsException e) {
            throw new ServerStartException(String.valueOf(e.getMessage()), HaltReason.EXIT_INVALID, e);
        }
    }

    private static StorageLane openLane(
            ServerConfig config, FileSystem files, DatabaseLoader loader, DirectoryLocks locks) {
        try {
            StorageLane lane = StorageLane.open(files, StorageSetup.options(config), loader);
            refuseLoneServerWithoutDatabase(config, lane);
            return lane;
        } catch (RuntimeException e) {
            locks.close();
            if (!(e instanceof StorageException)) {
                throw e;
            }
            throw new ServerStartException(String.valueOf(e.getMessage()), HaltReason.EXIT_STORAGE, e);
        }
    }

    private static void refuseLoneServerWithoutDatabase(ServerConfig config, StorageLane lane) {
        if (config.isStandalone() && lane.lastLogged().equals(Zxid.NONE)) {
            lane.close();
            throw new ServerStartException(
                    "there is no database in " + config.dataDir() + ", and db.autocreate=false; restore a backup, or"
                            + " create a file named initialize there if this server is new",
                    HaltReason.EXIT_DATA_DIRECTORY);
        }
    }

    /** Where the members may change, has that kept beside zoo.cfg; answers a change that was not known to be agreed. */
    private static @Nullable Configuration keepConfiguration(
            ServerConfig config, FileSystem files, StorageLane lane, DirectoryLocks locks) {
        if (!config.isReconfigEnabled() || config.isStandalone()) {
            return null;
        }
        String zooCfg = config.configFile().map(Path::toString).orElseThrow();
        ConfigurationFiles kept = new ConfigurationFiles(files, zooCfg, config.self());
        lane.keepConfigurationIn(kept);
        try {
            return kept.readNext();
        } catch (StorageException e) {
            lane.close();
            locks.close();
            throw new ServerStartException(String.valueOf(e.getMessage()), HaltReason.EXIT_STORAGE, e);
        }
    }

    private @Nullable InetSocketAddress await(CompletableFuture<@Nullable InetSocketAddress> bound) {
        try {
            Object first = CompletableFuture.anyOf(bound, host.halted()).get(START_SECONDS, TimeUnit.SECONDS);
            if (first instanceof HaltReason halted) {
                throw new ServerStartException(halted.text(), halted.exitCode());
            }
            return bound.join();
        } catch (ExecutionException e) {
            giveUp();
            if (e.getCause() instanceof ServerStartException refused) {
                throw refused;
            }
            throw new ServerStartException(
                    "the server failed while it started: " + e.getCause(), HaltReason.EXIT_UNEXPECTED, e.getCause());
        } catch (TimeoutException e) {
            giveUp();
            throw new ServerStartException(
                    "the client port could not be bound in " + START_SECONDS + " s", HaltReason.EXIT_UNEXPECTED, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp();
            throw new ServerStartException("interrupted while starting", HaltReason.EXIT_UNEXPECTED, e);
        }
    }

    private void giveUp() {
        host.post(() -> host.halt(HaltReason.stopped("the start failed")));
        host.halted().join();
    }

    private void printBanner(long millis, String lastZxid) {
        StringBuilder text =
                new StringBuilder("Matriarch ").append(ServerVersion.text()).append("; ");
        MemberConfig own = config.ownEntry().orElse(null);
        if (own == null) {
            text.append("standalone");
        } else {
            text.append("server ")
                    .append(own.sid())
                    .append(" of ")
                    .append(config.members().size());
            text.append(own.isParticipant() ? "" : ", an observer");
            text.append("; quorum port ").append(own.host()).append(':').append(own.quorumPort());
            text.append(", election port ").append(own.electionPort());
        }
        text.append("; clients ")
                .append(
                        clientAddress == null
                                ? "none"
                                : config.clientAddress().map(HostPort::host).orElse("") + ":" + clientPort());
        text.append("; data ").append(config.dataDir()).append(", last zxid ").append(lastZxid);
        LOG.info("{}; started in {} ms", text, millis);
    }

    /** The port bound for clients; -1 if none is served. */
    public int clientPort() {
        return clientAddress == null ? -1 : clientAddress.getPort();
    }

    /** What the server was started with. */
    public ServerConfig config() {
        return config;
    }

    /** Waits until the server answers clients; false if it does not within {@code limit}, or stopped meanwhile. */
    public boolean awaitServing(Duration limit) throws InterruptedException {
        CompletableFuture<Void> serving = new CompletableFuture<>();
        host.post(() -> host.awaitService(serving));
        CompletableFuture<Object> either = CompletableFuture.anyOf(serving, host.halted());
        try {
            either.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
        return serving.isDone() && !serving.isCompletedExceptionally();
    }

    /**
     * The state of the core at one instant.
     *
     * @throws IllegalStateException if the server stopped
     */
    public PeerStatus status() {
        CompletableFuture<@Nullable PeerStatus> answer = new CompletableFuture<>();
        host.post(() -> answer.complete(host.status()));
        Object status = CompletableFuture.anyOf(answer, host.halted()).join();
        if (status instanceof PeerStatus known) {
            return known;
        }
        throw new IllegalStateException("server " + config.self() + " does not run any more");
    }

    /** The digest of the tree at one instant (disk.md 9). */
    long treeDigest() {
        return asked(host::treeDigest);
    }

    /** The most bytes that waited for one peer to take them since this was asked last; of peers that are connected now. */
    long mostWaitingForPeer() {
        return asked(host::mostWaitingForPeer);
    }

    private long asked(LongSupplier question) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        host.post(() -> answer.complete(question.getAsLong()));
        return answer.join();
    }

    /** From now on {@code listener} hears every trace event. */
    public void traces(TraceListener listener) {
        traces.addListener(listener);
    }

    /** Called once, when nothing of the server runs any more, with the reason. */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing hangs on a listener that throws
    public void onHalt(Consumer<HaltReason> listener) {
        host.halted().thenAccept(listener);
    }

    /** Waits until the server stopped, for whatever reason. */
    public HaltReason awaitHalt() {
        return host.halted().join();
    }

    /**
     * Stands still until {@link #resume}, as a process does after SIGSTOP: reads nothing, answers nothing, closes nothing,
     * while time goes on; only what the disk was given already is written. Waits until it stands. Questions such as
     * {@link #status} wait until it goes on.
     */
    public void pause() {
        standstill.begin();
    }

    /** Goes on after {@link #pause}; nothing happens if it does not stand still. */
    public void resume() {
        standstill.end(() -> {});
    }

    /** Stops in order: tells the core, writes what it was promised, closes everything; waits for that. */
    @Override
    public void close() {
        resume();
        host.post(host::requestStop);
        try {
            host.halted().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            host.post(() -> host.halt(HaltReason.stopped("the core did not stop in time")));
            host.halted().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
    }

    /** Ends as a killed process would: connections break, nothing more is written or forced; waits for that. */
    public void kill() {
        // What came in while it stood still is not looked at any more.
        standstill.end(host::kill);
        host.post(host::kill);
        host.halted().join();
    }
}
