package io.matriarch.compat.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.RecordingWatcher;
import io.matriarch.compat.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What monitoring reads: the same words, lines and keys as Apache's server in the same role (operations.md 3). */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FourLetterWordsTest {
    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final String WHITELIST = "ruok, stat, mntr, isro, conf, dump, hash, wchs, wchc, wchp, gtmk, stmk";

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private EnsembleProcess apache;
    private EnsembleProcess ours;

    @BeforeAll
    void start() {
        apache = start("apache", Collections.nCopies(3, Flavour.APACHE));
        ours = start("ours", Collections.nCopies(3, Servers.ours()));
    }

    @Test
    void shortAnswersAreTheSameToTheByte() throws IOException {
        for (String word :
                List.of("ruok", "isro", "cons", "gtmk", "stmk\0\0\0\0\0\0\1\2", "hash", "wchs", "wchc", "wchp")) {
            assertThat(FourLetterWord.ask(ours.leader().clientAddress(), word, BOUND))
                    .as(word)
                    .isEqualTo(FourLetterWord.ask(apache.leader().clientAddress(), word, BOUND));
        }
    }

    @Test
    void srvrHasTheSameLines() throws IOException {
        assertThat(shape(ours.leader(), "srvr")).isEqualTo(shape(apache.leader(), "srvr"));
        assertThat(shape(ours.follower(), "srvr")).isEqualTo(shape(apache.follower(), "srvr"));
    }

    @Test
    void statHasTheSameLines() throws IOException {
        assertThat(shape(ours.follower(), "stat")).isEqualTo(shape(apache.follower(), "stat"));
    }

    @Test
    void confHasTheSameKeys() throws IOException {
        assertThat(keys(ours.follower(), "conf", "=")).isEqualTo(keys(apache.follower(), "conf", "="));
    }

    @Test
    void mntrHasTheKeysThatDashboardsAskFor() throws IOException {
        List<String> common = List.of(
                "zk_version",
                "zk_server_state",
                "zk_peer_state",
                "zk_avg_latency",
                "zk_max_latency",
                "zk_min_latency",
                "zk_packets_received",
                "zk_packets_sent",
                "zk_num_alive_connections",
                "zk_outstanding_requests",
                "zk_znode_count",
                "zk_watch_count",
                "zk_ephemerals_count",
                "zk_approximate_data_size");
        List<String> ofLeader = List.of("zk_learners", "zk_synced_followers");
        for (EnsembleProcess ensemble : List.of(apache, ours)) {
            assertThat(keys(ensemble.follower(), "mntr", "\t")).containsAll(common);
            assertThat(keys(ensemble.leader(), "mntr", "\t"))
                    .containsAll(common)
                    .containsAll(ofLeader);
        }
    }

    @Test
    void sessionsEphemeralsAndWatchesAreShownInTheSameLines() throws Exception {
        for (boolean isLeader : new boolean[] {true, false}) {
            List<String> expected = shown(isLeader ? apache.leader() : apache.follower());
            assertThat(expected)
                    .contains(isLeader ? "Session Sets (N)/(N):" : "Global Sessions(N):", "\t/here", "/", "\tNxN");
            assertThat(shown(isLeader ? ours.leader() : ours.follower())).isEqualTo(expected);
        }
    }

    /** What is shown of one client, each kind of line once. */
    private static List<String> shown(ServerProcess server) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            client.create("/here", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            client.exists("/there", true);
            client.exists("/", true);
            client.getChildren("/zookeeper", true);
            List<String> lines = new ArrayList<>();
            for (String word : List.of("dump", "wchs", "wchc", "wchp")) {
                String answer = FourLetterWord.ask(server.clientAddress(), word, BOUND);
                lines.addAll(normal(answer.replaceAll("expire at .*:\n", "expire:\n"))
                        // Compat: in no order that anybody could rely on.
                        .sorted()
                        .distinct()
                        .toList());
            }
            return lines;
        } finally {
            Clients.close(client);
        }
    }

    @Test
    void hashIsTheSameToTheByteOnUnlikeServersOfOneEnsemble() throws Exception {
        EnsembleProcess mixed = start("mixed", List.of(Flavour.APACHE, Servers.ours()));
        ZooKeeper client = Clients.connect(mixed.connectString());
        try {
            for (int i = 0; i < 300; i++) {
                client.create("/", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
            }
            String expected = hash(mixed.server(1));
            assertThat(expected).hasLineCount(2);
            assertThat(hash(mixed.server(2))).isEqualTo(expected);
        } finally {
            Clients.close(client);
            mixed.close();
        }
    }

    /** Of a server that has applied what was written before. */
    private static String hash(ServerProcess server) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            new RecordingWatcher().drain(client);
            return FourLetterWord.ask(server.clientAddress(), "hash", BOUND);
        } finally {
            Clients.close(client);
        }
    }

    private static EnsembleProcess start(String name, List<Flavour> flavours) {
        EnsembleProcess ensemble =
                SERVERS.create(name, flavours, options -> options.withSetting("4lw.commands.whitelist", WHITELIST));
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        return ensemble;
    }

    /** The answer's lines with every number, build and address replaced. */
    private static List<String> shape(ServerProcess server, String word) throws IOException {
        return normal(FourLetterWord.ask(server.clientAddress(), word, BOUND)).toList();
    }

    private static Stream<String> normal(String answer) {
        return answer.lines()
                .map(line -> line.replaceFirst("version: (3\\.\\d+\\.\\d+).*, built on .*", "version: $1, built"))
                .map(line -> line.replaceAll("0x[0-9a-f]+", "0xN").replaceAll("-?\\d+(\\.\\d+)?", "N"));
    }

    private static List<String> keys(ServerProcess server, String word, String separator) throws IOException {
        return FourLetterWord.ask(server.clientAddress(), word, BOUND)
                .lines()
                .map(line -> line.split(separator, 2)[0])
                .toList();
    }
}
