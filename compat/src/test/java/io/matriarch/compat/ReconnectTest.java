package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client that lost its server finds when it is back: client.md 10.3, 13.7; W4, W5, W6, N2 of section 22. */
@Timeout(60)
class ReconnectTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.ofOurs(3);

    @Test
    void watchesTellOfWhatHappenedMeanwhileAndStayArmedWhereNothingDid() throws Exception {
        EnsembleProcess ensemble = SERVERS.ensemble();
        ServerProcess home = ensemble.follower();
        RecordingWatcher watcher = new RecordingWatcher();
        ZooKeeper away = Clients.connect(EnsembleProcess.connectString(List.of(home)), watcher);
        ZooKeeper author = Clients.connect(EnsembleProcess.connectString(others(ensemble, home)));
        try {
            for (String name : List.of("changed", "deleted", "parent", "quiet", "replaced")) {
                create(author, "/" + name);
            }
            sync(away);
            away.create("/mine", bytes(""), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            away.getData("/changed", true, null);
            away.getData("/deleted", true, null);
            away.getData("/replaced", true, null);
            away.getData("/quiet", true, null);
            away.getChildren("/parent", true);
            away.getChildren("/quiet", true);
            away.exists("/created", true);
            away.exists("/never", true);
            long sessionId = away.getSessionId();

            home.kill();
            author.setData("/changed", bytes("1"), -1);
            author.delete("/deleted", -1);
            author.delete("/replaced", -1);
            create(author, "/replaced");
            create(author, "/parent/child");
            create(author, "/created");
            assertThat(author.exists("/mine", false)).as("the session lives on").isNotNull();
            home.start();

            await().atMost(Clients.SERVING_BOUND).untilAsserted(() -> assertThat(watcher.znodeEvents())
                    .containsExactlyInAnyOrder(
                            "NodeDataChanged /changed",
                            "NodeDeleted /deleted",
                            "NodeDataChanged /replaced",
                            "NodeChildrenChanged /parent",
                            "NodeCreated /created"));
            assertThat(away.getSessionId()).isEqualTo(sessionId);
            assertThat(watcher.states()).doesNotContain(Watcher.Event.KeeperState.Expired);
            watcher.drain(away);

            author.setData("/quiet", bytes("1"), -1);
            author.setData("/quiet", bytes("2"), -1);
            create(author, "/quiet/child");
            create(author, "/never");
            author.setData("/changed", bytes("2"), -1);
            await().atMost(Clients.SERVING_BOUND).untilAsserted(() -> assertThat(watcher.znodeEvents())
                    .containsExactly("NodeDataChanged /quiet", "NodeChildrenChanged /quiet", "NodeCreated /never"));
        } finally {
            Clients.close(away);
            Clients.close(author);
        }
    }

    @Test
    void whatOneServerAcknowledgedAnotherShowsAfterSync() throws Exception {
        EnsembleProcess ensemble = SERVERS.ensemble();
        ZooKeeper author = Clients.connect(EnsembleProcess.connectString(List.of(ensemble.follower())));
        ZooKeeper reader = Clients.connect(EnsembleProcess.connectString(List.of(ensemble.leader())));
        ZooKeeper other = Clients.connect(EnsembleProcess.connectString(List.of(ensemble.server(3))));
        try {
            create(author, "/synced");
            for (int i = 0; i < 100; i++) {
                int version = author.setData("/synced", bytes("" + i), -1).getVersion();
                sync(reader);
                assertThat(reader.exists("/synced", false).getVersion()).isEqualTo(version);
                sync(other);
                assertThat(other.exists("/synced", false).getVersion()).isEqualTo(version);
            }
        } finally {
            Clients.close(author);
            Clients.close(reader);
            Clients.close(other);
        }
    }

    @Test
    void aSessionMovesWithItsPasswordAndTheOldConnectionLosesIt() throws Exception {
        EnsembleProcess ensemble = SERVERS.ensemble();
        ZooKeeper first = Clients.connect(EnsembleProcess.connectString(List.of(ensemble.server(1))));
        create(first, "/moving");
        first.create("/moving/here", bytes(""), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        ZooKeeper second = new ZooKeeper(
                EnsembleProcess.connectString(List.of(ensemble.server(2))),
                Clients.SESSION_TIMEOUT_MILLIS,
                event -> {},
                first.getSessionId(),
                first.getSessionPasswd());
        try {
            Clients.awaitConnected(second);
            assertThat(second.getSessionId()).isEqualTo(first.getSessionId());
            second.setData("/moving/here", bytes("second"), -1);
            assertThat(second.exists("/moving/here", false).getEphemeralOwner()).isEqualTo(first.getSessionId());
        } finally {
            Clients.close(second);
            first.close();
        }
        ZooKeeper reader = Clients.connect(ensemble.connectString());
        try {
            sync(reader);
            assertThat(reader.exists("/moving/here", false)).isNull();
        } finally {
            Clients.close(reader);
        }
    }

    @Test
    void aSilentClientsEphemeralsGoWhenItsSessionExpires() throws Exception {
        EnsembleProcess ensemble = SERVERS.ensemble();
        RecordingWatcher watcher = new RecordingWatcher();
        ZooKeeper observer = Clients.connect(ensemble.connectString(), watcher);
        try (SilentSession silent = SilentSession.open(ensemble.server(1).clientAddress(), 4000)) {
            silent.createEphemeral("/silent");
            sync(observer);
            assertThat(observer.exists("/silent", true).getEphemeralOwner()).isEqualTo(silent.id());
            await().atMost(Clients.SERVING_BOUND)
                    .untilAsserted(() -> assertThat(watcher.znodeEvents()).containsExactly("NodeDeleted /silent"));
            await().atMost(Clients.SERVING_BOUND).until(silent::isClosedByServer);
        } finally {
            Clients.close(observer);
        }
    }

    private static List<ServerProcess> others(EnsembleProcess ensemble, ServerProcess one) {
        return ensemble.servers().stream().filter(server -> server != one).toList();
    }

    private static void sync(ZooKeeper client) throws InterruptedException {
        new RecordingWatcher().drain(client);
    }

    private static void create(ZooKeeper client, String path) throws KeeperException, InterruptedException {
        client.create(path, bytes(""), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
