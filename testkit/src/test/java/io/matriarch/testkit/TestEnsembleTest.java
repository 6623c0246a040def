package io.matriarch.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.TraceEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

/** Servers on real sockets and files, with Apache's client. */
class TestEnsembleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void standaloneServerServesAndKeepsWhatItPromisedThroughAKill() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1)) {
            try (Client client = Client.connect(ensemble.connectString())) {
                create(client, "/kept", "data", CreateMode.PERSISTENT);
                create(client, "/gone", "", CreateMode.EPHEMERAL);
                assertThat(create(client, "/n-", "", CreateMode.PERSISTENT_SEQUENTIAL))
                        .isEqualTo("/n-0000000002");
            }
            ensemble.kill(1);
            ensemble.restart(1);
            ensemble.awaitServing(PATIENCE);

            try (Client client = Client.connect(ensemble.connectString())) {
                assertThat(text(client, "/kept")).isEqualTo("data");
                assertThat(client.zk().getChildren("/", false))
                        .containsExactlyInAnyOrder("zookeeper", "kept", "n-0000000002");
            }
        }
    }

    @Test
    void sessionOutlivesAKilledServerAndItsEphemeralsStay() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                Client client = Client.connect(ensemble.connectString())) {
            create(client, "/mine", "", CreateMode.EPHEMERAL);
            ensemble.kill(1);
            client.await(Event.KeeperState.Disconnected, Event.EventType.None);
            ensemble.restart(1);
            client.await(Event.KeeperState.SyncConnected, Event.EventType.None);

            Stat stat = client.zk().exists("/mine", false);
            assertThat(stat.getEphemeralOwner()).isEqualTo(client.zk().getSessionId());
        }
    }

    @Test
    void failuresHaveTheirCodesAndLeaveTheConnection() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                Client client = Client.connect(ensemble.connectString())) {
            assertThatThrownBy(() -> client.zk().getData("/none", false, null))
                    .isInstanceOf(KeeperException.NoNodeException.class);
            create(client, "/a", "", CreateMode.PERSISTENT);
            assertThatThrownBy(() -> create(client, "/a", "", CreateMode.PERSISTENT))
                    .isInstanceOf(KeeperException.NodeExistsException.class);
            assertThatThrownBy(() -> client.zk().setData("/a", null, 7))
                    .isInstanceOf(KeeperException.BadVersionException.class);
            assertThatThrownBy(() -> client.zk()
                            .multi(List.of(
                                    Op.create("/b", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                                    Op.check("/a", 9))))
                    .isInstanceOf(KeeperException.BadVersionException.class);
            assertThat(client.zk().exists("/b", false)).isNull();
        }
    }

    @Test
    void watchFiresOnAnotherServersWrite() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3);
                Client writer = Client.connect(ensemble.leader().connectString());
                Client watcher = Client.connect(ensemble.follower().connectString())) {
            assertThat(watcher.zk().exists("/a", true)).isNull();
            create(writer, "/a", "", CreateMode.PERSISTENT);

            assertThat(watcher.await(Event.KeeperState.SyncConnected, Event.EventType.NodeCreated)
                            .getPath())
                    .isEqualTo("/a");
        }
    }

    @Test
    void ensembleSurvivesTheLossOfEachLeaderInTurnAndLosesNothing() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3);
                Client client = Client.connect(ensemble.connectString())) {
            create(client, "/a", "0", CreateMode.PERSISTENT);
            create(client, "/mine", "", CreateMode.EPHEMERAL);
            for (int i = 1; i <= 4; i++) {
                TestServer old = ensemble.leader();
                old.kill();
                assertThat(ensemble.leader()).isNotSameAs(old);
                client.setDataWhateverHappens("/a", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
                ensemble.restart(old.sid());
                ensemble.awaitServing(PATIENCE);
                try (Client elsewhere = Client.connect(old.connectString())) {
                    elsewhere.zk().sync("/", (code, path, context) -> {}, null);
                    assertThat(text(elsewhere, "/a")).isEqualTo(Integer.toString(i));
                    assertThat(elsewhere.zk().exists("/mine", false)).isNotNull();
                }
            }
        }
    }

    @Test
    void leaderNoticesTheLossOfItsQuorumAndClientsAreServedAgainWhenItIsBack() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            TestServer leader = ensemble.leader();
            ensemble.servers().stream().filter(server -> server != leader).forEach(TestServer::kill);
            assertThat(srvr(leader.clientPort()))
                    .satisfiesAnyOf(text -> assertThat(text).contains("Mode: leader"), text -> assertThat(text)
                            .startsWith("This ZooKeeper instance is not currently serving"));
            ensemble.servers().forEach(TestServer::start);
            ensemble.awaitServing(PATIENCE);
            try (Client client = Client.connect(ensemble.connectString())) {
                create(client, "/a", "", CreateMode.PERSISTENT);
            }
        }
    }

    @Test
    void wholeEnsembleStopsAndComesBackWithItsData() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            try (Client client = Client.connect(ensemble.connectString())) {
                create(client, "/a", "kept", CreateMode.PERSISTENT);
            }
            ensemble.servers().forEach(TestServer::stop);
            ensemble.servers().forEach(TestServer::start);
            ensemble.awaitServing(PATIENCE);
            try (Client client = Client.connect(ensemble.connectString())) {
                assertThat(text(client, "/a")).isEqualTo("kept");
            }
        }
    }

    @Test
    void serverThatLostItsDiskIsSentASnapshot() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3, config -> config.snapCount(100));
                Client client = Client.connect(ensemble.leader().connectString())) {
            TestServer follower = ensemble.follower();
            follower.kill();
            // More than a leader keeps in memory, and so no difference that it could send.
            for (int i = 0; i < 600; i++) {
                create(client, "/n" + i, "x".repeat(20_000), CreateMode.PERSISTENT);
            }
            Queue<TraceEvent> traces = new ConcurrentLinkedQueue<>();
            ensemble.leader().server().orElseThrow().traces(traces::add);
            deleteDatabase(follower);
            follower.start();
            ensemble.awaitServing(PATIENCE);

            assertThat(traces)
                    .anyMatch(trace -> trace instanceof TraceEvent.LearnerSynced synced
                            && synced.how().equals("SNAP")
                            && synced.learner().value() == follower.sid());
            try (Client reader = Client.connect(follower.connectString())) {
                assertThat(text(reader, "/n599")).hasSize(20_000);
                assertThat(reader.zk().getChildren("/", false)).hasSize(601);
            }
        }
    }

    private static void deleteDatabase(TestServer server) throws IOException {
        try (Stream<Path> files = Files.walk(server.dataDir().resolve("version-2"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void fourLetterWordsTellTheRoleOfEachServer() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            long leader = ensemble.leader().sid();
            for (TestServer server : ensemble.servers()) {
                assertThat(srvr(server.clientPort()))
                        .contains("\nMode: " + (server.sid() == leader ? "leader" : "follower") + "\n");
            }
        }
    }

    private static String create(Client client, String path, String data, CreateMode mode)
            throws KeeperException, InterruptedException {
        return client.zk().create(path, data.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private static String text(Client client, String path) throws KeeperException, InterruptedException {
        return new String(client.zk().getData(path, false, null), StandardCharsets.UTF_8);
    }

    private static String srvr(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
