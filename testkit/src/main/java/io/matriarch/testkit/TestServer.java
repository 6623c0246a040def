package io.matriarch.testkit;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.server.MatriarchServer;
import io.matriarch.server.TraceListener;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.link.Route;
import io.matriarch.testkit.network.Link;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One server of a test: it keeps its ports and its directory while it is killed and started again. */
public final class TestServer {
    private final ServerConfig config;
    private final FreePorts ports;
    private final Transcript transcript;
    private final TraceListener listener;
    private final Place place;
    private volatile @Nullable MatriarchServer running;
    private volatile boolean isPaused;

    /**
     * How a server is connected.
     *
     * @param clientPort where clients connect
     * @param clients what lies between it and them; null if nothing does
     * @param route how its dials to other servers go; null if straight
     */
    record Place(
            int clientPort,
            @Nullable Link clients,
            @Nullable Route route) {}

    /** @param ports held until the server starts */
    TestServer(ServerConfig config, FreePorts ports, Place place, Transcript transcript, TraceListener listener) {
        this.config = config;
        this.ports = ports;
        this.place = place;
        this.transcript = transcript;
        this.listener = listener;
    }

    /** Its id. */
    public long sid() {
        return config.self().value();
    }

    /** Where clients connect. */
    public int clientPort() {
        return place.clientPort;
    }

    /** {@code 127.0.0.1:port}, for clients. */
    public String connectString() {
        return "127.0.0.1:" + clientPort();
    }

    /** Its data directory, to look into or damage while it does not run. */
    public Path dataDir() {
        return config.dataDir();
    }

    /** Whether it was started and neither killed nor stopped since. A paused server runs. */
    public boolean isRunning() {
        return running != null;
    }

    /** Whether it stands still. */
    public boolean isPaused() {
        return isPaused;
    }

    /** What runs; empty while nothing does. */
    public Optional<MatriarchServer> server() {
        return Optional.ofNullable(running);
    }

    /** The state of its core; empty while it does not run or stands still. */
    public Optional<PeerStatus> status() {
        MatriarchServer server = running;
        if (server == null || isPaused) {
            return Optional.empty();
        }
        try {
            return Optional.of(server.status());
        } catch (IllegalStateException e) {
            // It stopped by itself; the transcript says why.
            return Optional.empty();
        }
    }

    /**
     * What lies between it and its clients.
     *
     * @throws IllegalStateException if the ensemble was built without links
     */
    public Link clientLink() {
        Link link = place.clients;
        if (link == null) {
            throw new IllegalStateException("the ensemble was built with straight connections, which cannot fail");
        }
        return link;
    }

    /** The port on which it really listens for clients; 0 while it does not run. */
    int boundClientPort() {
        MatriarchServer server = running;
        return server == null ? 0 : Math.max(0, server.clientPort());
    }

    /** Starts it on its old ports and files; nothing happens if it runs. */
    public synchronized void start() {
        if (running == null) {
            transcript.note("server " + sid() + " starts");
            ports.close();
            running = MatriarchServer.startThrough(place.route, config, listener);
        }
    }

    /** Ends it as {@code kill -9} would: sockets close, nothing more is written. */
    public synchronized void kill() {
        ports.close();
        MatriarchServer server = leave("is killed");
        if (server != null) {
            server.kill();
        }
    }

    /** Stops it in order. */
    public synchronized void stop() {
        MatriarchServer server = leave("stops");
        if (server != null) {
            server.close();
        }
    }

    private @Nullable MatriarchServer leave(String how) {
        MatriarchServer server = running;
        if (server != null) {
            transcript.note("server " + sid() + " " + how);
        }
        running = null;
        isPaused = false;
        return server;
    }

    /**
     * Has it stand still, as SIGSTOP would: connections stay, nothing is read or answered, and time goes on. Nothing
     * happens if it does not run.
     */
    public synchronized void pause() {
        MatriarchServer server = running;
        if (server != null && !isPaused) {
            transcript.note("server " + sid() + " is paused");
            // First: nobody may ask it any more.
            isPaused = true;
            server.pause();
        }
    }

    /** Lets it go on after {@link #pause}. */
    public synchronized void resume() {
        MatriarchServer server = running;
        if (server != null && isPaused) {
            transcript.note("server " + sid() + " goes on");
            server.resume();
            isPaused = false;
        }
    }

    /** Its id, role and phase, for people. */
    @Override
    public String toString() {
        String state = isPaused
                ? "paused"
                : status().map(status -> status.role() + " in " + status.phase())
                        .orElse("down");
        return "server " + sid() + " (" + state + ")";
    }
}
