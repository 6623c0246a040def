package io.matriarch.compat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** The election recipe with nothing but the Apache client: the smallest znode leads, every other watches the one before it. */
final class Candidate implements AutoCloseable {
    private static final String PATH = "/candidates";

    private final RecordingWatcher session = new RecordingWatcher();
    private final ZooKeeper client;
    private final long sessionId;
    private final ExecutorService looking = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "candidate");
        thread.setDaemon(true);
        return thread;
    });
    private final String name;
    private volatile boolean isLeader;
    private volatile String watched = "";
    private final AtomicInteger looks = new AtomicInteger();

    Candidate(String connectString) throws KeeperException, InterruptedException {
        client = Clients.connect(connectString, session);
        sessionId = client.getSessionId();
        try {
            client.create(PATH, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException anotherWasFirst) {
            // That is all the same.
        }
        name = client.create(PATH + "/c-", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL)
                .substring(PATH.length() + 1);
        look();
    }

    String name() {
        return name;
    }

    boolean isLeader() {
        return isLeader;
    }

    /** The candidate it watches; empty if it leads. */
    String watched() {
        return watched;
    }

    /** How often it looked at the candidates: once, and then once per end of the one it watches. */
    int looks() {
        return looks.get();
    }

    boolean hasKeptSession() {
        return client.getSessionId() == sessionId && !session.states().contains(Watcher.Event.KeeperState.Expired);
    }

    boolean isConnected() {
        return client.getState() == ZooKeeper.States.CONNECTED;
    }

    @Override
    public void close() {
        looking.shutdownNow();
        Clients.close(client);
    }

    private void look() throws KeeperException, InterruptedException {
        looks.incrementAndGet();
        while (true) {
            List<String> all = client.getChildren(PATH, false);
            Collections.sort(all);
            int place = all.indexOf(name);
            if (place == 0) {
                isLeader = true;
                watched = "";
                return;
            }
            String before = all.get(place - 1);
            if (client.exists(PATH + "/" + before, this::changed) != null) {
                watched = before;
                return;
            }
        }
    }

    private void changed(WatchedEvent event) {
        if (event.getType() == Watcher.Event.EventType.NodeDeleted) {
            try {
                looking.execute(this::lookAgain);
            } catch (RejectedExecutionException closed) {
                // It is no candidate any more.
            }
        }
    }

    private void lookAgain() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                look();
                return;
            } catch (KeeperException.ConnectionLossException tryAgain) {
                Clients.awaitConnected(client);
            } catch (KeeperException | InterruptedException gone) {
                return;
            }
        }
    }
}
