package io.matriarch.testkit;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.MatriarchServer;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.testkit.network.Link;
import io.matriarch.wire.election.PeerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * An ensemble in this process, on free loopback ports and in a temporary directory, with faults to inject.
 *
 * <pre>{@code
 * try (TestEnsemble ensemble = TestEnsemble.start(3)) {
 *     connect(ensemble.connectString());
 *     TestServer old = ensemble.leader();
 *     old.kill();                       // or pause(), or ensemble.isolate(old)
 *     ensemble.leaderOtherThan(old);    // waits for the next one
 * }
 * }</pre>
 *
 * Whatever waits gives up after 30 seconds, with the state of each server in the message. For one thread at a time. One
 * server alone is standalone.
 */
public final class TestEnsemble implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOK_AGAIN_MILLIS = 20;

    private final List<TestServer> servers;
    private final Wiring wiring;
    private final Runnable cleanUp;
    private final Transcript transcript;
    private final Semaphore changes;

    /**
     * All parts of it, none of which runs.
     *
     * @param changes gets a permit whenever a server's role may have changed
     * @param cleanUp called when all has ended
     */
    TestEnsemble(List<TestServer> servers, Wiring wiring, Transcript transcript, Semaphore changes, Runnable cleanUp) {
        this.servers = List.copyOf(servers);
        this.wiring = wiring;
        this.transcript = transcript;
        this.changes = changes;
        this.cleanUp = cleanUp;
    }

    /** An ensemble to be described first. */
    public static EnsembleBuilder builder() {
        return new EnsembleBuilder();
    }

    /** Starts {@code size} servers, 1 to n, and waits until all serve. */
    public static TestEnsemble start(int size) {
        return builder().servers(size).start();
    }

    /** As {@link #start(int)}; {@code adjust} may change any setting but ports, members and directories. */
    public static TestEnsemble start(int size, UnaryOperator<ServerConfig.Builder> adjust) {
        return builder().servers(size).settings(adjust).start();
    }

    /**
     * Servers 1 to {@code size}, none of which runs yet; {@link TestServer#start} each. Their ports are kept from others
     * until then. Connections are straight, so that links cannot fail.
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
        return builder()
                .servers(size)
                .directory(directory)
                .settings(adjust)
                .observer(observer)
                .straightConnections()
                .build();
    }

    // --- servers -----------------------------------------------------------------------------------------------------

    /** All servers, running or not, by id. */
    public List<TestServer> servers() {
        return servers;
    }

    /** The server with this id, from 1. */
    public TestServer server(long sid) {
        return servers.get(Math.toIntExact(sid) - 1);
    }

    /** Addresses of all servers, for clients. */
    public String connectString() {
        return servers.stream().map(TestServer::connectString).collect(Collectors.joining(","));
    }

    /** The server that leads and serves, of two the one in the later epoch; waits for one. */
    public TestServer leader() {
        return await(() -> currentLeader(server -> true), "no leader");
    }

    /** As {@link #leader}, when {@code old} has been cut off, and may believe for a while that it leads. */
    public TestServer leaderOtherThan(TestServer old) {
        return await(() -> currentLeader(server -> server != old), "no leader other than server " + old.sid());
    }

    private Optional<TestServer> currentLeader(Predicate<TestServer> isWanted) {
        return servers.stream()
                .filter(isWanted)
                .filter(server -> epochLed(server) >= 0)
                .max(Comparator.comparingLong(TestEnsemble::epochLed));
    }

    /** -1 if it does not lead. */
    private static long epochLed(TestServer server) {
        Optional<PeerStatus> status = server.status();
        return status.filter(now -> now.role() == PeerState.LEADING && now.isServing())
                .map(PeerStatus::currentEpoch)
                .orElse(-1L);
    }

    /** A running server that follows; waits for one that serves. */
    public TestServer follower() {
        TestServer leader = leader();
        for (TestServer server : servers) {
            if (server != leader && server.isRunning() && !server.isPaused()) {
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

    /** Waits until all servers that run, and are not paused, serve clients. */
    public void awaitServing(Duration limit) {
        servers.stream()
                .filter(server -> server.isRunning() && !server.isPaused())
                .forEach(server -> awaitServing(server, limit));
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

    private <T> T await(Supplier<Optional<T>> wanted, String otherwise) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<T> found = wanted.get();
        while (found.isEmpty() && System.nanoTime() - deadline < 0) {
            awaitChange();
            found = wanted.get();
        }
        return found.orElseThrow(
                () -> new IllegalStateException(otherwise + " within " + PATIENCE.toSeconds() + " s: " + states()));
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

    private String states() {
        return servers.stream().map(TestServer::toString).collect(Collectors.joining(", "));
    }

    /** Ends all faults: links heal, paused servers go on, others are started; waits until all serve. */
    public void restore() {
        boolean isWhole = servers.stream().allMatch(server -> server.isRunning() && !server.isPaused());
        if (!isWhole) {
            servers.forEach(TestServer::resume);
            servers.forEach(TestServer::start);
        }
        heal();
        awaitServing(PATIENCE);
    }

    // --- links -------------------------------------------------------------------------------------------------------

    /** What lies between two servers. */
    public Link link(TestServer one, TestServer other) {
        return wiring.between(one.sid(), other.sid());
    }

    /**
     * Lets nothing through between {@code side} and the other servers, until {@link #heal}. Within each side, and between
     * any server and its clients, nothing changes.
     */
    public void partition(TestServer... side) {
        Set<Long> inside = Arrays.stream(side).map(TestServer::sid).collect(Collectors.toSet());
        transcript.note("partition: " + inside + " from the rest");
        for (TestServer one : servers) {
            for (TestServer other : servers) {
                if (inside.contains(one.sid()) && !inside.contains(other.sid())) {
                    link(one, other).silence();
                }
            }
        }
    }

    /** Lets nothing through between {@code server} and everybody else, its clients included, until {@link #heal}. */
    public void isolate(TestServer server) {
        partition(server);
        server.clientLink().silence();
    }

    /** Ends the faults of all links. Servers that are paused or do not run stay so. */
    public void heal() {
        transcript.note("all links heal");
        wiring.links().forEach(Link::heal);
    }

    // --- clients -----------------------------------------------------------------------------------------------------

    /**
     * Ends a client's session as its expiry would: its ephemeral znodes are gone on return, its connection is closed, and
     * it learns of the expiry when it connects again.
     *
     * @param sessionId as {@code ZooKeeper.getSessionId()} tells it
     * @throws IllegalArgumentException if no server knows the session
     */
    public void expire(long sessionId) {
        transcript.note("session 0x" + Long.toHexString(sessionId) + " is made to expire");
        leader();
        boolean isEnded = servers.stream()
                .filter(server -> server.status().filter(PeerStatus::isServing).isPresent())
                .anyMatch(server -> SessionEnd.through(server.boundClientPort(), sessionId));
        if (!isEnded) {
            throw new IllegalArgumentException("no server knows session 0x" + Long.toHexString(sessionId));
        }
    }

    // --- end ---------------------------------------------------------------------------------------------------------

    /** Puts a line of the test's own into the transcript. */
    public void note(String what) {
        transcript.note(what);
    }

    /**
     * What the servers told and what was done to them so far, one line each: seconds since the ensemble was made, the
     * server, or {@code **} for a deed of the test, and the event. The newest 2,000 lines.
     */
    public String transcript() {
        return transcript.text() + "           now " + states() + "\n";
    }

    /** Ends all servers and removes their files, unless they are in a directory of the caller's. */
    @Override
    public void close() {
        servers.forEach(TestServer::kill);
        wiring.close();
        cleanUp.run();
    }
}
