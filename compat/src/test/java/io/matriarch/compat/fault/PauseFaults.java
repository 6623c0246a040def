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
import java.util.concurrent.locks.LockSupport;
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

    /** A quarter of the least bound of heartbeats: what servers take no notice of. */
    private static final int UNNOTICED_MILLIS = 100;

    /** It takes one second; ten if followers wait as Apache's do. */
    private static final int REPLACED_MILLIS = 5_000;

    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @ParameterizedTest
    @CsvSource({
        "leader, 100", "leader, 300", "leader, 2000", "leader, 15000",
        "follower, 100", "follower, 300", "follower, 2000", "follower, 15000"
    })
    void nobodyIsShownWhatIsNotTrueAnyMore(String role, int pauseMillis) throws Exception {
        EnsembleProcess ensemble =
                SERVERS.create(role + "-" + pauseMillis, Collections.nCopies(3, Servers.ours()), HeartbeatBounds::in);
        ensemble.startAll();
        ensemble.awaitServing(Addresses.START_BOUND);
        try (JudgedClients clients =
                JudgedClients.startBesideReaders("/paused", CLIENTS, Addresses.of(ensemble.servers()), pauseMillis)) {
            clients.awaitReplies(REPLIES);
            List<StandingLine> before = StandingLine.ofAll(ensemble);
            boolean isOfLeader = role.equals("leader");
            ServerProcess victim = isOfLeader ? ensemble.leader() : ensemble.follower();
            String meanwhile = paused(victim, pauseMillis, isOfLeader, ensemble, clients);
            clients.awaitReplies(REPLIES);
            ensemble.awaitServing(Addresses.START_BOUND);
            clients.awaitReplies(REPLIES);
            if (pauseMillis <= UNNOTICED_MILLIS) {
                assertThat(StandingLine.ofAll(ensemble))
                        .as("who leads, since when")
                        .isEqualTo(before);
            }
            HistoryReport report = clients.judge();
            System.out.println(role + " paused for " + pauseMillis + " ms: " + meanwhile + ", "
                    + report.acknowledgedWrites() + " writes and " + report.events() + " events judged");
            assertThat(report.acknowledgedWrites()).isPositive();
            EqualTrees.awaitAmong(ensemble);
        } finally {
            ensemble.close();
        }
    }

    /** What happened between SIGSTOP and SIGCONT: clients go on as soon as somebody leads. */
    private static String paused(
            ServerProcess victim,
            int pauseMillis,
            boolean isOfLeader,
            EnsembleProcess ensemble,
            JudgedClients clients) {
        long before = clients.replies();
        long beganNanos = System.nanoTime();
        long nextMillis = -1;
        victim.pause();
        while (elapsedMillis(beganNanos) < pauseMillis) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (isOfLeader && nextMillis < 0) {
                nextMillis = leaderBeside(ensemble, victim).isPresent() ? elapsedMillis(beganNanos) : -1;
            } else if (pauseMillis > REPLACED_MILLIS) {
                clients.awaitReplies(1);
            }
        }
        victim.resume();
        if (isOfLeader && pauseMillis > REPLACED_MILLIS) {
            assertThat(nextMillis).as("when another led, in ms").isBetween(0L, (long) REPLACED_MILLIS);
        }
        return (nextMillis < 0 ? "nobody else led" : "another leader answered after " + nextMillis + " ms") + ", "
                + (clients.replies() - before) + " replies meanwhile";
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
