package io.matriarch.compat.candidates;

import io.matriarch.bench.candidates.Cable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * A candidate by the rules of Mesos's masters (client.md 20.4): it watches all children, and the lowest number over all labels leads.
 * More careful than a master in one thing: it ceases to lead when its connection is lost, where a master waits for the session's time.
 */
final class MesosContender implements Contender, Watcher {
    private final String name;
    private final Cable cable;
    private final String path;
    private final Witness witness;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "mesos");
        made.setDaemon(true);
        return made;
    });

    private ZooKeeper client;
    private String own = "";

    MesosContender(String name, Cable cable, String path, Witness witness) throws IOException {
        this.name = name;
        this.cable = cable;
        this.path = path;
        this.witness = witness;
        client = new ZooKeeper(cable.connectString(), MixedCandidatesMatrix.SESSION_TIMEOUT_MILLIS, this);
    }

    @Override
    public void process(WatchedEvent event) {
        run(() -> {
            switch (event.getState()) {
                case SyncConnected -> look();
                case Disconnected -> witness.ceases(name);
                case Expired -> {
                    own = "";
                    client = new ZooKeeper(cable.connectString(), MixedCandidatesMatrix.SESSION_TIMEOUT_MILLIS, this);
                }
                default -> {}
            }
        });
    }

    private interface Step {
        void take() throws IOException, KeeperException, InterruptedException;
    }

    private void run(Step step) {
        try {
            thread.execute(() -> {
                try {
                    step.take();
                } catch (IOException | KeeperException e) {
                    // A lost connection or session, which are told by an event.
                    witness.ceases(name);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        } catch (RejectedExecutionException closed) {
            // It is no candidate any more.
        }
    }

    private void look() throws KeeperException, InterruptedException {
        if (own.isEmpty()) {
            byte[] content = ("{\"id\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8);
            own = client.create(
                            path + "/json.info_", content, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL)
                    .substring(path.length() + 1);
        }
        List<String> children = client.getChildren(path, true);
        long lowest = children.stream().mapToLong(MesosContender::number).min().orElse(Long.MAX_VALUE);
        if (children.contains(own) && number(own) == lowest) {
            if (!witness.leader().equals(name)) {
                witness.begins(name);
            }
        } else {
            witness.ceases(name);
        }
    }

    /** The last part of the name must be a number, else it is no candidate. */
    private static long number(String child) {
        String last = child.substring(child.lastIndexOf('_') + 1);
        return last.chars().allMatch(Character::isDigit) ? Long.parseLong(last) : Long.MAX_VALUE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Cable cable() {
        return cable;
    }

    @Override
    public void resign() {
        run(() -> {
            witness.ceases(name);
            String given = own;
            own = "";
            client.delete(path + "/" + given, -1);
            look();
        });
    }

    @Override
    public void leave() throws InterruptedException {
        thread.shutdownNow();
        client.close();
        witness.ceases(name);
        cable.close();
    }
}
