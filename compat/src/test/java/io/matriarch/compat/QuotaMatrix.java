package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quotas beside Apache's servers and in their files (client.md 14, disk.md 8; R6, R7). Under the Maven profile {@code matrix} only. */
@Timeout(120)
class QuotaMatrix {
    private static final String LIMITS = "/zookeeper/quota/app/zookeeper_limits";
    private static final String STATS = "/zookeeper/quota/app/zookeeper_stats";

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private static EnsembleOptions enforcing(EnsembleOptions options) {
        return options.withSetting("enforceQuota", "true").withSetting("snapCount", "20");
    }

    private interface Write {
        void run(ZooKeeper client) throws Exception;
    }

    private static byte[] bytes(int count) {
        return "x".repeat(count).getBytes(StandardCharsets.UTF_8);
    }

    private static Write create(String path, int bytes) {
        return client -> client.create(path, bytes(bytes), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static Write set(String path, int bytes) {
        return client -> client.setData(path, bytes(bytes), -1);
    }

    private static Write delete(String path) {
        return client -> client.delete(path, -1);
    }

    /** As zkCli does it: the limits first. */
    private static Write limit(String text) {
        return client -> {
            byte[] limits = text.getBytes(StandardCharsets.UTF_8);
            if (client.exists(LIMITS, false) != null) {
                client.setData(LIMITS, limits, -1);
                return;
            }
            create("/zookeeper/quota/app", 0).run(client);
            client.create(LIMITS, limits, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            byte[] nothing = "count=0,bytes=0".getBytes(StandardCharsets.UTF_8);
            client.create(STATS, nothing, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        };
    }

    private static Op creation(String path) {
        return Op.create(path, bytes(1), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static List<Write> writes() {
        return List.of(
                create("/app", 10),
                create("/app/a", 0),
                create("/other", 4),
                limit("count=4,bytes=-1"),
                create("/app/b", 3),
                set("/app/b", 1),
                client -> client.setData("/app/b", null, -1),
                create("/app/a/deep", 2),
                create("/app/soft", 1),
                delete("/app/soft"),
                limit("count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=6"),
                create("/app/c", 1),
                client -> client.create("/app/e", bytes(2), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL),
                create("/app/too-many", 0),
                create("/app/none/too-many", 0),
                set("/app/c", 6),
                set("/app/c", 7),
                client -> client.setData("/app/c", bytes(7), 9),
                client -> client.setData("/app/c", bytes(1), 9),
                delete("/app/c"),
                client -> client.multi(List.of(creation("/app/m1"), creation("/app/m2"))),
                client -> client.multi(List.of(creation("/else"), creation("/app/m3"))),
                limit("count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=-1"),
                create("/app/d", 0),
                delete("/app/a/deep"),
                client -> client.setData(STATS, "count=100,bytes=5".getBytes(StandardCharsets.UTF_8), -1),
                delete("/app/a"),
                client -> client.delete(LIMITS, -1),
                create("/app/uncounted", 1));
    }

    /** What comes of each write, and the usage after it. */
    private static List<String> played(Flavour flavour, boolean isEnforced) throws Exception {
        EnsembleProcess alone = SERVERS.create(
                flavour + "-" + isEnforced,
                List.of(flavour),
                options -> options.withSetting("enforceQuota", String.valueOf(isEnforced)));
        alone.startAll();
        alone.awaitServing(Clients.SERVING_BOUND);
        List<String> played = new ArrayList<>();
        ZooKeeper client = Clients.connect(alone.connectString());
        try {
            for (Write write : writes()) {
                String outcome = "done";
                try {
                    write.run(client);
                } catch (KeeperException e) {
                    outcome = e.code().toString();
                }
                played.add(played.size() + ": " + outcome + ", usage " + usage(client));
            }
        } finally {
            Clients.close(client);
            alone.close();
        }
        return played;
    }

    private static String usage(ZooKeeper client) throws Exception {
        try {
            return new String(client.getData(STATS, false, null), StandardCharsets.UTF_8);
        } catch (KeeperException.NoNodeException e) {
            return "none";
        }
    }

    @ParameterizedTest(name = "enforced: {0}")
    @ValueSource(booleans = {true, false})
    void everyWriteComesToWhatItDoesAtApache(boolean isEnforced) throws Exception {
        List<String> expected = played(Flavour.APACHE, isEnforced);
        assertThat(String.join("\n", expected).contains("QUOTAEXCEEDED")).isEqualTo(isEnforced);
        assertThat(played(Servers.ours(), isEnforced)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "begun by {0}")
    @EnumSource
    void whatOneCountedTheOtherGoesOnWith(Flavour first) throws Exception {
        Flavour second = first == Flavour.APACHE ? Servers.ours() : Flavour.APACHE;
        EnsembleProcess ensemble = SERVERS.create("turns-" + first, List.of(first), QuotaMatrix::enforcing);
        ServerProcess server = ensemble.server(1);
        List<String> before = List.of();
        for (int turn = 0; turn < 3; turn++) {
            server.startAs(turn == 1 ? second : first);
            server.awaitServing(Clients.SERVING_BOUND);
            ZooKeeper client = Clients.connect(ensemble.connectString());
            try {
                if (turn == 0) {
                    create("/app", 10).run(client);
                    limit("count=30,bytes=-1").run(client);
                } else {
                    assertThat(TreeDump.withBuiltIn(client)).as("%s", server).isEqualTo(before);
                }
                for (int i = 0; i < 15; i++) {
                    create("/app/" + turn + "-" + i, i).run(client);
                }
                before = TreeDump.withBuiltIn(client);
                assertThat(usage(client)).isEqualTo("count=" + (15 * turn + 16) + ",bytes=" + (105 * turn + 115));
            } finally {
                Clients.close(client);
            }
            if (turn == 0) {
                server.stop();
            } else {
                server.kill();
            }
        }
    }

    @Test
    void inAMixedEnsembleEveryServerCountsTheSame() throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                "mixed", List.of(Servers.ours(), Flavour.APACHE, Servers.ours()), QuotaMatrix::enforcing);
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        List<ZooKeeper> clients = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            clients.add(Clients.connect(EnsembleProcess.connectString(List.of(server))));
        }
        try {
            create("/app", 10).run(clients.get(0));
            limit("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=60").run(clients.get(0));
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 12; i++) {
                    String path = "/app/" + round + "-" + i;
                    ZooKeeper client = clients.get(i % 3);
                    create(path, i).run(client);
                    set(path, 2 * i).run(client);
                    if (i % 4 == 0) {
                        delete(path).run(client);
                    }
                }
                ServerProcess leader = ensemble.leader();
                leader.kill();
                leader.start();
                ensemble.awaitServing(Clients.SERVING_BOUND);
                clients.forEach(Clients::awaitConnected);
            }
            List<List<String>> dumps = new ArrayList<>();
            for (ZooKeeper client : clients) {
                client.sync("/");
                dumps.add(TreeDump.withBuiltIn(client));
                assertThat(usage(client)).isEqualTo("count=28,bytes=334");
            }
            assertThat(dumps.get(1)).isEqualTo(dumps.get(0));
            assertThat(dumps.get(2)).isEqualTo(dumps.get(0));
        } finally {
            clients.forEach(Clients::close);
        }
    }
}
