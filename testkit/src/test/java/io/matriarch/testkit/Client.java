package io.matriarch.testkit;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Apache's own client, with its events in a queue. */
final class Client implements Watcher, AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;
    private static final int SESSION_MILLIS = 15_000;

    private final BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
    private final ZooKeeper zooKeeper;

    private Client(String connectString, int sessionMillis) throws IOException {
        zooKeeper = new ZooKeeper(connectString, sessionMillis, this);
    }

    /** Connected on return. */
    static Client connect(String connectString) throws IOException, InterruptedException {
        return connect(connectString, SESSION_MILLIS);
    }

    /** As {@link #connect(String)}; a connection is given up after two thirds of {@code sessionMillis} in silence. */
    static Client connect(String connectString, int sessionMillis) throws IOException, InterruptedException {
        Client client = new Client(connectString, sessionMillis);
        client.await(Event.KeeperState.SyncConnected, Event.EventType.None);
        return client;
    }

    ZooKeeper zk() {
        return zooKeeper;
    }

    /** Skips events up to the first of this kind. */
    WatchedEvent await(Event.KeeperState state, Event.EventType type) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        WatchedEvent event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (event != null && !(event.getState() == state && event.getType() == type)) {
            event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        if (event == null) {
            throw new AssertionError("no event " + state + " " + type + " came");
        }
        return event;
    }

    /** Repeats a write that is safe to repeat while the connection is lost. */
    void setDataWhateverHappens(String path, byte[] data) throws InterruptedException, KeeperException {
        for (int attempt = 1; ; attempt++) {
            try {
                zooKeeper.setData(path, data, -1);
                return;
            } catch (KeeperException.ConnectionLossException e) {
                if (attempt == 100) {
                    throw e;
                }
            }
        }
    }

    /** As {@link #setDataWhateverHappens}; that it is there already means that an earlier attempt succeeded. */
    void createWhateverHappens(String path) throws InterruptedException, KeeperException {
        for (int attempt = 1; ; attempt++) {
            try {
                zooKeeper.create(path, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                return;
            } catch (KeeperException.NodeExistsException e) {
                return;
            } catch (KeeperException.ConnectionLossException e) {
                if (attempt == 100) {
                    throw e;
                }
            }
        }
    }

    /** Creates a znode; does not wait for it. */
    Answer createAsync(String path) {
        Answer answer = new Answer();
        zooKeeper.create(
                path,
                null,
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (code, created, context, name) -> answer.came(code),
                null);
        return answer;
    }

    @Override
    public void process(WatchedEvent event) {
        events.add(event);
    }

    @Override
    public void close() {
        try {
            zooKeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
