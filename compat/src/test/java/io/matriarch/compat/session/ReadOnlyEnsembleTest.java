package io.matriarch.compat.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.RecordingWatcher;
import io.matriarch.compat.Servers;
import io.matriarch.wire.client.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that is left alone serves readers, until it is not alone any more: R1 to R3, in the order of Apache's own. */
@Timeout(180)
class ReadOnlyEnsembleTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void oursServesReadersAsApacheDoesAndLetsThemGoWhenTheQuorumReturns() throws Exception {
        List<String> apaches = story("apache", List.of(Flavour.APACHE, Flavour.APACHE, Flavour.APACHE), 3);
        assertThat(apaches)
                .contains("isro -> ro", "Mode: read-only", "create -> NOTREADONLY", "getData -> quorum")
                .endsWith("states -> [ConnectedReadOnly, Disconnected, SyncConnected]", "create -> ok");
        Flavour ours = Servers.ours();
        assertThat(story("ours", List.of(ours, ours, ours), 3)).isEqualTo(apaches);
        assertThat(story("ours-beside-apaches", List.of(Flavour.APACHE, ours, Flavour.APACHE), 2))
                .isEqualTo(apaches);
    }

    @Test
    void anObserverServesReadersToo() throws Exception {
        Flavour ours = Servers.ours();
        EnsembleProcess ensemble =
                SERVERS.create("observer", List.of(ours, ours, ours), options -> options.withObservers(Set.of(3))
                        .withJvmFlag("-Dreadonlymode.enabled=true"));
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        leaveAlone(ensemble, 3);
        assertThat(ask(ensemble.server(3), "isro")).isEqualTo("ro");
        ensemble.close();
    }

    private static List<String> story(String name, List<Flavour> flavours, int survivor) throws Exception {
        EnsembleProcess ensemble =
                SERVERS.create(name, flavours, options -> options.withSetting("localSessionsEnabled", "true")
                        .withJvmFlag("-Dreadonlymode.enabled=true"));
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        ZooKeeper author = Clients.connect(ensemble.connectString());
        author.create(
                "/r", "quorum".getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Clients.close(author);
        ServerProcess alone = leaveAlone(ensemble, survivor);
        List<String> lines = new ArrayList<>(asOperatorsSee(alone));
        lines.addAll(asFramesSee(alone));
        lines.addAll(asAReaderSees(ensemble));
        ensemble.close();
        return lines;
    }

    private static ServerProcess leaveAlone(EnsembleProcess ensemble, int survivor) {
        ServerProcess alone = ensemble.server(survivor);
        ensemble.servers().stream().filter(server -> server != alone).forEach(ServerProcess::kill);
        await("read-only service").atMost(Clients.SERVING_BOUND).until(() -> "ro".equals(ask(alone, "isro")));
        return alone;
    }

    private static List<String> asOperatorsSee(ServerProcess alone) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("isro -> " + ask(alone, "isro"));
        ask(alone, "srvr")
                .lines()
                .filter(line -> line.startsWith("READ-ONLY") || line.startsWith("Mode") || line.startsWith("Conn"))
                .forEach(lines::add);
        ask(alone, "mntr")
                .lines()
                .filter(line -> line.matches("zk_(server_state|peer_state|global_sessions|local_sessions)\t.*"))
                .sorted()
                .forEach(lines::add);
        return lines;
    }

    private static List<String> asFramesSee(ServerProcess alone) throws IOException {
        List<String> lines = new ArrayList<>();
        try (FrameClient plain = new FrameClient(alone)) {
            lines.add("a client that wants to write -> " + plain.opens(false));
        }
        try (FrameClient reader = new FrameClient(alone)) {
            lines.add("a reader -> " + reader.opens(true));
            // Apache's refusals overtake earlier answers when all is asked at once; so one by one.
            List<Request> requests = List.of(
                    new Request.GetData("/r", true),
                    new Request.SetData("/r", null, -1),
                    FrameClient.create("/x", 1),
                    new Request.Sync("/"),
                    new Request.Multi(List.of(new Request.Delete("/r", -1))),
                    new Request.Exists("/none", true),
                    new Request.CloseSession());
            for (Request request : requests) {
                lines.add(request.getClass().getSimpleName() + " -> " + reader.asks(request));
            }
            lines.add("is closed -> " + reader.isClosedByServer());
        }
        return lines;
    }

    private static List<String> asAReaderSees(EnsembleProcess ensemble) throws Exception {
        List<String> lines = new ArrayList<>();
        RecordingWatcher watcher = new RecordingWatcher();
        ZooKeeper reader = new ZooKeeper(ensemble.connectString(), Clients.SESSION_TIMEOUT_MILLIS, watcher, true);
        await().atMost(Clients.SERVING_BOUND).until(() -> reader.getState() == ZooKeeper.States.CONNECTEDREADONLY);
        long session = reader.getSessionId();
        lines.add("getData -> " + new String(reader.getData("/r", false, null), StandardCharsets.UTF_8));
        lines.add("create -> " + outcomeOfCreate(reader, "/x"));
        ensemble.startAll();
        await("a server that writes")
                .atMost(Duration.ofSeconds(60))
                .until(() -> reader.getState() == ZooKeeper.States.CONNECTED);
        lines.add("the session -> " + (reader.getSessionId() == session ? "same" : "another"));
        lines.add("states -> " + watcher.states());
        lines.add("create -> " + outcomeOfCreate(reader, "/y"));
        Clients.close(reader);
        return lines;
    }

    private static String outcomeOfCreate(ZooKeeper client, String path) throws InterruptedException {
        try {
            client.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            return "ok";
        } catch (KeeperException e) {
            return e.code().name();
        }
    }

    private static String ask(ServerProcess server, String word) throws IOException {
        return FourLetterWord.ask(server.clientAddress(), word, Duration.ofSeconds(5));
    }
}
