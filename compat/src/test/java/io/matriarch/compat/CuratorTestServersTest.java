package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.testkit.TestServer;
import io.matriarch.testkit.curator.InstanceSpec;
import io.matriarch.testkit.curator.TestingCluster;
import io.matriarch.testkit.curator.TestingServer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The test kit under real Curator, in the place of Curator's own test servers. */
@Timeout(120)
class CuratorTestServersTest {
    private static final int SESSION_MILLIS = 6_000;

    /** A client whose states are queued. */
    private record Client(CuratorFramework curator, BlockingQueue<ConnectionState> states) implements AutoCloseable {
        static Client of(String connectString) throws Exception {
            CuratorFramework curator =
                    CuratorFrameworkFactory.newClient(connectString, SESSION_MILLIS, 5_000, new RetryForever(50));
            BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();
            curator.getConnectionStateListenable().addListener((client, state) -> states.add(state));
            curator.start();
            Client client = new Client(curator, states);
            client.await(ConnectionState.CONNECTED);
            return client;
        }

        void await(ConnectionState wanted) throws InterruptedException {
            ConnectionState state = states.poll(60, TimeUnit.SECONDS);
            while (state != null && state != wanted) {
                state = states.poll(60, TimeUnit.SECONDS);
            }
            assertThat(state).isEqualTo(wanted);
        }

        @Override
        public void close() {
            curator.close();
        }
    }

    @Test
    void testingServerRestarts_andTheSessionLivesOn() throws Exception {
        try (TestingServer server = new TestingServer();
                Client client = Client.of(server.getConnectString())) {
            client.curator().create().withMode(CreateMode.EPHEMERAL).forPath("/mine");
            int port = server.getPort();

            server.restart();
            client.await(ConnectionState.RECONNECTED);

            assertThat(server.getPort()).isEqualTo(port);
            assertThat(client.curator().checkExists().forPath("/mine")).isNotNull();
        }
    }

    @Test
    void testingServerStopsAndStarts() throws Exception {
        try (TestingServer server = new TestingServer(false)) {
            assertThat(server.getTempDirectory().getParentFile()).isDirectory();
            server.start();
            try (Client client = Client.of(server.getConnectString())) {
                server.stop();
                client.await(ConnectionState.SUSPENDED);
                server.start();
                client.await(ConnectionState.RECONNECTED);
            }
        }
    }

    @Test
    void latchMovesOnWhenTheLeadersServerIsSilent_andWhenServersOfAClusterAreKilled() throws Exception {
        try (TestingCluster cluster = new TestingCluster(3)) {
            cluster.start();
            InstanceSpec first = cluster.getInstances().get(0);
            InstanceSpec second = cluster.getInstances().get(1);
            try (Client one = Client.of(first.getConnectString());
                    Client other = Client.of(second.getConnectString());
                    LeaderLatch latch = new LeaderLatch(one.curator(), "/latch");
                    LeaderLatch next = new LeaderLatch(other.curator(), "/latch")) {
                latch.start();
                latch.await();
                next.start();

                TestServer server = cluster.ensemble().server(first.getServerId());
                server.clientLink().silence();
                one.await(ConnectionState.SUSPENDED);
                assertThat(next.await(60, TimeUnit.SECONDS)).isTrue();
                one.await(ConnectionState.LOST);
                server.clientLink().heal();
                one.await(ConnectionState.RECONNECTED);

                assertThat(cluster.killServer(first)).isTrue();
                one.await(ConnectionState.SUSPENDED);
                assertThat(cluster.killServer(first)).isFalse();
                assertThat(cluster.restartServer(first)).isTrue();
                one.await(ConnectionState.RECONNECTED);
                assertThat(next.hasLeadership()).isTrue();
            }
        }
    }

    @Test
    void expiredSessionIsLostForCurator() throws Exception {
        try (TestingServer server = new TestingServer();
                Client client = Client.of(server.getConnectString())) {
            server.ensemble()
                    .expire(client.curator().getZookeeperClient().getZooKeeper().getSessionId());
            client.await(ConnectionState.LOST);
            client.await(ConnectionState.RECONNECTED);
        }
    }
}
