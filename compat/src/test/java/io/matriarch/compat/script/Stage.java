package io.matriarch.compat.script;

import io.matriarch.compat.Clients;
import io.matriarch.compat.RecordingWatcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** What the steps of one table share: clients of one server, and what they were told. */
final class Stage implements AutoCloseable {
    private final String connectString;
    private final RecordingWatcher watcher = new RecordingWatcher();
    private final ZooKeeper client;
    private final Map<String, ZooKeeper> others = new HashMap<>();

    Stage(String connectString) {
        this.connectString = connectString;
        this.client = Clients.connect(connectString, watcher);
    }

    /** The script's own client; its default watcher is {@link #watcher()}. */
    ZooKeeper client() {
        return client;
    }

    RecordingWatcher watcher() {
        return watcher;
    }

    /** Another client of the same server, made when first named. */
    ZooKeeper client(String name) {
        return others.computeIfAbsent(name, n -> Clients.connect(connectString));
    }

    /** Ends another client's session. */
    void closeClient(String name) {
        ZooKeeper other = others.remove(name);
        if (other != null) {
            Clients.close(other);
        }
    }

    /** Creates an open znode. */
    String create(String path, String data, CreateMode mode) throws KeeperException, InterruptedException {
        return client.create(path, bytes(data), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    /** Creates an open persistent znode. */
    String create(String path) throws KeeperException, InterruptedException {
        return create(path, "", CreateMode.PERSISTENT);
    }

    Stat stat(String path) throws KeeperException, InterruptedException {
        return client.exists(path, false);
    }

    List<String> children(String path) throws KeeperException, InterruptedException {
        return client.getChildren(path, false).stream().sorted().toList();
    }

    /** Events told to the script's own client since last asked. */
    List<String> events() throws InterruptedException {
        return watcher.drain(client);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The outcomes of a table's steps, each as {@code name -> outcome}. */
    static List<String> play(List<Step> table, String connectString) throws InterruptedException {
        List<String> transcript = new ArrayList<>();
        try (Stage stage = new Stage(connectString)) {
            for (Step step : table) {
                transcript.add(step.name() + " -> " + stage.play(step));
            }
        }
        return transcript;
    }

    private String play(Step step) throws InterruptedException {
        try {
            return Outcome.of(step.action().run(this), client.getSessionId());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return Outcome.of(e);
        }
    }

    @Override
    public void close() {
        others.values().forEach(Clients::close);
        Clients.close(client);
    }
}
