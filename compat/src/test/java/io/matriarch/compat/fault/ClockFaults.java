package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.Installation;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.RecordingWatcher;
import io.matriarch.compat.Servers;
import io.matriarch.compat.SilentSession;
import io.matriarch.compat.history.JudgedClients;
import io.matriarch.sim.history.HistoryReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The wall clock of servers and candidates jumps, forward and back, by seconds and by hours, as when somebody sets it; the monotonic one goes
 * on. Nobody elects, no session ends before its time or lives on after it, whoever leads among candidates goes on, and znodes with a
 * time to live go when it is over.
 */
@Timeout(900)
class ClockFaults {
    private static final List<Duration> JUMPS = List.of(
            Duration.ofSeconds(3), Duration.ofSeconds(-30), Duration.ofHours(2), Duration.ofHours(-2), Duration.ZERO);

    private static final int CLIENTS = 3;
    private static final int REPLIES = 200;

    /** Of a session that falls silent: the least that servers grant with ticks of two seconds. */
    private static final int SESSION_MILLIS = 4_000;

    /** Of clients and candidates, and the bound of heartbeats: machines with other work stall for seconds, and that is no matter here. */
    private static final int PATIENT_SESSION_MILLIS = 15_000;

    private static final String PATIENT_HEARTBEAT_MILLIS = "4000";

    /** Later than its timeout a session may end by what machines with other work need. */
    private static final int LATE_MILLIS = 10_000;

    private static final int SHORT_MILLIS = 500;
    private static final long LONG_MILLIS = TimeUnit.DAYS.toMillis(365);

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private final List<MachineFaults> machines = new ArrayList<>();
    private final List<RecordingWatcher> watchers = new ArrayList<>();
    private final List<ZooKeeper> clients = new ArrayList<>();
    private final List<Process> candidates = new ArrayList<>();

    @Test
    void nobodyElectsAndNoSessionEndsBeforeOrAfterItsTime() throws Exception {
        EnsembleProcess ensemble =
                SERVERS.create("jumps", Collections.nCopies(3, Servers.ours()), ClockFaults::options);
        try {
            for (ServerProcess server : ensemble.servers()) {
                machines.add(MachineFaults.in(server.directory()));
                server.startBehind(machines.get(server.sid() - 1).words());
            }
            ensemble.awaitServing(Addresses.START_BOUND);
            connect(ensemble);
            MachineFaults ofCandidates =
                    MachineFaults.in(ensemble.server(1).directory().resolveSibling("candidates"));
            Path leaders = ensemble.server(1).directory().resolveSibling("leaders");
            enter(ensemble, ofCandidates, leaders);
            try (JudgedClients judged =
                    JudgedClients.startBesideReaders("/jumps", CLIENTS, Addresses.of(ensemble.servers()), 1)) {
                jump("leader", List.of(machine(ensemble.leader())), ensemble, judged);
                jump("follower", List.of(machine(ensemble.follower())), ensemble, judged);
                jump("servers", machines, ensemble, judged);
                jump("candidates", List.of(ofCandidates), ensemble, judged);
                assertLivedThrough(leaders);
                HistoryReport report = judged.judge();
                System.out.println("clocks jumped: " + report);
            }
        } finally {
            candidates.forEach(Process::destroy);
            clients.forEach(Clients::close);
            ensemble.close();
        }
    }

    private static EnsembleOptions options(EnsembleOptions options) {
        return options.withSetting("extendedTypesEnabled", "true")
                .withJvmFlag("-Dznode.container.checkIntervalMs=200")
                .withSetting("matriarch.heartbeat.minMillis", PATIENT_HEARTBEAT_MILLIS)
                .withSetting("matriarch.heartbeat.maxMillis", PATIENT_HEARTBEAT_MILLIS);
    }

    private void assertLivedThrough(Path leaders) throws IOException {
        assertThat(candidates).allMatch(Process::isAlive);
        assertThat(Files.readAllLines(leaders)).as("who led among candidates").hasSize(1);
        assertThat(watchers).allSatisfy(watcher -> assertThat(watcher.states())
                .containsExactly(Watcher.Event.KeeperState.SyncConnected));
    }

    /** A client at each server, with a short session, and a znode that is to live for long. */
    private void connect(EnsembleProcess ensemble) throws Exception {
        for (ServerProcess server : ensemble.servers()) {
            RecordingWatcher watcher = new RecordingWatcher();
            watchers.add(watcher);
            clients.add(
                    Clients.connect(EnsembleProcess.connectString(List.of(server)), PATIENT_SESSION_MILLIS, watcher));
        }
        createWithTtl("/long", LONG_MILLIS);
    }

    /** Two candidates; each that leads adds a line to the file. */
    private void enter(EnsembleProcess ensemble, MachineFaults machine, Path leaders) throws IOException {
        for (int i = 0; i < 2; i++) {
            List<String> command = new ArrayList<>(machine.words());
            command.addAll(List.of(Installation.launcher().toString(), "elect", "--path=/led"));
            command.addAll(List.of(
                    "--servers=" + ensemble.connectString(),
                    "--session-timeout=" + PATIENT_SESSION_MILLIS + "ms",
                    "--",
                    "sh",
                    "-c"));
            command.add("echo led with $MATRIARCH_FENCING_TOKEN >> '" + leaders + "' && exec sleep 100000");
            Process candidate = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            leaders.resolveSibling("candidate" + i + ".log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(candidate::destroy));
            candidates.add(candidate);
        }
        await("a candidate leads").atMost(Clients.SERVING_BOUND).until(() -> Files.exists(leaders));
    }

    private MachineFaults machine(ServerProcess server) {
        return machines.get(server.sid() - 1);
    }

    /** Each time long enough for whatever is counted on a wall clock to be over, or never to end. */
    private void jump(String who, List<MachineFaults> jumping, EnsembleProcess ensemble, JudgedClients judged)
            throws Exception {
        List<StandingLine> before = StandingLine.ofAll(ensemble);
        for (Duration ahead : JUMPS) {
            String path = "/" + who + ahead.toSeconds();
            try (SilentSession silent = SilentSession.open(ensemble.leader().clientAddress(), SESSION_MILLIS)) {
                // Its last word is under way from now on; a session's time begins anew when that arrives.
                long silentNanos = System.nanoTime();
                silent.createEphemeral(path);
                jumping.forEach(machine -> machine.clockAhead(ahead));
                assertJumped(jumping, ahead, ensemble);
                judged.awaitReplies(REPLIES);
                createWithTtl(path + "-short", SHORT_MILLIS);
                awaitGone(path + "-short", Duration.ofMillis(SHORT_MILLIS + LATE_MILLIS));
                awaitGone(path, Duration.ofMillis(SESSION_MILLIS + LATE_MILLIS));
                long endedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - silentNanos);
                System.out.println(who + ": clock " + ahead + " ahead; a silent session of " + SESSION_MILLIS
                        + " ms ended after " + endedMillis + " ms");
                assertThat(endedMillis).as("a session's life").isGreaterThanOrEqualTo(SESSION_MILLIS);
            }
            assertThat(clients.get(0).exists("/long", false)).isNotNull();
            assertThat(StandingLine.ofAll(ensemble)).as("who leads, since when").isEqualTo(before);
        }
    }

    /** Otherwise nothing that follows would mean anything. */
    private void assertJumped(List<MachineFaults> jumping, Duration ahead, EnsembleProcess ensemble)
            throws IOException {
        for (ServerProcess server : ensemble.servers()) {
            double seen = jumping.contains(machine(server)) ? ahead.toSeconds() : 0;
            assertThat(secondsAhead(server)).as("the clock of " + server).isCloseTo(seen, offset(1.0));
        }
    }

    private void createWithTtl(String path, long ttlMillis) throws Exception {
        clients.get(0)
                .create(
                        path,
                        new byte[0],
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_WITH_TTL,
                        new Stat(),
                        ttlMillis);
    }

    private void awaitGone(String path, Duration bound) {
        await(path + " is gone")
                .pollInterval(Duration.ofMillis(5))
                .atMost(bound)
                .until(() -> clients.get(1).exists(path, false) == null);
    }

    /** How far ahead of ours its wall clock is. */
    private static double secondsAhead(ServerProcess server) throws IOException {
        String line = FourLetterWord.ask(server.clientAddress(), "peer", Clients.SERVING_BOUND);
        return StandingLine.number(line, "atMicros") / 1e6 - System.currentTimeMillis() / 1e3;
    }
}
