package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.FreePorts;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;

/**
 * Every port of every member changes while the servers run and clients write: quorum, election and client port at once, one member after the
 * other, the leader last, which thereby gives up leading (zab.md 14). Then each member starts again from the files that it wrote.
 */
final class PortsMove {
    /** Beyond initLimit: an Apache election can stall that long (election.md 6.3). */
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static final Duration REST = Duration.ofMillis(5);
    private static final int WRITTEN_IN_EACH_STEP = 50;

    private final EnsembleProcess ensemble;
    private final List<Ports> now = new ArrayList<>();
    private final List<Ports> later = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();

    /** Three voters, of which the third leads. */
    PortsMove(Servers servers, String name, List<Flavour> flavours) throws IOException {
        ensemble = servers.create(name, flavours, options -> options.withSetting("reconfigEnabled", "true")
                .withSetting("DigestAuthenticationProvider.superDigest", SuperUser.DIGEST));
        ConfigLines config = new ConfigLines(ensemble.server(1));
        for (ServerProcess server : ensemble.servers()) {
            now.add(new Ports(
                    config.quorumPort(server.sid()),
                    config.electionPort(server.sid()),
                    server.clientAddress().getPort()));
            later.add(new Ports(FreePorts.next(), FreePorts.next(), FreePorts.next()));
        }
    }

    private record Ports(int quorum, int election, int client) {
        String line(int sid) {
            return "server." + sid + "=127.0.0.1:" + quorum + ":" + election + ":participant;127.0.0.1:" + client;
        }
    }

    void run() throws Exception {
        try {
            ensemble.server(3).start();
            ensemble.server(2).start();
            ensemble.awaitServing(BOUND);
            ensemble.startAll();
            ensemble.awaitServing(BOUND);
            assertThat(ensemble.leader()).isSameAs(ensemble.server(3));
            String everywhere = EnsembleProcess.connectString(ensemble.servers()) + "," + newConnectString();
            writers.add(new Writer(everywhere, "/first", REST));
            writers.add(new Writer(everywhere, "/second", REST));
            for (ServerProcess server : ensemble.servers()) {
                move(server);
            }
            for (ServerProcess server : ensemble.servers()) {
                server.kill();
                server.start();
                awaitServing(server);
                awaitWrites();
            }
            judge();
        } finally {
            writers.forEach(Writer::close);
            ensemble.close();
        }
    }

    private void move(ServerProcess server) throws Exception {
        int sid = server.sid();
        Ports from = now.get(sid - 1);
        Ports to = later.get(sid - 1);
        assertThat(isBound(from.client)).isTrue();
        assertThat(isBound(from.election)).isTrue();
        String agreed = reconfigure(to.line(sid));
        assertThat(agreed).contains(to.line(sid));
        awaitServing(server);
        await(server + " listens at its new election port").atMost(BOUND).until(() -> isBound(to.election));
        for (int port : List.of(from.client, from.election, from.quorum)) {
            await(server + " has left port " + port).atMost(BOUND).until(() -> !isBound(port));
        }
        awaitWrites();
    }

    /** Through whoever takes it: the leader may be on its way elsewhere, and a server that comes back not in sync yet. */
    private String reconfigure(String joining) throws Exception {
        String everywhere = EnsembleProcess.connectString(ensemble.servers()) + "," + newConnectString();
        ZooKeeperAdmin admin = SuperUser.connect(everywhere);
        try {
            List<String> answers = new ArrayList<>();
            await(joining)
                    .atMost(BOUND)
                    .ignoreExceptionsMatching(failure -> failure instanceof KeeperException.ConnectionLossException
                            || failure instanceof KeeperException.NewConfigNoQuorum
                            || failure instanceof KeeperException.ReconfigInProgress)
                    .until(() -> answers.add(
                            new String(admin.reconfigure(joining, null, null, -1, null), StandardCharsets.UTF_8)));
            return answers.get(0);
        } finally {
            admin.close();
        }
    }

    private String newConnectString() {
        return String.join(
                ",", later.stream().map(ports -> "127.0.0.1:" + ports.client).toList());
    }

    private void awaitServing(ServerProcess server) throws Exception {
        ZooKeeper client = new ZooKeeper(connectString(server), Clients.SESSION_TIMEOUT_MILLIS, event -> {});
        try {
            await(server + " serves at its new client port")
                    .atMost(BOUND)
                    .until(() -> client.getState() == ZooKeeper.States.CONNECTED);
        } finally {
            Clients.close(client);
        }
    }

    private String connectString(ServerProcess server) {
        return "127.0.0.1:" + later.get(server.sid() - 1).client;
    }

    private static boolean isBound(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private void awaitWrites() {
        for (Writer writer : writers) {
            int before = writer.count();
            await("writes to " + writer.path())
                    .atMost(BOUND)
                    .until(() -> writer.count() >= before + WRITTEN_IN_EACH_STEP);
        }
    }

    private void judge() throws Exception {
        Verdict verdict = new Verdict();
        List<String> paths = new ArrayList<>();
        for (Writer writer : writers) {
            writer.stopWriting();
            verdict.requireSession(writer);
            paths.add(writer.ephemeralPath());
            writer.acknowledgedNames().forEach(name -> paths.add(writer.path() + "/" + name));
        }
        SortedMap<String, List<String>> trees = new TreeMap<>();
        for (ServerProcess server : ensemble.servers()) {
            ZooKeeper client = Clients.connect(connectString(server));
            try {
                new RecordingWatcher().drain(client);
                trees.put("server " + server.sid(), TreeDump.withBuiltIn(client));
            } finally {
                Clients.close(client);
            }
            verdict.requireNoDigestComplaint(
                    server.toString(), Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1));
        }
        verdict.requireAll(paths, trees).requireEqual(trees);
        assertThat(verdict.complaints()).isEmpty();
        System.out.println("ports moved: " + ensemble.servers() + ": "
                + writers.stream().mapToInt(Writer::count).sum() + " writes acknowledged, "
                + writers.stream().mapToInt(Writer::losses).sum() + " calls repeated, longest "
                + writers.stream().mapToLong(Writer::longestMillis).max().orElseThrow() + " ms");
    }
}
