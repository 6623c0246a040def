package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code bin/matriarch ensemble verify} at ensembles of both sides: it says "equal" under load, and where not. */
@Timeout(120)
class EnsembleVerifyTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void anApacheLeadersEnsembleIsEqualUntilAFollowersLogIsChanged() throws Exception {
        EnsembleProcess ensemble = apacheLed("apache-led");
        ServerProcess victim = ensemble.server(2);
        String servers = ensemble.connectString();
        for (String path : List.of("/data", "/time", "/acl")) {
            create(ensemble, path);
        }
        try (Writer writer = new Writer(servers, "/writer")) {
            CommandRun byDigest = CommandRun.of("ensemble", "verify", "--servers", servers);
            assertThat(byDigest.exit()).as(byDigest.text()).isZero();
            assertThat(byDigest.text())
                    .contains("server 3, in epoch", "digest equal after each of the ", "\nequal at zxid 0x");
            assertEqualInFull(ensemble);
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).isTrue();
        }

        victim.kill();
        Path version2 = victim.directory().resolve("data").resolve("version-2");
        LogTampering.replace(version2, "of /data", "of /tada");
        LogTampering.moveTime(version2, "of /time", 1);
        LogTampering.replace(version2, "of /acl\0\0\0\1\0\0\0\37", "of /acl\0\0\0\1\0\0\0\17");
        victim.start();
        ensemble.awaitServing(Clients.SERVING_BOUND);

        CommandRun differing = CommandRun.of("ensemble", "verify", "--servers", servers, "--full");
        assertThat(differing.exit()).as(differing.text()).isEqualTo(1);
        assertThat(differing.text())
                .contains("127.0.0.1:" + victim.clientAddress().getPort() + " DIFFERS (3) at 0x")
                .contains("  /acl  ACL", "  /data  data", "  /time  Stat", "NOT EQUAL at zxid")
                .contains("at the leader  \"of /data\"", "here           \"of /tada\"");
        CommandRun asJson = CommandRun.of("ensemble", "verify", "--servers", servers, "--full", "--json");
        assertThat(asJson.exit()).isEqualTo(1);
        assertThat(asJson.output()).allMatch(line -> line.startsWith("{\"kind\":\""));

        ensemble.server(1).kill();
        ensemble.server(3).kill();
        CommandRun alone = CommandRun.of("ensemble", "verify", "--config", victim.directory() + "/zoo.cfg");
        assertThat(alone.exit()).as(alone.text()).isEqualTo(2);
        assertThat(alone.text()).contains("no leader found");
    }

    @Test
    void ourLeadersEnsembleIsEqualUnderLoad() throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                "ours-led", List.of(Flavour.APACHE, Servers.ours(), Servers.ours()), UnaryOperator.identity());
        startLedByLast(ensemble);
        create(ensemble, "/data");
        try (Writer writer = new Writer(ensemble.connectString(), "/writer")) {
            assertEqualInFull(ensemble);
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).isTrue();
        }
    }

    private static void assertEqualInFull(EnsembleProcess ensemble) throws Exception {
        CommandRun run = CommandRun.of("ensemble", "verify", "--servers", ensemble.connectString(), "--full");
        assertThat(run.exit()).as(run.text()).isZero();
        for (ServerProcess server : ensemble.servers()) {
            assertThat(run.text())
                    .contains("127.0.0.1:" + server.clientAddress().getPort() + " equal at 0x");
        }
    }

    private static EnsembleProcess apacheLed(String name) {
        EnsembleProcess ensemble =
                SERVERS.create(name, List.of(Servers.ours(), Flavour.APACHE, Flavour.APACHE), UnaryOperator.identity());
        startLedByLast(ensemble);
        return ensemble;
    }

    private static void startLedByLast(EnsembleProcess ensemble) {
        ensemble.server(2).start();
        ensemble.server(3).start();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
    }

    private static void create(EnsembleProcess ensemble, String path) throws Exception {
        ZooKeeper client = Clients.connect(ensemble.connectString());
        try {
            byte[] data = ("of " + path).getBytes(StandardCharsets.UTF_8);
            client.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } finally {
            Clients.close(client);
        }
    }
}
