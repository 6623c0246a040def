package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.load.Outage;
import io.matriarch.bench.load.OutageProbe;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Writer;
import io.matriarch.compat.history.JudgedClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * Leader after leader is ended with kill -9 and started again while clients write. After each stretch of kills every server has to have
 * every znode whose creation was acknowledged, what other clients were shown is judged, and all that they left is removed, so that what
 * the one server that nobody kills then holds can be compared with what it held before.
 */
final class KillsInARow {
    /** After so many the first measure is taken: classes are loaded, pools and windows are full. */
    static final int STRETCH = 25;

    private static final int WRITERS = 3;
    private static final int JUDGED = 2;
    private static final Duration REST = Duration.ofMillis(3);
    private static final int WRITTEN_BETWEEN = 5;
    private static final int DELETES_AT_ONCE = 100;
    private static final Duration OUTAGE_BOUND = Duration.ofMinutes(1);

    private final EnsembleProcess ensemble;
    private final ServerProcess survivor;
    private final List<Duration> stayed = new ArrayList<>();
    private final List<Duration> moved = new ArrayList<>();
    private final List<ProcessFootprint> footprints = new ArrayList<>();
    private long acknowledged;

    private KillsInARow(EnsembleProcess ensemble, ServerProcess survivor) {
        this.ensemble = ensemble;
        this.survivor = survivor;
    }

    /**
     * Kills as many leaders of servers that run.
     *
     * @param survivor never leads, as an observer does
     */
    static KillsInARow run(EnsembleProcess ensemble, ServerProcess survivor, int count) throws Exception {
        KillsInARow row = new KillsInARow(ensemble, survivor);
        for (int done = 0; done < count; done += STRETCH) {
            row.stretch("/after-" + done, Math.min(STRETCH, count - done));
        }
        return row;
    }

    /** What the survivor held after each stretch. */
    List<ProcessFootprint> footprints() {
        return footprints;
    }

    /** How many creations were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    private void stretch(String parent, int count) throws Exception {
        create(parent);
        try (JudgedClients judged =
                JudgedClients.start(parent + "/judged", JUDGED, Addresses.of(ensemble.servers()), stayed.size())) {
            List<Writer> writers = new ArrayList<>();
            try {
                for (int i = 0; i < WRITERS; i++) {
                    writers.add(new Writer(ensemble.connectString(), parent + "/writer-" + i, REST));
                }
                for (int i = 0; i < count; i++) {
                    kill(writers);
                }
                stop(writers);
                for (ServerProcess server : ensemble.servers()) {
                    assertHoldsAll(server, writers);
                }
            } finally {
                writers.forEach(Writer::close);
            }
            judged.judge();
        }
        remove(parent);
        footprints.add(ProcessFootprint.of(survivor.pid()));
        System.out.println(this);
    }

    private void kill(List<Writer> writers) throws Exception {
        ServerProcess leader = ensemble.leader();
        assertThat(leader).isNotSameAs(survivor);
        List<ServerProcess> others =
                ensemble.servers().stream().filter(server -> server != leader).toList();
        try (OutageProbe probe = new OutageProbe(leader.clientAddress(), Addresses.of(others), 1)) {
            probe.connect(OUTAGE_BOUND);
            Outage outage = probe.measure(leader::signalKill, OUTAGE_BOUND);
            stayed.add(outage.ofServing());
            moved.add(outage.ofMoving());
        }
        leader.kill();
        leader.start();
        ensemble.awaitServing(Addresses.START_BOUND);
        List<Integer> before = writers.stream().map(Writer::count).toList();
        await("every client writes").atMost(Clients.SERVING_BOUND).until(() -> {
            for (int i = 0; i < writers.size(); i++) {
                if (writers.get(i).count() < before.get(i) + WRITTEN_BETWEEN) {
                    return false;
                }
            }
            return true;
        });
    }

    private void stop(List<Writer> writers) throws InterruptedException {
        for (Writer writer : writers) {
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).as("%s", writer.events()).isTrue();
            acknowledged += writer.count();
        }
    }

    private static void assertHoldsAll(ServerProcess server, List<Writer> writers) throws Exception {
        ZooKeeper reader = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            // A server that lags must catch up with what is committed before it is asked (client.md 22, R8).
            reader.sync("/", (code, path, context) -> {}, null);
            for (Writer writer : writers) {
                List<String> names = reader.getChildren(writer.path(), false);
                assertThat(names).as("%s at %s", writer.path(), server).containsAll(writer.acknowledgedNames());
                assertThat(names).hasSizeLessThanOrEqualTo(writer.attempted());
            }
        } finally {
            Clients.close(reader);
        }
    }

    private void create(String path) throws Exception {
        ZooKeeper zk = Clients.connect(ensemble.connectString());
        try {
            zk.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } finally {
            Clients.close(zk);
        }
    }

    /** What the clients of this stretch made, and what those did who measured how long nobody could write. */
    private void remove(String parent) throws Exception {
        ZooKeeper zk = Clients.connect(ensemble.connectString());
        try {
            for (String child : zk.getChildren("/", false)) {
                if (child.startsWith("probe-")) {
                    zk.delete("/" + child, -1);
                }
            }
            while (zk.exists(parent, false) != null) {
                try {
                    ZKUtil.deleteRecursive(zk, parent, DELETES_AT_ONCE);
                } catch (KeeperException.NoNodeException endedMeanwhile) {
                    // A session that clients left ended, and its ephemeral znode with it.
                    assertThat(endedMeanwhile.getPath()).startsWith(parent);
                }
            }
        } finally {
            Clients.close(zk);
        }
    }

    /** What was done so far, and how long it took, in one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d kills -9 of the leader, %d acknowledged creations, all there; first write at another server after"
                        + " %s, of a client that had to move after %s; %s held after the first %d: %s, now: %s",
                stayed.size(),
                acknowledged,
                times(stayed),
                times(moved),
                survivor,
                STRETCH,
                footprints.get(0),
                footprints.get(footprints.size() - 1));
    }

    private static String times(List<Duration> outages) {
        List<Duration> sorted = outages.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%.0f ms (median; worst %.0f)",
                sorted.get(sorted.size() / 2).toNanos() / 1e6,
                sorted.get(sorted.size() - 1).toNanos() / 1e6);
    }
}
