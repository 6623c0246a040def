package io.matriarch.testkit;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.server.MatriarchServer;
import io.matriarch.server.TraceListener;
import io.matriarch.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One server of a test: it keeps its ports and its directory while it is killed and started again. */
public final class TestServer {
    private final ServerConfig config;
    private final int clientPort;
    private final FreePorts ports;
    private final TraceListener listener;
    private @Nullable MatriarchServer running;

    /** Of {@code ports}, held until the server starts, clients get {@code clientPort}. */
    TestServer(ServerConfig config, int clientPort, FreePorts ports, TraceListener listener) {
        this.config = config;
        this.clientPort = clientPort;
        this.ports = ports;
        this.listener = listener;
    }

    /** Its id. */
    public long sid() {
        return config.self().value();
    }

    /** Where clients connect. */
    public int clientPort() {
        return clientPort;
    }

    /** {@code 127.0.0.1:port}, for clients. */
    public String connectString() {
        return "127.0.0.1:" + clientPort;
    }

    /** Its data directory, to look into or damage while it does not run. */
    public Path dataDir() {
        return config.dataDir();
    }

    /** Whether it was started and neither killed nor stopped since. */
    public boolean isRunning() {
        return running != null;
    }

    /** What runs; empty while nothing does. */
    public Optional<MatriarchServer> server() {
        return Optional.ofNullable(running);
    }

    /** The state of its core; empty while it does not run. */
    public Optional<PeerStatus> status() {
        MatriarchServer server = running;
        return server == null ? Optional.empty() : Optional.of(server.status());
    }

    /** Starts it on its old ports and files; nothing happens if it runs. */
    public void start() {
        if (running == null) {
            ports.close();
            running = MatriarchServer.start(config, listener);
        }
    }

    /** Ends it as {@code kill -9} would: sockets close, nothing more is written. */
    public void kill() {
        MatriarchServer server = running;
        running = null;
        ports.close();
        if (server != null) {
            server.kill();
        }
    }

    /** Stops it in order. */
    public void stop() {
        MatriarchServer server = running;
        running = null;
        if (server != null) {
            server.close();
        }
    }
}
