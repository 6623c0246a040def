package io.matriarch.bench.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;

/** How many candidates stand in the line, as a client sees it. */
final class Line implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final ZooKeeper client;

    Line(String servers) {
        try {
            client = new ZooKeeper(servers, TIMEOUT_MILLIS, event -> {});
        } catch (IOException e) {
            throw new UncheckedIOException("connecting to " + servers, e);
        }
    }

    /** -1 if no server says so now. */
    int size() throws InterruptedException {
        try {
            return client.getChildren(Soak.PATH, false).size();
        } catch (KeeperException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
