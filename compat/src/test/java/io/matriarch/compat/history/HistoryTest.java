package io.matriarch.compat.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Servers;
import io.matriarch.sim.history.History;
import io.matriarch.sim.history.HistoryChecker;
import io.matriarch.sim.history.HistoryReport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients that ask at random while leaders and followers are killed are shown nothing that client.md 13 and 16 forbid. More kills with
 * {@code -Dhistory.kills=N}; the seed is {@code -Dhistory.seed=N}.
 */
@Timeout(600)
class HistoryTest {
    private static final int CLIENTS = 5;
    private static final int WRITES_BETWEEN_KILLS = 150;
    private static final int KILLS = Integer.getInteger("history.kills", 3);
    private static final long SEED = Long.getLong("history.seed", 1);

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void ofOurs() throws Exception {
        judge(SERVERS, "ours", List.of(Servers.ours(), Servers.ours(), Servers.ours()));
    }

    static void judge(Servers servers, String name, List<Flavour> flavours) throws Exception {
        EnsembleProcess ensemble = servers.start(name, flavours);
        createParent(ensemble);
        History history = new History();
        Keys keys = new Keys();
        AtomicBoolean stop = new AtomicBoolean();
        List<InetSocketAddress> addresses =
                ensemble.servers().stream().map(ServerProcess::clientAddress).toList();
        List<RecordingClient> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= CLIENTS; i++) {
            RecordingClient client = new RecordingClient(i, history, addresses, keys, stop, SEED + i);
            clients.add(client);
            threads.add(new Thread(client, "client-" + i));
        }
        try {
            threads.forEach(Thread::start);
            for (int kill = 0; kill < KILLS; kill++) {
                awaitWrites(history);
                ServerProcess victim = kill % 2 == 0 ? ensemble.leader() : ensemble.follower();
                victim.kill();
                awaitWrites(history);
                victim.start();
                ensemble.awaitServing(Clients.SERVING_BOUND);
            }
            awaitWrites(history);
        } finally {
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        HistoryReport report = new HistoryChecker(history).check();
        System.out.println("history of " + flavours + ", seed " + SEED + ", kills " + KILLS + ": " + report);
        assertThat(report.violations()).isEmpty();
        assertThat(report.undecidedKeys()).isEmpty();
        assertThat(report.acknowledgedWrites()).isGreaterThan(WRITES_BETWEEN_KILLS * KILLS);
        assertThat(report.events()).isGreaterThan(KILLS);
        assertThat(clients).anyMatch(client -> client.connections() > 1);
    }

    private static void createParent(EnsembleProcess ensemble) throws Exception {
        ZooKeeper zk = Clients.connect(ensemble.connectString());
        try {
            zk.create(Keys.PARENT, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } finally {
            Clients.close(zk);
        }
    }

    private static void awaitWrites(History history) {
        long goal = history.acknowledged() + WRITES_BETWEEN_KILLS;
        await("clients go on").atMost(Clients.SERVING_BOUND).until(() -> history.acknowledged() >= goal);
    }
}
