package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The lead passes on while clients write: by a wish, because a leader stops, because it falls silent. Nobody is told an error that it
 * was not told before: while the lead is handed over no connection is lost.
 */
@Timeout(180)
class PlannedChangesTest {
    /** Far below syncLimit ticks, and far above what it takes on an idle machine. */
    private static final int SILENCE_MILLIS = 4_000;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private static EnsembleProcess ensemble(String name, List<Flavour> flavours) {
        return SERVERS.start(name, flavours);
    }

    /** One writer through each server, which stay with that server. */
    private static List<Writer> writers(EnsembleProcess ensemble, List<ServerProcess> servers) throws Exception {
        List<Writer> writers = new ArrayList<>();
        for (ServerProcess server : servers) {
            writers.add(new Writer(EnsembleProcess.connectString(List.of(server)), "/writer-" + server.sid()));
        }
        awaitWrites(writers, 50);
        assertThat(ensemble.servers()).hasSizeGreaterThan(2);
        return writers;
    }

    private static void awaitWrites(List<Writer> writers, int more) {
        for (Writer writer : writers) {
            int before = writer.count();
            Awaitility.await("writes of " + writer.path())
                    .atMost(Clients.SERVING_BOUND)
                    .until(() -> writer.count() >= before + more);
        }
    }

    private static void awaitLeader(ServerProcess server) {
        Awaitility.await("server " + server.sid() + " leads")
                .atMost(Clients.SERVING_BOUND)
                .until(() -> server.status().filter(status -> status.isLeader()).isPresent());
    }

    private static void tell(String what, List<Writer> writers) {
        for (Writer writer : writers) {
            System.out.println(what + ": slowest write of " + writer.path() + " " + writer.longestMillis() + " ms, "
                    + writer.losses() + " lost connections, " + writer.count() + " writes");
        }
    }

    private static void signal(ServerProcess server, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    @Test
    void aChosenServerLeadsAndNoClientLosesItsConnection() throws Exception {
        EnsembleProcess ensemble = ensemble("wish", Collections.nCopies(3, Flavour.MATRIARCH));
        List<Writer> writers = writers(ensemble, ensemble.servers());
        for (int i = 0; i < 4; i++) {
            ServerProcess target = ensemble.follower();
            ServerProcess asked = ensemble.server(1 + i % 3);
            CommandRun run = CommandRun.of(
                    "ensemble",
                    "transfer-leader",
                    "--to",
                    Integer.toString(target.sid()),
                    "--servers",
                    EnsembleProcess.connectString(List.of(asked)));
            System.out.println(run.text());
            assertThat(run.exit()).as(run.text()).isZero();
            awaitLeader(target);
            awaitWrites(writers, 50);
        }
        tell("transfer", writers);
        assertThat(writers).allSatisfy(writer -> assertThat(writer.losses()).isZero());
        assertThat(writers).allSatisfy(writer -> assertThat(writer.reconnects()).isZero());
        writers.forEach(Writer::close);
    }

    @Test
    void aLeaderThatStopsHandsOverAndClientsOfTheOthersNoticeNothing() throws Exception {
        EnsembleProcess ensemble = ensemble("stop", Collections.nCopies(3, Flavour.MATRIARCH));
        ServerProcess leader = ensemble.leader();
        List<ServerProcess> others =
                ensemble.servers().stream().filter(server -> server != leader).toList();
        List<Writer> writers = writers(ensemble, others);
        leader.stop();
        awaitWrites(writers, 50);
        tell("stop", writers);
        assertThat(writers).allSatisfy(writer -> assertThat(writer.losses()).isZero());
        assertThat(Files.readString(leader.log())).contains("asked to stop");
        writers.forEach(Writer::close);
    }

    @Test
    void aPausedLeaderIsReplacedLongBeforeSyncLimitAndComesBackAsAFollower() throws Exception {
        EnsembleProcess ensemble = ensemble("pause", Collections.nCopies(3, Flavour.MATRIARCH));
        ServerProcess leader = ensemble.leader();
        List<ServerProcess> others =
                ensemble.servers().stream().filter(server -> server != leader).toList();
        List<Writer> writers = writers(ensemble, others);
        signal(leader, "STOP");
        awaitWrites(writers, 50);
        tell("pause", writers);
        signal(leader, "CONT");
        assertThat(writers)
                .allSatisfy(writer -> assertThat(writer.longestMillis()).isLessThan(SILENCE_MILLIS));
        // It says that it leads until it has found out that nobody follows; it answers no client meanwhile.
        Awaitility.await("server " + leader.sid() + " follows")
                .atMost(Clients.SERVING_BOUND)
                .until(() ->
                        leader.status().filter(status -> status.isFollower()).isPresent());
        assertThat(ensemble.leader()).isNotSameAs(leader);
        writers.forEach(Writer::close);
    }

    /** Ours say in their first word that they know heartbeats and hand-overs; an Apache server takes no notice, and is sent nothing new. */
    @Test
    void anApacheMemberIsNotDisturbedByAnyOfIt() throws Exception {
        EnsembleProcess ensemble = ensemble("mixed", List.of(Flavour.APACHE, Flavour.MATRIARCH, Flavour.MATRIARCH));
        ServerProcess apache = ensemble.server(1);
        ServerProcess leader = ensemble.leader();
        assertThat(leader.flavour()).isEqualTo(Flavour.MATRIARCH);
        ServerProcess target = ensemble.server(leader.sid() == 2 ? 3 : 2);
        List<Writer> writers = writers(ensemble, List.of(apache, target));
        CommandRun refused = CommandRun.of(
                "ensemble",
                "transfer-leader",
                "--to",
                "1",
                "--servers",
                EnsembleProcess.connectString(List.of(target)));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text()).contains("server 1 cannot take the lead");
        CommandRun run = CommandRun.of(
                "ensemble",
                "transfer-leader",
                "--to",
                Integer.toString(target.sid()),
                "--servers",
                EnsembleProcess.connectString(List.of(target)));
        System.out.println(run.text());
        assertThat(run.exit()).as(run.text()).isZero();
        awaitLeader(target);
        awaitWrites(writers, 50);
        tell("mixed", writers);
        Awaitility.await("Apache's server follows")
                .atMost(Duration.ofSeconds(30))
                .until(() -> apache.status().isPresent());
        assertThat(Files.readString(apache.log())).doesNotContain("nknown packet");
        writers.forEach(Writer::close);
    }
}
