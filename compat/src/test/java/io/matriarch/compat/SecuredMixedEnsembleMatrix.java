package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ours and Apache's servers in one ensemble whose links are secured (election.md 1.9 and 1.10, zab.md 2.2 and 2.3). */
@Timeout(300)
class SecuredMixedEnsembleMatrix {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    /** Starting TLS takes a JVM that has just begun many times the work of starting without. */
    static final Duration BOUND = Duration.ofSeconds(90);

    private static PeerSecurity security;

    @BeforeAll
    static void makeKeys() throws Exception {
        security = new PeerSecurity(Path.of("target", "compat", "SecuredMixedEnsembleMatrix-keys"));
    }

    static Stream<Arguments> mixtures() {
        List<Flavour> mostlyOurs = List.of(Servers.ours(), Servers.ours(), Flavour.APACHE);
        List<Flavour> mostlyApaches = List.of(Flavour.APACHE, Flavour.APACHE, Servers.ours());
        UnaryOperator<EnsembleOptions> tls = options -> security.withTls(options);
        UnaryOperator<EnsembleOptions> sasl = options -> security.withSasl(options);
        UnaryOperator<EnsembleOptions> both = options -> security.withSasl(security.withTls(options));
        return Stream.of(
                Arguments.of("TLS, two of ours", mostlyOurs, tls),
                Arguments.of("TLS, two of Apache's", mostlyApaches, tls),
                Arguments.of("SASL, two of ours", mostlyOurs, sasl),
                Arguments.of("TLS and SASL, two of Apache's", mostlyApaches, both));
    }

    /** The two smallest of three are killed in turn while they lead, so that each kind leads once. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void electsReplicatesAndOutlivesItsLeaders(
            String name, List<Flavour> flavours, UnaryOperator<EnsembleOptions> secured) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(name.replaceAll("[^A-Za-z]+", "-"), flavours, secured);
        ensemble.startAll();
        ensemble.awaitServing(BOUND);
        try (Writer writer = new Writer(ensemble.connectString(), "/written")) {
            writeThroughEach(ensemble, "0");
            for (int round = 1; round <= 2; round++) {
                ServerProcess leader = ensemble.leader();
                int before = writer.count();
                leader.kill();
                await("writes go on after the loss of %s".formatted(leader))
                        .atMost(BOUND)
                        .until(() -> writer.count() > before + 20);
                leader.start();
                ensemble.awaitServing(BOUND);
                writeThroughEach(ensemble, "" + round);
            }
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).isTrue();
            assertThat(writer.count()).isGreaterThan(40);
        }
        List<String> first = dump(ensemble.server(1));
        assertThat(dump(ensemble.server(2))).isEqualTo(first);
        assertThat(dump(ensemble.server(3))).isEqualTo(first);
        ensemble.close();
    }

    /** portUnification on, then sslQuorum on, then portUnification off, one server at a time, while a client writes. */
    @Test
    void tlsIsRolledOutUnderLoad() throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                "rolled-out", List.of(Servers.ours(), Flavour.APACHE, Servers.ours()), security::withStores);
        ensemble.startAll();
        ensemble.awaitServing(BOUND);
        try (Writer writer = new Writer(ensemble.connectString(), "/written")) {
            PeerSecurity.rollOut(ensemble, Map.of("portUnification", "true"));
            PeerSecurity.rollOut(ensemble, Map.of("sslQuorum", "true"));
            Map<String, String> last = new LinkedHashMap<>();
            last.put("portUnification", "false");
            PeerSecurity.rollOut(ensemble, last);
            int before = writer.count();
            await("writes go on").atMost(BOUND).until(() -> writer.count() > before + 20);
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).isTrue();
        }
        ensemble.close();
    }

    /** A server of ours that does not know the password never gets in, and the others do not mind. */
    @Test
    void serverWithoutThePasswordStaysOut() throws Exception {
        EnsembleProcess ensemble =
                SERVERS.create("stranger", List.of(Servers.ours(), Flavour.APACHE, Servers.ours()), security::withSasl);
        PeerSecurity.reconfigure(
                ensemble.server(3),
                Map.of("quorum.auth.learnerRequireSasl", "false", "quorum.auth.serverRequireSasl", "false"));
        ensemble.startAll();
        for (int sid = 1; sid <= 2; sid++) {
            ServerProcess server = ensemble.server(sid);
            await("server " + sid + " serves").atMost(BOUND).until(() -> server.status()
                    .isPresent());
        }
        ServerProcess stranger = ensemble.server(3);
        await("the stranger is alone")
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> stranger.isAlive() && stranger.status().isEmpty());
        ensemble.close();
    }

    private static void writeThroughEach(EnsembleProcess ensemble, String round) throws Exception {
        for (ServerProcess server : ensemble.servers()) {
            ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
            try {
                String path = "/through-" + server.sid() + "-in-" + round;
                client.create(path, new byte[] {1}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                client.setData(path, new byte[] {2}, 0);
            } finally {
                Clients.close(client);
            }
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
