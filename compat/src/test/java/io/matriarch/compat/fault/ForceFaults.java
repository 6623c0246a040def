package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.ensemble.ServerStatus;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Servers;
import io.matriarch.compat.history.JudgedClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disks of servers take long to force what was written, never finish, or fail, while clients ask and are judged (docs/operations.md, A
 * silent leader). {@code -Dfaults.heartbeatMillis=N} sets both bounds of heartbeats.
 */
@Timeout(900)
class ForceFaults {
    private static final int CLIENTS = 3;
    private static final int REPLIES = 100;

    /** Ten times the least bound of heartbeats, by default. */
    private static final Duration SLOW = Duration.ofSeconds(4);

    /** It takes one or two seconds; five and more if the leader does not give way by itself, ten with servers of Apache's. */
    private static final int REPLACED_MILLIS = 4_000;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private final List<MachineFaults> machines = new ArrayList<>();

    @Test
    void forcesWithinTheBoundSlowWritesDownAndNobodyElects() throws Exception {
        EnsembleProcess ensemble = start("slow");
        try (JudgedClients judged =
                JudgedClients.startBesideReaders("/slow", CLIENTS, Addresses.of(ensemble.servers()), 1)) {
            for (int millis : new int[] {20, 200}) {
                slow("follower", List.of(ensemble.follower()), millis, ensemble, judged);
                slow("leader", List.of(ensemble.leader()), millis, ensemble, judged);
                slow("all", ensemble.servers(), millis, ensemble, judged);
            }
            slow("follower", List.of(ensemble.follower()), 1_000, ensemble, judged);
            System.out.println("slow forces: " + judged.judge());
        } finally {
            ensemble.close();
        }
    }

    private void slow(String who, List<ServerProcess> slow, int millis, EnsembleProcess ensemble, JudgedClients judged)
            throws Exception {
        judged.awaitReplies(REPLIES);
        List<StandingLine> before = StandingLine.ofAll(ensemble);
        slow.forEach(server -> machine(server).forceTakes(Duration.ofMillis(millis)));
        List<Long> writeMicros = new ArrayList<>();
        ZooKeeper zk = Clients.connect(EnsembleProcess.connectString(List.of(ensemble.leader())));
        try {
            long endNanos = System.nanoTime() + SLOW.toNanos();
            while (System.nanoTime() < endNanos) {
                long beganNanos = System.nanoTime();
                zk.create(
                        "/" + who + millis + "-", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
                writeMicros.add((System.nanoTime() - beganNanos) / 1_000);
            }
        } finally {
            Clients.close(zk);
        }
        Collections.sort(writeMicros);
        System.out.printf(
                Locale.ROOT,
                "forces of %s take %d ms: a write through the leader takes %.1f ms (median; worst %.1f)%n",
                who,
                millis,
                writeMicros.get(writeMicros.size() / 2) / 1e3,
                writeMicros.get(writeMicros.size() - 1) / 1e3);
        for (ServerProcess server : slow) {
            String line = FourLetterWord.ask(server.clientAddress(), "peer", Clients.SERVING_BOUND);
            assertThat(StandingLine.number(line, "forceMaxMicros"))
                    .as("a force at " + server)
                    .isGreaterThanOrEqualTo(millis * 1_000L);
        }
        assertThat(StandingLine.ofAll(ensemble)).as("who leads, since when").isEqualTo(before);
        slow.forEach(server -> machine(server).mend());
        judged.awaitReplies(REPLIES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT8760H"})
    void aLeaderWhoseForcesTakeLongerThanTheBoundGivesWay(Duration longer) throws Exception {
        EnsembleProcess ensemble = start("gives-way-" + longer);
        try (JudgedClients judged =
                JudgedClients.startBesideReaders("/hangs", CLIENTS, Addresses.of(ensemble.servers()), 1)) {
            judged.awaitReplies(REPLIES);
            ServerProcess old = ensemble.leader();
            long beganNanos = System.nanoTime();
            machine(old).forceTakes(longer);
            await("another leads").atMost(Addresses.START_BOUND).until(() -> ensemble.servers().stream()
                    .filter(server -> server != old)
                    .anyMatch(server ->
                            server.status().filter(ServerStatus::isLeader).isPresent()));
            long replacedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
            judged.awaitReplies(REPLIES);
            machine(old).mend();
            ensemble.awaitServing(Addresses.START_BOUND);
            judged.awaitReplies(REPLIES);
            System.out.println("forces of the leader take " + longer + ": another leads after " + replacedMillis
                    + " ms; " + judged.judge());
            assertThat(replacedMillis).isLessThan(REPLACED_MILLIS);
            EqualTrees.awaitAmong(ensemble);
        } finally {
            ensemble.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"follower", "leader"})
    void aFailingForceStopsItsServerWithOneLineAndNobodyElse(String role) throws Exception {
        EnsembleProcess ensemble = start("fails-" + role);
        try (JudgedClients judged =
                JudgedClients.startBesideReaders("/fails", CLIENTS, Addresses.of(ensemble.servers()), 1)) {
            judged.awaitReplies(REPLIES);
            ServerProcess victim = role.equals("leader") ? ensemble.leader() : ensemble.follower();
            machine(victim).forceFails();
            LastLine.await(victim, "Input/output error");
            judged.awaitReplies(REPLIES);
            machine(victim).mend();
            victim.startBehind(machine(victim).words());
            ensemble.awaitServing(Addresses.START_BOUND);
            judged.awaitReplies(REPLIES);
            judged.judge();
            EqualTrees.awaitAmong(ensemble);
        } finally {
            ensemble.close();
        }
    }

    private EnsembleProcess start(String name) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(name, Collections.nCopies(3, Servers.ours()), HeartbeatBounds::in);
        for (ServerProcess server : ensemble.servers()) {
            Path directory = server.directory();
            machines.add(MachineFaults.in(directory));
            server.startBehind(machine(server).words());
        }
        ensemble.awaitServing(Addresses.START_BOUND);
        return ensemble;
    }

    private MachineFaults machine(ServerProcess server) {
        return machines.get(server.sid() - 1);
    }
}
