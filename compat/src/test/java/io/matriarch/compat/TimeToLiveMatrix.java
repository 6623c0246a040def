package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.session.FrameClient;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Znodes with a time to live, beside Apache's servers and in their files (client.md 9.5, zab.md 6.5; K4 to K8). Under the Maven profile {@code matrix} only. */
@Timeout(120)
class TimeToLiveMatrix {
    private static final long SHORT_MILLIS = 100;
    private static final long LONG_MILLIS = TimeUnit.DAYS.toMillis(365);

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private static EnsembleOptions granting(EnsembleOptions options) {
        return options.withSetting("extendedTypesEnabled", "true").withJvmFlag("-Dznode.container.checkIntervalMs=200");
    }

    private static void create(ZooKeeper client, String path, long ttlMillis) throws Exception {
        client.create(
                path, new byte[3], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, new Stat(), ttlMillis);
    }

    /** At once, since the time of the one may pass before the other is there. */
    private static void createWithChild(ZooKeeper client, String path) throws Exception {
        List<ACL> open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        client.multi(List.of(
                Op.create(path, null, open, CreateMode.PERSISTENT_WITH_TTL, SHORT_MILLIS),
                Op.create(path + "/child", null, open, CreateMode.PERSISTENT)));
    }

    private static void awaitGone(ZooKeeper client, String path) {
        await(path + " is gone").atMost(Clients.SERVING_BOUND).until(() -> client.exists(path, false) == null);
    }

    // --- one server ----------------------------------------------------------------------------------------------

    /** All but op 21 with a mode without a time and a negative one: Apache's server falls over that. */
    private static List<Request> requests() {
        List<Request> requests = new ArrayList<>();
        for (long ttl : new long[] {0, -1, Long.MIN_VALUE, 1, (1L << 40) - 1, 1L << 40, Long.MAX_VALUE}) {
            requests.add(request(OpCode.CREATE_TTL, 5, ttl));
            requests.add(request(OpCode.CREATE_TTL, 6, ttl));
        }
        for (int flags : new int[] {0, 1, 2, 3, 4, 7, -1}) {
            requests.add(request(OpCode.CREATE_TTL, flags, 1_000));
        }
        for (int opcode : new int[] {OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER}) {
            requests.add(request(opcode, 5, Request.Create.NO_TTL));
            requests.add(request(opcode, 6, Request.Create.NO_TTL));
        }
        return requests;
    }

    private static Request request(int opcode, int flags, long ttlMillis) {
        String path = "/" + OpCode.name(opcode) + flags + "_" + ttlMillis;
        return new Request.Create(opcode, path, Bytes.utf8("x"), Acl.OPEN, flags, ttlMillis);
    }

    private static List<String> answers(Flavour flavour, boolean isGranted) throws Exception {
        EnsembleProcess alone = SERVERS.create(
                flavour + "-" + isGranted,
                List.of(flavour),
                options -> options.withSetting("extendedTypesEnabled", String.valueOf(isGranted)));
        alone.startAll();
        alone.awaitServing(Clients.SERVING_BOUND);
        List<String> answers = new ArrayList<>();
        try (FrameClient client = new FrameClient(alone.server(1))) {
            client.opens(false);
            for (Request request : requests()) {
                answers.add(request + " -> " + client.asks(request));
            }
        } finally {
            alone.close();
        }
        return answers;
    }

    @ParameterizedTest(name = "granted: {0}")
    @ValueSource(booleans = {false, true})
    void whatIsRefusedIsRefusedAsByApache(boolean isGranted) throws Exception {
        assertThat(answers(Servers.ours(), isGranted)).isEqualTo(answers(Flavour.APACHE, isGranted));
    }

    // --- one directory -------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "begun by {0}, a snapshot every {1} transactions")
    @CsvSource({"APACHE, 6", "MATRIARCH, 6", "APACHE, 100000", "MATRIARCH, 100000"})
    void whatOneCreatesTheOtherKeepsAndRemoves(Flavour first, int snapCount) throws Exception {
        Flavour second = first == Flavour.APACHE ? Servers.ours() : Flavour.APACHE;
        EnsembleProcess ensemble =
                SERVERS.create("turns-" + first + snapCount, List.of(first), options -> granting(options)
                        .withSetting("snapCount", String.valueOf(snapCount)));
        ServerProcess server = ensemble.server(1);
        List<Flavour> turns = List.of(first, second, first);
        List<String> before = List.of();
        for (int turn = 0; turn < turns.size(); turn++) {
            server.startAs(turns.get(turn));
            server.awaitServing(Clients.SERVING_BOUND);
            ZooKeeper client = Clients.connect(ensemble.connectString());
            try {
                if (turn > 0) {
                    assertThat(TreeDump.of(client)).as("%s", server).isEqualTo(before);
                    client.delete("/short" + (turn - 1) + "/child", -1);
                    awaitGone(client, "/short" + (turn - 1));
                }
                createWithChild(client, "/short" + turn);
                create(client, "/long" + turn, LONG_MILLIS);
                assertThat(client.exists("/long0", false)).isNotNull();
                before = TreeDump.of(client);
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

    // --- one ensemble --------------------------------------------------------------------------------------------

    @Test
    void inAMixedEnsembleTheyGoEverywhereWhoeverLeads() throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                "mixed", List.of(Servers.ours(), Flavour.APACHE, Servers.ours()), TimeToLiveMatrix::granting);
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        List<ZooKeeper> clients = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            clients.add(Clients.connect(EnsembleProcess.connectString(List.of(server))));
        }
        try {
            for (int round = 0; round < 3; round++) {
                for (ZooKeeper client : clients) {
                    int at = clients.indexOf(client);
                    create(client, "/short-" + round + at, SHORT_MILLIS);
                    create(client, "/long-" + round + at, LONG_MILLIS);
                }
                for (ZooKeeper client : clients) {
                    for (int at = 0; at < clients.size(); at++) {
                        awaitGone(client, "/short-" + round + at);
                    }
                }
                ServerProcess leader = ensemble.leader();
                leader.kill();
                leader.start();
                ensemble.awaitServing(Clients.SERVING_BOUND);
                clients.forEach(Clients::awaitConnected);
            }
            for (ZooKeeper client : clients) {
                client.setData("/long-00", null, -1); // behind everything before
            }
            List<String> first = TreeDump.of(clients.get(2));
            assertThat(first).filteredOn(line -> line.startsWith("/long-")).hasSize(9);
            assertThat(first).noneMatch(line -> line.startsWith("/short"));
            for (ServerProcess server : ensemble.servers()) {
                assertThat(Files.readString(server.log()))
                        .doesNotContainIgnoringCase("digests are not matching")
                        .doesNotContainIgnoringCase("digest mismatch");
            }
        } finally {
            clients.forEach(Clients::close);
        }
    }
}
