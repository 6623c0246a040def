package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.ensemble.ServerStatus;
import io.matriarch.compat.Servers;
import io.matriarch.compat.history.JudgedClients;
import io.matriarch.sim.history.HistoryReport;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SIGSTOP, and SIGCONT some time later: others lead meanwhile, clients of theirs go on, and whoever led before shows nobody what is not
 * true any more.
 */
@Timeout(600)
class PauseFaults {
    private static final int CLIENTS = 5;
    private static final int REPLIES = 100;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @ParameterizedTest
    @CsvSource({"leader, 300", "leader, 2000", "leader, 15000", "follower, 300", "follower, 2000", "follower, 15000"})
    void nobodyIsShownWhatIsNotTrueAnyMore(String role, int pauseMillis) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                role + "-" + pauseMillis, Collections.nCopies(3, Servers.ours()), UnaryOperator.identity());
        ensemble.startAll();
        ensemble.awaitServing(Addresses.START_BOUND);
        try (JudgedClients clients =
                JudgedClients.startBesideReaders("/paused", CLIENTS, Addresses.of(ensemble.servers()), pauseMillis)) {
            clients.awaitReplies(REPLIES);
            ServerProcess victim = role.equals("leader") ? ensemble.leader() : ensemble.follower();
            long beganNanos = System.nanoTime();
            victim.pause();
            String next = "nobody else led";
            long before = clients.replies();
            while (elapsedMillis(beganNanos) < pauseMillis) {
                clients.awaitReplies(1);
                if (next.startsWith("nobody") && leaderBeside(ensemble, victim).isPresent()) {
                    next = "another leader answered after " + elapsedMillis(beganNanos) + " ms";
                }
            }
            long during = clients.replies() - before;
            victim.resume();
            clients.awaitReplies(REPLIES);
            ensemble.awaitServing(Addresses.START_BOUND);
            clients.awaitReplies(REPLIES);
            HistoryReport report = clients.judge();
            System.out.println(role + " paused for " + pauseMillis + " ms: "
                    + (role.equals("leader") ? next + ", " : "")
                    + during + " replies meanwhile, " + report.acknowledgedWrites() + " writes and " + report.events()
                    + " events judged");
            assertThat(report.acknowledgedWrites()).isPositive();
        } finally {
            ensemble.close();
        }
    }

    private static Optional<ServerProcess> leaderBeside(EnsembleProcess ensemble, ServerProcess paused) {
        List<ServerProcess> others =
                ensemble.servers().stream().filter(server -> server != paused).toList();
        return others.stream()
                .filter(server -> server.status().filter(ServerStatus::isLeader).isPresent())
                .findFirst();
    }

    private static long elapsedMillis(long sinceNanos) {
        return Duration.ofNanos(System.nanoTime() - sinceNanos).toMillis();
    }
}
