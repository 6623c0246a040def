package io.matriarch.candidate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session with the ensemble, and opens a new one when it has expired. Everything here, and everything told to the
 * {@link Follower followers}, happens on one thread; what a client says that was replaced since is dropped.
 */
final class SessionKeeper {
    /** How long to wait before a client is made again that could not be made. */
    private static final long RETRY_MILLIS = 1000;

    /** Makes a client, and with it a session, that tells its connection's states to {@code watcher}. */
    interface ClientFactory {
        ZooKeeper newClient(Watcher watcher) throws IOException;
    }

    /** Told of what becomes of the session, on the keeper's thread. */
    interface Follower {
        void connected(long sessionId, int timeoutMillis);

        void disconnected();

        void expired();

        /** The session was closed for good by its owner. */
        void closed();

        /** No client could be made; it is tried again. */
        void openFailed(String cause);
    }

    private final ClientFactory clients;
    private final ScheduledExecutorService thread;
    private final List<Follower> followers = new ArrayList<>();

    private @Nullable Session session;
    private boolean isConnected;
    private boolean isClosed;

    /** @param thread one thread, that all use who follow this session */
    SessionKeeper(ClientFactory clients, ScheduledExecutorService thread) {
        this.clients = clients;
        this.thread = thread;
    }

    ScheduledExecutorService thread() {
        return thread;
    }

    /** Adds one who is told, at once if the session is connected. */
    void follow(Follower follower) {
        followers.add(follower);
        Session current = session;
        if (isConnected && current != null) {
            ZooKeeper client = current.client.join();
            follower.connected(client.getSessionId(), client.getSessionTimeout());
        }
    }

    void leave(Follower follower) {
        followers.remove(follower);
    }

    void open() {
        if (isClosed) {
            return;
        }
        Session opened = new Session();
        session = opened;
        try {
            opened.client.complete(clients.newClient(opened));
        } catch (IOException | IllegalArgumentException e) {
            session = null;
            String cause = String.valueOf(e.getMessage());
            List.copyOf(followers).forEach(follower -> follower.openFailed(cause));
            later();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // open() itself looks whether it is still wanted
    private void later() {
        thread.schedule(this::open, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends the session for good. Blocks while the client tells the server, for as long as a connection attempt takes. */
    void close() {
        isClosed = true;
        end();
    }

    /** Ends the session for good, and tells the followers. */
    void abandon() {
        close();
        List.copyOf(followers).forEach(Follower::closed);
    }

    /** Ends the session, which the followers hear of as an expiry, and begins another. */
    void renew() {
        end();
        expired();
    }

    private void end() {
        Session ending = session;
        session = null;
        isConnected = false;
        if (ending != null) {
            ending.close();
        }
    }

    private void expired() {
        List.copyOf(followers).forEach(Follower::expired);
        open();
    }

    /** The client; throws IllegalStateException if there is none. */
    ZooKeeper client() {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException("no session is open");
        }
        return current.client.join();
    }

    boolean hasClient() {
        return session != null;
    }

    /** For answers and watches of the present client: runs the task on the thread, unless the client was replaced. */
    void runFor(ZooKeeper asked, Runnable task) {
        onThread(() -> {
            Session current = session;
            if (current != null && current.client.join() == asked) {
                task.run();
            }
        });
    }

    private void onThread(Runnable task) {
        if (!thread.isShutdown()) {
            thread.execute(task);
        }
    }

    /** One client and its connection events. */
    private final class Session implements Watcher {
        /** Complete once the constructor has returned, which may be after the first event. */
        final CompletableFuture<ZooKeeper> client = new CompletableFuture<>();

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() == Event.EventType.None) {
                onThread(() -> happened(event.getState()));
            }
        }

        private void happened(Event.KeeperState state) {
            if (session != this) {
                return;
            }
            switch (state) {
                case SyncConnected -> {
                    isConnected = true;
                    ZooKeeper connected = client.join();
                    List.copyOf(followers)
                            .forEach(f -> f.connected(connected.getSessionId(), connected.getSessionTimeout()));
                }
                case Disconnected -> {
                    isConnected = false;
                    List.copyOf(followers).forEach(Follower::disconnected);
                }
                case Expired -> {
                    end();
                    expired();
                }
                default -> {
                    // Other states concern authentication, which is the caller's.
                }
            }
        }

        void close() {
            try {
                client.join().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
