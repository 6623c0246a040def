package io.matriarch.testkit.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/** A session of Apache's client that repeats what a lost connection kept it from. */
final class SessionForExamples implements AutoCloseable {
    private static final int ATTEMPTS = 100;

    private final ZooKeeper zooKeeper;

    private SessionForExamples(ZooKeeper zooKeeper) {
        this.zooKeeper = zooKeeper;
    }

    static SessionForExamples connect(String servers) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper zooKeeper = new ZooKeeper(servers, 6_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(30, TimeUnit.SECONDS)) {
            zooKeeper.close();
            throw new AssertionError("no server of " + servers + " answered");
        }
        return new SessionForExamples(zooKeeper);
    }

    int rootChildren() throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return zooKeeper.getChildren("/", false).size();
            } catch (KeeperException.ConnectionLossException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    long id() {
        return zooKeeper.getSessionId();
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
