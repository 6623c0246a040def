package io.matriarch.cli.demo;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;

/** An unmodified Apache client that writes and compares what the demo promises. Each call has a bound. */
final class Onlooker implements AutoCloseable {
    private static final String CALL_BOUND_MILLIS = "5000";

    private final ZooKeeper client;

    /** @param connectString the servers that it may connect to */
    Onlooker(String connectString, int sessionTimeoutMillis) throws IOException {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, CALL_BOUND_MILLIS);
        client = new ZooKeeper(connectString, sessionTimeoutMillis, event -> {}, config);
    }

    /** Creates {@code path}, without content, unless it is there. */
    void createParent(String path) throws KeeperException, InterruptedException {
        try {
            client.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            // just as well
        }
    }

    /** Has the server catch up with everything that the leader had committed when it was asked. */
    void syncWith(String path) throws KeeperException, InterruptedException {
        client.sync(path);
    }

    /** Creates {@code count} znodes named {@code prefix} and a number. */
    void create(String prefix, int count) throws KeeperException, InterruptedException {
        for (int i = 0; i < count; i++) {
            byte[] content = new byte[100 + i];
            client.create(prefix + i, content, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
    }

    /**
     * Writes to {@code path} until one write is acknowledged. A write whose outcome is unknown is repeated; that is
     * harmless here.
     */
    void writeOnce(String path, long deadlineNanos) throws KeeperException, InterruptedException {
        while (true) {
            try {
                client.setData(path, new byte[1], -1);
                return;
            } catch (KeeperException.ConnectionLossException | KeeperException.RequestTimeoutException e) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw e;
                }
            }
        }
    }

    /**
     * Every znode that this server has, by path, with its metadata, but for {@code /zookeeper/config}, which each server
     * writes for itself when it starts.
     */
    Map<String, Stat> tree() throws KeeperException, InterruptedException {
        Map<String, Stat> found = new TreeMap<>();
        collect("/", found);
        return found;
    }

    private void collect(String path, Map<String, Stat> found) throws KeeperException, InterruptedException {
        Stat stat = new Stat();
        List<String> names;
        try {
            names = client.getChildren(path, false, stat);
        } catch (KeeperException.NoNodeException e) {
            return; // deleted since it was listed
        }
        if (!path.equals("/zookeeper/config")) {
            found.put(path, stat);
        }
        for (String name : names) {
            collect(path.equals("/") ? "/" + name : path + "/" + name, found);
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
