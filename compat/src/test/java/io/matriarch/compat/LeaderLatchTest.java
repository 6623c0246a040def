package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Curator's LeaderLatch, unmodified, with three participants (client.md 20.3). */
@Timeout(90)
class LeaderLatchTest {
    private static final String PATH = "/service/latch";

    @RegisterExtension
    static final Servers SERVERS = Servers.ofOurs(3);

    /** One process's view: a client and its latch. */
    private record Participant(CuratorFramework client, LeaderLatch latch) {
        void close() throws IOException {
            if (latch.getState() == LeaderLatch.State.STARTED) {
                latch.close();
            }
            client.close();
        }
    }

    private final List<Participant> participants = new ArrayList<>();

    @BeforeEach
    void join() throws Exception {
        for (int i = 0; i < 3; i++) {
            CuratorFramework client = CuratorFrameworkFactory.newClient(
                    SERVERS.ensemble().connectString(), Clients.SESSION_TIMEOUT_MILLIS, 15_000, new RetryForever(50));
            client.start();
            LeaderLatch latch = new LeaderLatch(client, PATH, "participant-" + i);
            latch.start();
            participants.add(new Participant(client, latch));
        }
    }

    @AfterEach
    void leave() throws IOException {
        for (Participant participant : participants) {
            participant.close();
        }
    }

    @Test
    void whenTheLeaderClosesAnotherLeads() throws Exception {
        Participant first = awaitLeader();
        participants.remove(first);
        first.close();

        Participant second = awaitLeader();
        participants.remove(second);
        second.close();

        assertThat(awaitLeader()).isSameAs(participants.get(0));
    }

    @Test
    void whenTheLeadersSessionEndsAnotherLeadsAndTheFirstQueuesAgain() throws Exception {
        Participant first = awaitLeader();
        endSession(first.client().getZookeeperClient().getZooKeeper());

        await().atMost(Clients.SERVING_BOUND).until(() -> !awaitLeader().equals(first));
        await().atMost(Clients.SERVING_BOUND)
                .until(() -> awaitLeader().latch().getParticipants().size() == 3);
    }

    @Test
    void whenTheLeadingServerIsKilledTheParticipantsAgreeAgain() throws Exception {
        awaitLeader();
        ServerProcess killed = SERVERS.ensemble().leader();
        killed.kill();
        // The default policy gives leadership up while the connection is down; afterwards there is one leader again.
        awaitLeader();
        killed.start();
        SERVERS.ensemble().awaitServing(Clients.SERVING_BOUND);
        assertThat(awaitLeader().latch().getParticipants()).hasSize(3);
    }

    @Test
    void itsParentsAreContainers() throws Exception {
        awaitLeader();
        ZooKeeper client = Clients.connect(SERVERS.ensemble().connectString());
        try {
            Stat latch = client.exists(PATH, false);
            // A container looks like a plain znode (client.md 9.1), and unlike an ephemeral one takes children.
            assertThat(latch.getEphemeralOwner()).isZero();
            assertThat(latch.getNumChildren()).isEqualTo(3);
            assertThat(client.exists("/service", false).getNumChildren()).isEqualTo(1);
        } finally {
            Clients.close(client);
        }
    }

    private Participant awaitLeader() {
        await("exactly one leader, known to all").atMost(Clients.SERVING_BOUND).until(this::isOneLeaderKnownToAll);
        return participants.stream()
                .filter(participant -> participant.latch().hasLeadership())
                .findFirst()
                .orElseThrow();
    }

    private boolean isOneLeaderKnownToAll() throws Exception {
        List<Participant> leading = participants.stream()
                .filter(participant -> participant.latch().hasLeadership())
                .toList();
        if (leading.size() != 1) {
            return false;
        }
        String id = leading.get(0).latch().getId();
        for (Participant participant : participants) {
            if (!participant.latch().getLeader().getId().equals(id)) {
                return false;
            }
        }
        return true;
    }

    /** Ends somebody's session behind their back, as an expiry would: resumes it elsewhere and closes it. */
    private static void endSession(ZooKeeper victim) throws IOException, InterruptedException {
        EnsembleProcess ensemble = SERVERS.ensemble();
        ZooKeeper twin = new ZooKeeper(
                ensemble.connectString(),
                Clients.SESSION_TIMEOUT_MILLIS,
                event -> {},
                victim.getSessionId(),
                victim.getSessionPasswd());
        Clients.awaitConnected(twin);
        twin.close();
    }
}
