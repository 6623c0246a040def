package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.compat.history.JudgedClients;
import io.matriarch.sim.history.HistoryReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that do not reach each other, in one direction or both, while clients still reach all of them or not: others lead, clients go on,
 * and nobody is shown what is not true any more, by the leader that was cut off least of all. Skipped where network namespaces are not
 * permitted.
 */
@Timeout(900)
class NetworkFaults {
    private static final int CLIENTS = 5;
    private static final int REPLIES = 150;

    @TempDir
    Path directory;

    /** One direction in which nothing passes. */
    private record Cut(int from, int to) {}

    @Test
    void nobodyIsShownWhatIsNotTrueAnyMore() throws Exception {
        try (NamespacedServers servers = NamespacedServers.start(directory, 3)) {
            int leader = servers.awaitLeader(servers.sids());
            leader = cut(servers, "leader, both ways", leader, both(leader, servers), true);
            leader = cut(servers, "leader, does not reach the others", leader, outOf(leader, servers), true);
            leader = cut(servers, "leader, not reached by the others", leader, into(leader, servers), true);
            int follower = leader == 1 ? 2 : 1;
            leader = cut(servers, "follower, both ways", leader, both(follower, servers), false);
            unplug(servers, leader);
            slow(servers);
        }
    }

    private static List<Cut> outOf(int sid, NamespacedServers servers) {
        return servers.sids().stream()
                .filter(other -> other != sid)
                .map(other -> new Cut(sid, other))
                .toList();
    }

    private static List<Cut> into(int sid, NamespacedServers servers) {
        return outOf(sid, servers).stream().map(cut -> new Cut(cut.to, sid)).toList();
    }

    private static List<Cut> both(int sid, NamespacedServers servers) {
        List<Cut> cuts = new ArrayList<>(outOf(sid, servers));
        cuts.addAll(into(sid, servers));
        return cuts;
    }

    /** Answers who leads afterwards. */
    private static int cut(NamespacedServers servers, String what, int leader, List<Cut> cuts, boolean isOfLeader)
            throws Exception {
        return during(
                servers,
                what,
                leader,
                () -> cuts.forEach(cut -> servers.cut(cut.from, cut.to, true)),
                () -> cuts.forEach(cut -> servers.cut(cut.from, cut.to, false)),
                isOfLeader);
    }

    private static int unplug(NamespacedServers servers, int leader) throws Exception {
        return during(
                servers,
                "leader, from clients too",
                leader,
                () -> servers.unplug(leader, true),
                () -> servers.unplug(leader, false),
                true);
    }

    private static int during(
            NamespacedServers servers, String what, int old, Runnable begin, Runnable end, boolean isOfLeader)
            throws Exception {
        List<Integer> others =
                servers.sids().stream().filter(sid -> !isOfLeader || sid != old).toList();
        String parent = "/" + what.replace(' ', '-').replace(",", "");
        try (JudgedClients clients =
                JudgedClients.startBesideReaders(parent, CLIENTS, servers.addresses(), what.length())) {
            clients.awaitReplies(REPLIES);
            long beganNanos = System.nanoTime();
            begin.run();
            int next = servers.awaitLeader(others);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
            clients.awaitReplies(REPLIES);
            end.run();
            clients.awaitReplies(REPLIES);
            awaitService(servers);
            clients.awaitReplies(REPLIES);
            HistoryReport report = clients.judge();
            System.out.println("cut off: " + what + "; a leader among the others answered after " + millis + " ms; "
                    + report.acknowledgedWrites() + " writes and " + report.events() + " events judged");
            assertThat(next == old).isEqualTo(!isOfLeader);
            return servers.awaitLeader(servers.sids());
        }
    }

    private static void slow(NamespacedServers servers) throws Exception {
        if (!servers.delay(40, 2)) {
            System.out.println("no delays and losses: this system's tc has no netem");
            return;
        }
        try (JudgedClients clients = JudgedClients.startBesideReaders("/slow", CLIENTS, servers.addresses(), 1)) {
            clients.awaitReplies(REPLIES);
            servers.hurry();
            clients.awaitReplies(REPLIES);
            System.out.println("delays of 40 ms and losses of 2 %: " + clients.judge());
        }
    }

    private static void awaitService(NamespacedServers servers) {
        await("all serve").atMost(Addresses.START_BOUND).until(() -> servers.sids().stream()
                .allMatch(sid -> servers.mode(sid).isPresent()));
    }
}
