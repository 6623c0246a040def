package io.matriarch.compat.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
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
    private static final String WHITELIST = "ruok, stat, mntr, isro, conf";

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private EnsembleProcess apache;
    private EnsembleProcess ours;

    @BeforeAll
    void start() {
        apache = start("apache", Flavour.APACHE);
        ours = start("ours", Servers.ours());
    }

    @Test
    void shortAnswersAreTheSameToTheByte() throws IOException {
        for (String word : List.of("ruok", "isro", "cons", "wchs")) {
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

    private static EnsembleProcess start(String name, Flavour flavour) {
        EnsembleProcess ensemble = SERVERS.create(
                name,
                Collections.nCopies(3, flavour),
                options -> options.withSetting("4lw.commands.whitelist", WHITELIST));
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        return ensemble;
    }

    /** The answer's lines with every number, build and address replaced. */
    private static List<String> shape(ServerProcess server, String word) throws IOException {
        return FourLetterWord.ask(server.clientAddress(), word, BOUND)
                .lines()
                .map(line -> line.replaceFirst("version: (3\\.\\d+\\.\\d+).*, built on .*", "version: $1, built"))
                .map(line -> line.replaceAll("0x[0-9a-f]+", "0xN").replaceAll("-?\\d+(\\.\\d+)?", "N"))
                .toList();
    }

    private static List<String> keys(ServerProcess server, String word, String separator) throws IOException {
        return FourLetterWord.ask(server.clientAddress(), word, BOUND)
                .lines()
                .map(line -> line.split(separator, 2)[0])
                .toList();
    }
}
