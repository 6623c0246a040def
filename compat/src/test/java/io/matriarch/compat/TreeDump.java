package io.matriarch.compat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** A whole tree as text, one line per znode with all that the protocol shows of it: data, every field of Stat, ACL. */
public final class TreeDump {
    private TreeDump() {}

    private static final int BOUND_SECONDS = 30;
    private static final String BUILT_IN = "/zookeeper";

    /** Each server writes it for itself when it learns of a configuration (zab.md 14). */
    private static final String CONFIGURATION = BUILT_IN + "/config";

    /** Znodes that are asked for at a time: round trips are what a dump costs. */
    private static final int BATCH = 200;

    /** The tree that this client's server has, without the built-in znodes under /zookeeper. */
    public static List<String> of(ZooKeeper client) throws KeeperException, InterruptedException {
        return dump(client, BUILT_IN);
    }

    /** The tree that this client's server has, without the configuration. */
    static List<String> withBuiltIn(ZooKeeper client) throws KeeperException, InterruptedException {
        return dump(client, CONFIGURATION);
    }

    private static List<String> dump(ZooKeeper client, String excluded) throws KeeperException, InterruptedException {
        SortedMap<String, String> lines = new TreeMap<>();
        Deque<String> paths = new ArrayDeque<>(List.of("/"));
        List<Reading> batch = new ArrayList<>();
        while (!paths.isEmpty()) {
            batch.clear();
            while (!paths.isEmpty() && batch.size() < BATCH) {
                batch.add(new Reading(client, paths.removeFirst()));
            }
            for (Reading reading : batch) {
                reading.await();
                lines.put(reading.path, reading.line());
                for (String child : reading.children) {
                    String childPath = reading.path.equals("/") ? "/" + child : reading.path + "/" + child;
                    if (!childPath.equals(excluded)) {
                        paths.addLast(childPath);
                    }
                }
            }
        }
        return List.copyOf(lines.values());
    }

    /** All of one znode, on its way. */
    private static final class Reading {
        private final String path;
        private final CountDownLatch missing = new CountDownLatch(3);
        private volatile int failure;
        private byte[] data;
        private Stat stat;
        private List<ACL> acl;
        private List<String> children;

        Reading(ZooKeeper client, String path) {
            this.path = path;
            client.getData(
                    path,
                    false,
                    (code, at, context, bytes, seen) -> {
                        data = bytes;
                        stat = seen;
                        came(code);
                    },
                    null);
            client.getACL(
                    path,
                    null,
                    (code, at, context, list, seen) -> {
                        acl = list;
                        came(code);
                    },
                    null);
            client.getChildren(
                    path,
                    false,
                    (code, at, context, names) -> {
                        children = names;
                        came(code);
                    },
                    null);
        }

        private void came(int code) {
            failure = code == 0 ? failure : code;
            missing.countDown();
        }

        void await() throws KeeperException, InterruptedException {
            if (!missing.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no answer about " + path + " within " + BOUND_SECONDS + " s");
            }
            if (failure != 0) {
                throw KeeperException.create(KeeperException.Code.get(failure), path);
            }
        }

        String line() {
            String text = data == null ? "null" : "'" + new String(data, StandardCharsets.UTF_8) + "'";
            return path + " " + text + " czxid=" + Long.toHexString(stat.getCzxid()) + " mzxid="
                    + Long.toHexString(stat.getMzxid()) + " pzxid=" + Long.toHexString(stat.getPzxid()) + " ctime="
                    + stat.getCtime() + " mtime=" + stat.getMtime() + " version=" + stat.getVersion() + " cversion="
                    + stat.getCversion() + " aversion=" + stat.getAversion() + " owner="
                    + Long.toHexString(stat.getEphemeralOwner()) + " length=" + stat.getDataLength() + " children="
                    + stat.getNumChildren() + " acl=" + acl;
        }
    }
}
