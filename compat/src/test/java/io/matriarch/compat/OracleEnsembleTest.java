package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
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

/** election.md 3.9 and D14 with Apache's server as the other one: each of two goes on alone when its file says so. */
@Timeout(240)
class OracleEnsembleTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String FILE = "mastership";

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of("ours first", List.of(Servers.ours(), Flavour.APACHE)),
                Arguments.of("Apaches first", List.of(Flavour.APACHE, Servers.ours())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void eachGoesOnAloneWhenItsFileSaysSoAndTheOtherCatchesUp(String name, List<Flavour> flavours) throws Exception {
        EnsembleProcess pair = SERVERS.create(
                name.replace(' ', '-'), flavours, options -> options.withSetting("oraclePath", "./" + FILE));
        for (ServerProcess server : pair.servers()) {
            say(server, '0');
        }
        pair.startAll();
        pair.awaitServing(BOUND);
        write(pair.server(1), "/together");
        goesOnWithout(pair, pair.server(1), pair.server(2), "/without-2");
        goesOnWithout(pair, pair.server(2), pair.server(1), "/without-1");
        List<String> first = dump(pair.server(1));
        assertThat(first).anyMatch(line -> line.startsWith("/together "));
        assertThat(first).anyMatch(line -> line.startsWith("/without-2 "));
        assertThat(first).anyMatch(line -> line.startsWith("/without-1 "));
        assertThat(dump(pair.server(2))).isEqualTo(first);
        pair.close();
    }

    private static void goesOnWithout(EnsembleProcess pair, ServerProcess left, ServerProcess gone, String path)
            throws Exception {
        gone.kill();
        await(left + " does not serve alone while its file says 0")
                .atMost(BOUND)
                .until(() -> left.status().isEmpty());
        say(left, '1');
        left.awaitServing(BOUND);
        write(left, path);
        gone.start();
        pair.awaitServing(BOUND);
        say(left, '0');
        write(gone, path + "-together");
    }

    private static void say(ServerProcess server, char word) throws IOException {
        Files.writeString(server.directory().resolve(FILE), word + "\n");
    }

    private static void write(ServerProcess server, String path) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            client.create(
                    path, path.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
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
