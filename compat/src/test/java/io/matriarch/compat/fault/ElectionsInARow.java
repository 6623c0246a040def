package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.compat.Clients;
import io.matriarch.compat.history.JudgedClients;
import io.matriarch.sim.history.HistoryReport;
import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooKeeper;

/**
 * Leader after leader is lost while clients write. After each stretch of elections the clients are judged, and what they left behind is
 * removed, so that what the process then holds can be compared with what it held before.
 */
final class ElectionsInARow {
    /** After so many the first measure is taken: classes are loaded, pools and windows are full. */
    static final int STRETCH = 50;

    private static final int CLIENTS = 3;
    private static final int REPLIES_BETWEEN = 10;
    private static final int SNAP_COUNT = 5_000;
    private static final int DELETES_AT_ONCE = 100;
    private static final int TICK_MILLIS = 100;
    private static final int INIT_TICKS = 50;
    private static final int SYNC_TICKS = 20;

    private final String name;
    private final TestEnsemble ensemble;
    private final Loss loss;
    private final List<Long> leaderMicros = new ArrayList<>();
    private final List<Long> writeMicros = new ArrayList<>();
    private final List<Footprint> footprints = new ArrayList<>();

    /** How a leader is lost. */
    interface Loss {
        /** Does it; the others can then elect another. */
        void strike(TestEnsemble ensemble, TestServer leader);

        /** Ends it, when another leads. */
        void end(TestEnsemble ensemble, TestServer old);
    }

    /** The process ends, as by kill -9, and another one starts on its files. */
    static final class Killed implements Loss {
        @Override
        public void strike(TestEnsemble ensemble, TestServer leader) {
            leader.kill();
        }

        @Override
        public void end(TestEnsemble ensemble, TestServer old) {
            old.start();
        }
    }

    /** Its connections to the other servers break, and no new ones can be made; the same server joins again. */
    static final class CutOff implements Loss {
        @Override
        public void strike(TestEnsemble ensemble, TestServer leader) {
            ensemble.servers().stream()
                    .filter(server -> server != leader)
                    .forEach(server -> ensemble.link(leader, server).cut());
        }

        @Override
        public void end(TestEnsemble ensemble, TestServer old) {
            ensemble.heal();
        }
    }

    private ElectionsInARow(String name, TestEnsemble ensemble, Loss loss) {
        this.name = name;
        this.ensemble = ensemble;
        this.loss = loss;
    }

    /** Three servers in this process, and {@code count} elections. */
    static ElectionsInARow run(String name, int count, Loss loss) throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3, settings -> settings.snapCount(SNAP_COUNT)
                .tickMillis(TICK_MILLIS)
                .limits(INIT_TICKS, SYNC_TICKS))) {
            ElectionsInARow row = new ElectionsInARow(name, ensemble, loss);
            try {
                for (int done = 0; done < count; done += STRETCH) {
                    row.stretch("/after-" + done, Math.min(STRETCH, count - done));
                }
            } catch (Exception | AssertionError e) {
                e.addSuppressed(new AssertionError(ensemble.transcript()));
                throw e;
            }
            return row;
        }
    }

    /** What the process held after each stretch. */
    List<Footprint> footprints() {
        return footprints;
    }

    private void stretch(String parent, int count) throws Exception {
        HistoryReport report = judged(parent, count);
        remove(parent);
        footprints.add(Footprint.now());
        System.out.println(name + ": " + leaderMicros.size() + " elections, " + report.acknowledgedWrites()
                + " writes since the last line; " + footprints.get(footprints.size() - 1));
    }

    /** On return nothing holds the clients' history any more. */
    private HistoryReport judged(String parent, int count) throws Exception {
        List<InetSocketAddress> addresses = ensemble.servers().stream()
                .map(server -> new InetSocketAddress(InetAddress.getLoopbackAddress(), server.clientPort()))
                .toList();
        try (JudgedClients clients = JudgedClients.start(parent, CLIENTS, addresses, leaderMicros.size())) {
            for (int i = 0; i < count; i++) {
                elect(clients);
            }
            return clients.judge();
        }
    }

    private void elect(JudgedClients clients) {
        TestServer old = ensemble.leader();
        long beganNanos = System.nanoTime();
        loss.strike(ensemble, old);
        TestServer next = ensemble.leaderOtherThan(old);
        leaderMicros.add((System.nanoTime() - beganNanos) / 1_000);
        clients.awaitReplies(1);
        writeMicros.add((System.nanoTime() - beganNanos) / 1_000);
        assertThat(next).isNotSameAs(old);
        clients.awaitReplies(REPLIES_BETWEEN);
        loss.end(ensemble, old);
        ensemble.awaitServing(Clients.SERVING_BOUND);
    }

    private void remove(String parent) throws Exception {
        ZooKeeper zk = Clients.connect(ensemble.connectString());
        try {
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

    /** How long they took, in one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %d elections; another led after %s, a client had a reply after %s; held after %d: %s, at the end: %s",
                name,
                leaderMicros.size(),
                times(leaderMicros),
                times(writeMicros),
                STRETCH,
                footprints.get(0),
                footprints.get(footprints.size() - 1));
    }

    private static String times(List<Long> micros) {
        List<Long> sorted = micros.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%.1f ms (median; worst %.1f)",
                sorted.get(sorted.size() / 2) / 1e3,
                sorted.get(sorted.size() - 1) / 1e3);
    }
}
