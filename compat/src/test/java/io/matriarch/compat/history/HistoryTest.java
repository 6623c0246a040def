package io.matriarch.compat.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Servers;
import io.matriarch.sim.history.HistoryReport;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients that ask at random while leaders and followers are killed are shown nothing that client.md 13 and 16 forbid. More kills with
 * {@code -Dhistory.kills=N}; the seed is {@code -Dhistory.seed=N}.
 */
@Timeout(600)
class HistoryTest {
    private static final int CLIENTS = 5;
    private static final int REPLIES_BETWEEN_KILLS = 150;
    private static final int KILLS = Integer.getInteger("history.kills", 3);
    private static final long SEED = Long.getLong("history.seed", 1);

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void ofOurs() throws Exception {
        judge(SERVERS, "ours", List.of(Servers.ours(), Servers.ours(), Servers.ours()));
    }

    static void judge(Servers servers, String name, List<Flavour> flavours) throws Exception {
        EnsembleProcess ensemble = servers.start(name, flavours);
        List<InetSocketAddress> addresses =
                ensemble.servers().stream().map(ServerProcess::clientAddress).toList();
        try (JudgedClients clients = JudgedClients.start("/history", CLIENTS, addresses, SEED)) {
            for (int kill = 0; kill < KILLS; kill++) {
                clients.awaitReplies(REPLIES_BETWEEN_KILLS);
                ServerProcess victim = kill % 2 == 0 ? ensemble.leader() : ensemble.follower();
                victim.kill();
                clients.awaitReplies(REPLIES_BETWEEN_KILLS);
                victim.start();
                ensemble.awaitServing(Clients.SERVING_BOUND);
            }
            clients.awaitReplies(REPLIES_BETWEEN_KILLS);
            HistoryReport report = clients.judge();
            System.out.println("history of " + flavours + ", seed " + SEED + ", kills " + KILLS + ": " + report);
            assertThat(report.acknowledgedWrites()).isGreaterThan(REPLIES_BETWEEN_KILLS * KILLS);
            assertThat(report.events()).isGreaterThan(KILLS);
            assertThat(clients.reconnects()).isPositive();
        }
    }
}
