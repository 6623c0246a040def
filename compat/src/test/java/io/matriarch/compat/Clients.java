package io.matriarch.compat;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** Makes unmodified Apache clients. */
public final class Clients {
    /** Long enough to outlive any failover on a busy machine. */
    public static final int SESSION_TIMEOUT_MILLIS = 15_000;

    /** Long enough for servers to start or to elect on a busy machine. */
    public static final Duration SERVING_BOUND = Duration.ofSeconds(30);

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(20);

    private Clients() {}

    /** A connected client with events to nobody. */
    public static ZooKeeper connect(String connectString) {
        return connect(connectString, event -> {});
    }

    /** A connected client. */
    public static ZooKeeper connect(String connectString, Watcher watcher) {
        return connect(connectString, SESSION_TIMEOUT_MILLIS, watcher);
    }

    /** A connected client that asks for this session timeout. */
    public static ZooKeeper connect(String connectString, int sessionTimeoutMillis, Watcher watcher) {
        try {
            ZooKeeper client = new ZooKeeper(connectString, sessionTimeoutMillis, watcher);
            awaitConnected(client);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the client has a connection. */
    public static void awaitConnected(ZooKeeper client) {
        await("a connection").atMost(CONNECT_BOUND).until(() -> client.getState() == ZooKeeper.States.CONNECTED);
    }

    /** Ends the client's session; an interruption is kept for whoever waits next. */
    public static void close(ZooKeeper client) {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
