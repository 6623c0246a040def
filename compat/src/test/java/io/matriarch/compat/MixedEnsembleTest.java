package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ours and Apache's servers in one ensemble, in both majorities, each leading in its turn. */
@Timeout(120)
class MixedEnsembleTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    static Stream<Arguments> mixtures() {
        Flavour ours = Servers.ours();
        return Stream.of(
                Arguments.of("two of ours, one of Apache's", List.of(ours, ours, Flavour.APACHE)),
                Arguments.of("one of ours, two of Apache's", List.of(Flavour.APACHE, Flavour.APACHE, ours)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void formsElectsReplicatesAndOutlivesEachLeader(String name, List<Flavour> flavours) throws Exception {
        EnsembleProcess ensemble = SERVERS.start(name.replaceAll("[^a-z]+", "-"), flavours);
        try (Writer writer = new Writer(ensemble.connectString(), "/written")) {
            writeThroughEach(ensemble, "0");
            for (int round = 1; round <= 2; round++) {
                ServerProcess leader = ensemble.leader();
                int before = writer.count();
                leader.kill();
                await("writes go on after the loss of %s".formatted(leader))
                        .atMost(Clients.SERVING_BOUND)
                        .until(() -> writer.count() > before + 20);
                leader.start();
                ensemble.awaitServing(Clients.SERVING_BOUND);
                writeThroughEach(ensemble, "" + round);
            }
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).isTrue();
            assertAllHoldTheSame(ensemble, writer);
        } finally {
            ensemble.close();
        }
    }

    private static void writeThroughEach(EnsembleProcess ensemble, String round) throws Exception {
        for (ServerProcess server : ensemble.servers()) {
            ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
            try {
                String path = "/through-" + server.sid() + "-in-" + round;
                client.create(
                        path,
                        path.getBytes(StandardCharsets.UTF_8),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT);
                client.setData(path, new byte[] {1}, 0);
            } finally {
                Clients.close(client);
            }
        }
    }

    private static void assertAllHoldTheSame(EnsembleProcess ensemble, Writer writer) throws Exception {
        List<String> first = dump(ensemble.server(1));
        assertThat(first).hasSizeGreaterThan(writer.count());
        for (String name : writer.acknowledgedNames()) {
            assertThat(first).anyMatch(line -> line.startsWith(writer.path() + "/" + name + " "));
        }
        assertThat(dump(ensemble.server(2))).isEqualTo(first);
        assertThat(dump(ensemble.server(3))).isEqualTo(first);
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
