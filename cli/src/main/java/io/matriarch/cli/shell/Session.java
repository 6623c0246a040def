package io.matriarch.cli.shell;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper.States;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/** The shell's session with an ensemble, one at a time; the next begins with {@link #connect}. */
final class Session implements AutoCloseable {
    /** Nobody listens anywhere: known after so long, if no longer wait was asked for. */
    private static final int FIRST_LOOK_MILLIS = 1_000;

    private final Screen screen;
    private final Terms terms;
    private String servers;
    private @Nullable ZooKeeperAdmin zooKeeper;
    private volatile boolean printsWatches = true;

    /**
     * How sessions are opened.
     *
     * @param timeoutMillis of a session
     * @param waitMillis how long a connection may take
     * @param isPatient whether to wait all that time even if nobody listens
     * @param isReadOnly whether a server without a quorum will do
     * @param client settings of the client library
     */
    record Terms(int timeoutMillis, int waitMillis, boolean isPatient, boolean isReadOnly, ZKClientConfig client) {}

    Session(Screen screen, Terms terms, String servers) {
        this.screen = screen;
        this.terms = terms;
        this.servers = servers;
    }

    String servers() {
        return servers;
    }

    void printWatches(boolean prints) {
        printsWatches = prints;
    }

    boolean printsWatches() {
        return printsWatches;
    }

    /** The session, whether or not it is connected at this moment. */
    ZooKeeperAdmin zooKeeper() throws ShellException {
        ZooKeeperAdmin open = zooKeeper;
        if (open == null) {
            throw ShellException.failed("NOT_CONNECTED", "There is no session: connect " + servers + " opens one");
        }
        return open;
    }

    /** The state of the connection, in the client library's word; CLOSED without a session. */
    String state() {
        ZooKeeperAdmin open = zooKeeper;
        return (open == null ? States.CLOSED : open.getState()).name();
    }

    /** Ends the session, if there is one, and opens one with {@code hosts}; returns when it is open. */
    void connect(String hosts) throws ShellException, InterruptedException {
        close();
        servers = hosts;
        CountDownLatch connected = new CountDownLatch(1);
        Addresses addresses = Addresses.of(hosts);
        ZooKeeperAdmin opening;
        try {
            opening = new ZooKeeperAdmin(
                    hosts, terms.timeoutMillis, event -> happened(event, connected), terms.isReadOnly, terms.client);
        } catch (IOException e) {
            throw ShellException.failed("CANNOT_CONNECT", "cannot open a client for " + hosts + ": " + e.getMessage());
        }
        zooKeeper = opening;
        boolean isOpen = connected.await(Math.min(FIRST_LOOK_MILLIS, terms.waitMillis), TimeUnit.MILLISECONDS);
        int left = terms.waitMillis - FIRST_LOOK_MILLIS;
        if (!isOpen && left > 0 && (terms.isPatient || addresses.isAnybodyThere())) {
            isOpen = connected.await(left, TimeUnit.MILLISECONDS);
        }
        if (!isOpen) {
            close();
            throw ShellException.failed("CANNOT_CONNECT", addresses.whyNot());
        }
    }

    private void happened(WatchedEvent event, CountDownLatch connected) {
        if (event.getState() == Watcher.Event.KeeperState.SyncConnected
                || event.getState() == Watcher.Event.KeeperState.ConnectedReadOnly) {
            connected.countDown();
        }
        if (event.getType() != Watcher.Event.EventType.None) {
            watchFired(event);
        } else if (event.getState() == Watcher.Event.KeeperState.Expired) {
            screen.happened(
                    "The session expired, and its ephemeral znodes are gone: connect opens another",
                    Map.of("session", "EXPIRED"));
        } else if (event.getState() == Watcher.Event.KeeperState.Disconnected) {
            screen.happened("Connection lost; looking for another server", Map.of("session", "DISCONNECTED"));
        }
    }

    /** Tells of a watch that fired, in zkCli's words, unless that was switched off. */
    void watchFired(WatchedEvent event) {
        if (!printsWatches) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("watch", event.getType().name());
        fields.put("path", event.getPath());
        fields.put("zxid", "0x" + Long.toHexString(event.getZxid()));
        screen.happened(
                "\nWATCHER::\n\nWatchedEvent state:" + event.getState() + " type:" + event.getType() + " path:"
                        + screen.safe(String.valueOf(event.getPath())) + " zxid: " + event.getZxid(),
                fields);
    }

    /** The session's id; empty without one. */
    Optional<Long> id() {
        return Optional.ofNullable(zooKeeper).map(ZooKeeperAdmin::getSessionId);
    }

    /** Ends the session, if there is one. */
    @Override
    public void close() {
        ZooKeeperAdmin open = zooKeeper;
        zooKeeper = null;
        if (open == null) {
            return;
        }
        if (!open.getState().isConnected()) {
            // Its end cannot be told to anybody, and the client would wait long for one who listens.
            Thread ending = new Thread(() -> end(open), "shell-ending");
            ending.setDaemon(true);
            ending.start();
            return;
        }
        end(open);
    }

    private static void end(ZooKeeperAdmin open) {
        try {
            open.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
