package io.matriarch.compat.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every table of the script comes to the same on ours as on Apache's server, step by step. Apache's standalone server is the oracle;
 * ours answers standalone and as a follower of three. All run live. What Apache answered stays in target/transcripts.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private final Map<String, List<Step>> tables = new LinkedHashMap<>();
    private final Map<String, List<String>> expected = new LinkedHashMap<>();
    private final Map<ServerProcess, Map<String, List<String>>> actual = new LinkedHashMap<>();
    private ServerProcess apache;
    private ServerProcess standalone;
    private ServerProcess follower;

    @BeforeAll
    void start() throws Exception {
        tables.put("a fresh tree", ZnodeSteps.fresh());
        tables.put("creating", ZnodeSteps.creating());
        tables.put("changing", ZnodeSteps.changing());
        tables.put("counting", ZnodeSteps.counting());
        tables.put("multi", MultiSteps.steps());
        tables.put("multi that reads", MultiSteps.reading());
        tables.put("one-shot watches", WatchSteps.oneShot());
        tables.put("removing watches", WatchSteps.removing());
        tables.put("persistent watches", WatchSteps.persistent());
        tables.put("access for the world", AclSteps.world());
        tables.put("access by identity", AclSteps.digest());

        apache = SERVERS.start("apache", List.of(Flavour.APACHE)).server(1);
        Path transcripts = Files.createDirectories(Path.of("target", "transcripts"));
        for (Map.Entry<String, List<Step>> table : tables.entrySet()) {
            List<String> transcript = Stage.play(table.getValue(), connectString(apache));
            Files.write(transcripts.resolve(table.getKey() + ".txt"), transcript);
            expected.put(table.getKey(), transcript);
        }
        standalone = SERVERS.start("standalone", List.of(Servers.ours())).server(1);
        EnsembleProcess ensemble = SERVERS.start("ensemble", Collections.nCopies(3, Servers.ours()));
        follower = ensemble.follower();
        // Before anything else: some steps ask for a server that has served nobody.
        for (ServerProcess server : List.of(standalone, follower)) {
            Map<String, List<String>> transcriptsOfOne = new LinkedHashMap<>();
            for (Map.Entry<String, List<Step>> table : tables.entrySet()) {
                transcriptsOfOne.put(table.getKey(), Stage.play(table.getValue(), connectString(server)));
            }
            actual.put(server, transcriptsOfOne);
        }
    }

    @Test
    void theOracleAnswersAsTheSpecificationSays() {
        assertThat(expected.get("creating"))
                .contains(
                        "S1: its stat -> stat version=0 cversion=0 aversion=0 owner=none length=3 children=0"
                                + " mzxid=czxid pzxid=czxid",
                        "create what exists -> NODEEXISTS",
                        "K7: a child of it -> NOCHILDRENFOREPHEMERALS");
        assertThat(expected.get("multi"))
                .contains("M2: a check that fails, then create"
                        + " -> [BADVERSION, [error BADVERSION, error RUNTIMEINCONSISTENCY]]");
        assertThat(expected.get("one-shot watches"))
                .contains("W3: created and the parent's children"
                        + " -> [NodeCreated /watch/y, NodeChildrenChanged /watch]");
    }

    @TestFactory
    Stream<DynamicTest> standaloneAnswersAsApacheDoes() {
        return sameOutcomes(standalone);
    }

    @TestFactory
    Stream<DynamicTest> followerAnswersAsApacheDoes() {
        return sameOutcomes(follower);
    }

    @Test
    void bytesAreAnsweredAsApacheDoes() throws Exception {
        List<String> fromApache = RawSteps.play(apache.clientAddress());
        Files.write(Path.of("target", "transcripts", "bytes.txt"), fromApache);
        assertSame(RawSteps.play(standalone.clientAddress()), fromApache);
        assertSame(RawSteps.play(follower.clientAddress()), fromApache);
    }

    private Stream<DynamicTest> sameOutcomes(ServerProcess server) {
        return tables.keySet().stream()
                .map(table -> DynamicTest.dynamicTest(
                        table, () -> assertSame(actual.get(server).get(table), expected.get(table))));
    }

    /** Names only the steps that came to something else. */
    private static void assertSame(List<String> ours, List<String> apaches) {
        assertThat(ours).hasSameSizeAs(apaches);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < apaches.size(); i++) {
            if (!ours.get(i).equals(apaches.get(i))) {
                differences.add("Apache: " + apaches.get(i) + "\n  ours: " + ours.get(i));
            }
        }
        assertThat(differences).isEmpty();
    }

    static String connectString(ServerProcess server) {
        return EnsembleProcess.connectString(List.of(server));
    }
}
