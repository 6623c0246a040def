package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One data directory goes back and forth between ours and Apache's server, and every znode keeps every field. One client stays through
 * it all: its session and ephemeral znode are in the files too (disk.md 2, 5; zab.md 12).
 */
@Timeout(90)
class DataDirectoryTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    // Each goes both ways, so that these two read snapshots and bare logs of either.
    @ParameterizedTest(name = "begun by {0}, a snapshot every {1} transactions")
    @CsvSource({"MATRIARCH, 12", "APACHE, 100000"})
    void whatOneWroteTheOtherOpens(Flavour first, int snapCount) throws Exception {
        List<Flavour> turns = first == Flavour.APACHE
                ? List.of(Flavour.APACHE, Servers.ours(), Flavour.APACHE)
                : List.of(Servers.ours(), Flavour.APACHE, Servers.ours());
        EnsembleProcess ensemble = SERVERS.create(
                first + "-" + snapCount,
                List.of(turns.get(0)),
                options -> options.withSetting("snapCount", String.valueOf(snapCount)));
        ServerProcess server = ensemble.server(1);
        server.start();
        server.awaitServing(Clients.SERVING_BOUND);
        RecordingWatcher watcher = new RecordingWatcher();
        ZooKeeper client = Clients.connect(ensemble.connectString(), watcher);
        long sessionId = client.getSessionId();
        try {
            client.create("/here", bytes("me"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            List<String> before = writeMuch(client, 0);
            for (int turn = 1; turn < turns.size(); turn++) {
                // Once by the signal that asks and once by the one that does not.
                if (turn == 1) {
                    server.stop();
                } else {
                    server.kill();
                }
                server.startAs(turns.get(turn));
                server.awaitServing(Clients.SERVING_BOUND);
                Clients.awaitConnected(client);
                assertThat(TreeDump.of(client)).as("%s", server).isEqualTo(before);
                assertThat(client.getSessionId()).isEqualTo(sessionId);
                before = writeMuch(client, turn);
            }
            if (snapCount < 100) {
                assertThat(snapshots(server)).as("snapshots taken").hasSizeGreaterThan(2);
            }
            assertThat(client.exists("/here", false).getEphemeralOwner()).isEqualTo(sessionId);
        } finally {
            Clients.close(client);
            server.close();
        }
    }

    /** Every kind of transaction; returns the tree afterwards. */
    private static List<String> writeMuch(ZooKeeper client, int turn) throws KeeperException, InterruptedException {
        List<ACL> open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        List<ACL> some = Arrays.asList(
                new ACL(ZooDefs.Perms.ALL, ZooDefs.Ids.ANYONE_ID_UNSAFE),
                new ACL(ZooDefs.Perms.READ, new Id("ip", "10.0.0." + turn)));
        String root = "/turn-" + turn;
        client.create(root, null, open, CreateMode.PERSISTENT);
        for (int i = 0; i < 10; i++) {
            client.create(root + "/s-", bytes("" + i), open, CreateMode.PERSISTENT_SEQUENTIAL);
        }
        client.create(root + "/acl", bytes("ä"), some, CreateMode.PERSISTENT);
        client.create(root + "/box", bytes(""), open, CreateMode.CONTAINER);
        client.create(root + "/box/in", new byte[10_000], open, CreateMode.PERSISTENT);
        client.setData(root, bytes("v1"), 0);
        client.setData(root, null, 1);
        client.setACL(root + "/s-0000000001", some, 0);
        client.delete(root + "/s-0000000002", -1);
        List<Op> operations = new ArrayList<>(List.of(
                Op.create(root + "/m", bytes("m"), open, CreateMode.PERSISTENT),
                Op.setData(root + "/m", bytes("mm"), 0),
                Op.check(root, 2),
                Op.delete(root + "/s-0000000003", -1)));
        client.multi(operations);
        try {
            client.create(root + "/missing/child", null, open, CreateMode.PERSISTENT);
        } catch (KeeperException.NoNodeException expected) {
            // An error is a transaction too (client.md 4).
        }
        for (String older : client.getChildren("/", false)) {
            if (older.startsWith("turn-") && !root.equals("/" + older)) {
                client.create("/" + older + "/s-", null, open, CreateMode.PERSISTENT_SEQUENTIAL);
            }
        }
        return TreeDump.of(client);
    }

    private static List<Path> snapshots(ServerProcess server) throws IOException {
        try (Stream<Path> files = Files.list(server.directory().resolve("data").resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("snapshot."))
                    .toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
