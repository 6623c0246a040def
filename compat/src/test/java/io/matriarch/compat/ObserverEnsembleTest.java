package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.ensemble.ServerStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Observers of ours under Apache's leaders and Apache's under ours: the last server of each ensemble observes. */
@Timeout(120)
class ObserverEnsembleTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    static Stream<Arguments> mixtures() {
        Flavour ours = Servers.ours();
        Flavour apache = Flavour.APACHE;
        return Stream.of(
                Arguments.of("ours observes two of ours and one of Apache's", List.of(ours, ours, apache, ours)),
                Arguments.of("ours observes Apache's", List.of(apache, apache, ours)),
                Arguments.of("Apache's observes ours", List.of(ours, ours, apache)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void servesThroughTheObserverAndOutlivesLeaderAndObserver(String name, List<Flavour> flavours) throws Exception {
        int last = flavours.size();
        EnsembleProcess ensemble = SERVERS.create(
                name.replaceAll("[^a-z]+", "-"), flavours, options -> options.withObservers(Set.of(last)));
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        ServerProcess observer = ensemble.server(last);
        try (Writer writer =
                new Writer(EnsembleProcess.connectString(ensemble.servers().subList(0, last - 1)), "/w")) {
            writeThrough(observer, "/first");
            ServerProcess leader = ensemble.leader();
            leader.kill();
            leader.start();
            ensemble.awaitServing(Clients.SERVING_BOUND);
            writeThrough(observer, "/after-the-leader");
            observer.kill();
            int before = writer.count();
            await("writes go on without the observer")
                    .atMost(Clients.SERVING_BOUND)
                    .until(() -> writer.count() > before + 20);
            observer.start();
            ensemble.awaitServing(Clients.SERVING_BOUND);
            writeThrough(observer, "/after-the-observer");
            assertThat(observer.status().map(ServerStatus::mode)).contains("observer");
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).isTrue();
        }
        List<String> voters = dump(ensemble.server(1));
        assertThat(voters).anyMatch(line -> line.startsWith("/after-the-observer "));
        assertThat(dump(observer)).isEqualTo(voters);
        ensemble.close();
    }

    private static void writeThrough(ServerProcess server, String path) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            client.create(
                    path, path.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.setData(path, new byte[] {1}, 0);
        } finally {
            Clients.close(client);
        }
    }

    private static List<String> dump(ServerProcess server) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            new RecordingWatcher().drain(client);
            return TreeDump.of(client);
        } finally {
            Clients.close(client);
        }
    }
}
