package io.matriarch.bench.candidates;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** The candidates under a path, as another client sees them. */
final class Line {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final long LOOK_AGAIN_MILLIS = 20;

    private Line() {}

    /** Waits until so many candidates stand, and a little longer, so that the last one watches. */
    static void awaitSize(String servers, String path, int size) throws InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = connect(servers, connected);
        try {
            if (!connected.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(servers + " does not answer");
            }
            while (client.getChildren(path, false).size() < size) {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
            TimeUnit.MILLISECONDS.sleep(5 * LOOK_AGAIN_MILLIS);
        } catch (KeeperException e) {
            throw new IllegalStateException("looking at " + path, e);
        } finally {
            client.close();
        }
    }

    private static ZooKeeper connect(String servers, CountDownLatch connected) {
        try {
            return new ZooKeeper(servers, TIMEOUT_MILLIS, event -> {
                if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                    connected.countDown();
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException("connecting to " + servers, e);
        }
    }
}
