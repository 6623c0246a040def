package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Verdict.Check;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every check of the matrix reports the fault that is planted for it, by its name, and nothing else. */
@Timeout(90)
class PlantedFaultsTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    /**
     * The log of an Apache follower is changed while it is down: it takes what it finds for its own history, and is given only what came
     * after it.
     */
    @Test
    void whatIsChangedInOneServersLogIsReported() throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                "tampered", List.of(Servers.ours(), Flavour.APACHE, Flavour.APACHE), UnaryOperator.identity());
        // Apache's leads, so that transactions carry digests whatever ours does.
        ensemble.server(2).start();
        ensemble.server(3).start();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        ServerProcess victim = ensemble.server(2);
        List<String> written = List.of("/untouched", "/lost-write", "/data", "/time", "/acl");
        ZooKeeper client = Clients.connect(ensemble.connectString());
        try {
            for (String path : written) {
                byte[] data = ("of " + path).getBytes(StandardCharsets.UTF_8);
                client.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
            SortedMap<String, List<String>> before = KillsInTurn.trees(ensemble);
            assertThat(new Verdict()
                            .requireAll(written, before)
                            .requireEqual(before)
                            .complaints())
                    .isEmpty();

            victim.kill();
            Path version2 = victim.directory().resolve("data").resolve("version-2");
            LogTampering.replace(version2, "/lost-write", "/lost-other");
            LogTampering.replace(version2, "of /data", "of /tada");
            LogTampering.moveTime(version2, "/time", 1);
            LogTampering.replace(version2, "of /acl\0\0\0\1\0\0\0\37", "of /acl\0\0\0\1\0\0\0\17");
            victim.start();
            ensemble.awaitServing(Clients.SERVING_BOUND);
        } finally {
            Clients.close(client);
        }

        SortedMap<String, List<String>> trees = KillsInTurn.trees(ensemble);
        Verdict verdict = new Verdict().requireAll(written, trees).requireEqual(trees);
        for (ServerProcess server : ensemble.servers()) {
            verdict.requireNoDigestComplaint(
                    server.toString(), Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1));
        }
        String where = "server " + victim.sid();
        assertThat(verdict.of(Check.LOST)).containsExactly("/lost-write at " + where);
        assertThat(verdict.of(Check.DIFFERING))
                .extracting(text -> text.split("\n", 2)[0])
                .containsExactly("/acl", "/data", "/lost-other", "/lost-write", "/time");
        assertThat(verdict.of(Check.DIFFERING))
                .anySatisfy(text -> assertThat(text).contains("'of /data'", where + ": 'of /tada'"));
        assertThat(verdict.of(Check.DIGEST)).isNotEmpty().allMatch(text -> text.startsWith(victim.toString()));
    }

    @Test
    void aWriteThatNoServerHasIsReported() {
        SortedMap<String, List<String>> trees = new TreeMap<>();
        trees.put("server 1", List.of("/ ''", "/first ''", "/first/000001 'x'"));
        Verdict verdict = new Verdict().requireAll(List.of("/first/000001", "/first/000002"), trees);
        assertThat(verdict.complaints()).hasToString("[LOST: /first/000002 at server 1]");
    }

    @Test
    void aSessionThatEndedIsReported() throws Exception {
        EnsembleProcess ensemble = SERVERS.start("session", List.of(Servers.ours()));
        try (Writer writer = new Writer(ensemble.connectString(), "/writer")) {
            assertThat(new Verdict().requireSession(writer).complaints()).isEmpty();
            writer.expireSession(ensemble.connectString());
            assertThat(new Verdict().requireSession(writer).of(Check.SESSION))
                    .singleElement()
                    .asString()
                    .startsWith("/writer: ");
        }
    }

    @Test
    void aRoleThatWasNeverTakenIsReported() {
        Verdict verdict = new Verdict().requireRoles(Flavour.APACHE, Set.of("follower"), List.of("leader", "follower"));
        assertThat(verdict.of(Check.ROLE))
                .containsExactly("Apache ZooKeeper was never seen as leader, only as [follower]");
    }
}
