package io.matriarch.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;

/** What each fault does to servers and to Apache's client. */
class FaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SHORT_SESSION_MILLIS = 3_000;

    @Test
    void isolatedLeaderIsReplaced_itsClientsMoveOn_andItComesBackAsAFollower() throws Exception {
        try (TestEnsemble ensemble =
                        TestEnsemble.start(3, config -> config.limits(10, 4).tickMillis(100));
                Client client = Client.connect(ensemble.connectString(), SHORT_SESSION_MILLIS)) {
            TestServer old = ensemble.leader();
            ensemble.isolate(old);
            TestServer next = ensemble.leaderOtherThan(old);

            assertThat(next).isNotSameAs(old);
            client.createWhateverHappens("/after");
            assertThat(ensemble.leader()).isSameAs(next);
            ensemble.heal();
            ensemble.awaitServing(PATIENCE);
            assertThat(ensemble.leader()).isSameAs(next);
            try (Client there = Client.connect(old.connectString())) {
                there.zk().sync("/", (code, path, context) -> {}, null);
                assertThat(there.zk().exists("/after", false)).isNotNull();
            }
        }
    }

    @Test
    void pausedLeaderIsReplaced_andLearnsOfItWhenItGoesOn() throws Exception {
        try (TestEnsemble ensemble =
                TestEnsemble.start(3, config -> config.limits(10, 4).tickMillis(100))) {
            TestServer old = ensemble.leader();
            old.pause();
            assertThat(old.status()).isEmpty();
            TestServer next = ensemble.leaderOtherThan(old);

            old.resume();
            ensemble.awaitServing(PATIENCE);
            assertThat(ensemble.leader()).isSameAs(next);
            assertThat(ensemble.transcript())
                    .contains("server " + old.sid() + " is paused")
                    .contains("server " + old.sid() + " goes on");
        }
    }

    @Test
    void pausedServerAnswersNothingAndLosesNothing() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), ensemble.server(1).clientPort())) {
            ensemble.server(1).pause();
            socket.setSoTimeout(200);
            socket.getOutputStream().write("ruok".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            ensemble.server(1).resume();
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("imok");
        }
    }

    @Test
    void pausedServerCanBeKilled_andNothingThatWaitedIsDone() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                Client client = Client.connect(ensemble.connectString())) {
            ensemble.server(1).pause();
            client.zk()
                    .create(
                            "/never",
                            null,
                            ZooDefs.Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT,
                            (a, b, c, d) -> {},
                            null);
            ensemble.kill(1);
            ensemble.restart(1);
            client.await(Event.KeeperState.SyncConnected, Event.EventType.None);
            assertThat(client.zk().exists("/never", false)).isNull();
        }
    }

    @Test
    void silentClientLinkHoldsWritesUntilItHeals() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                Client client = Client.connect(ensemble.connectString())) {
            ensemble.server(1).clientLink().silence();
            Answer answer = client.createAsync("/late");
            // Through another way in: the server is there, and has heard of nothing.
            assertThat(ensemble.server(1).status().orElseThrow().nodeCount()).isLessThan(6);
            assertThat(answer.isThere()).isFalse();
            ensemble.heal();
            assertThat(answer.code()).isEqualTo(KeeperException.Code.OK);
        }
    }

    @Test
    void cutClientLinkBreaksConnectionsAndRefusesNewOnes_andTheSessionLivesOn() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                Client client = Client.connect(ensemble.connectString())) {
            long session = client.zk().getSessionId();
            TestServer server = ensemble.server(1);
            server.clientLink().cut();
            client.await(Event.KeeperState.Disconnected, Event.EventType.None);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.clientPort())) {
                socket.setSoTimeout(2_000);
                assertThatThrownBy(() -> readOne(socket)).isInstanceOfAny(SocketException.class, EOFException.class);
            }
            server.clientLink().heal();
            client.await(Event.KeeperState.SyncConnected, Event.EventType.None);
            assertThat(client.zk().getSessionId()).isEqualTo(session);
        }
    }

    private static int readOne(Socket socket) throws IOException {
        int read = socket.getInputStream().read();
        if (read < 0) {
            throw new EOFException();
        }
        return read;
    }

    @Test
    void delayedLinkTakesItsTimeInEachDirection() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1);
                Client client = Client.connect(ensemble.connectString())) {
            ensemble.server(1).clientLink().delay(Duration.ofMillis(60));
            long began = System.nanoTime();
            client.zk().exists("/", false);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(120), Duration.ofSeconds(5));
        }
    }

    @Test
    void delayBetweenServersDelaysTheCommit() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            TestServer leader = ensemble.leader();
            for (TestServer other : ensemble.servers()) {
                if (other != leader) {
                    ensemble.link(leader, other).delay(Duration.ofMillis(40));
                }
            }
            try (Client client = Client.connect(leader.connectString())) {
                long began = System.nanoTime();
                client.createWhateverHappens("/slow");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(80));
            }
        }
    }

    @Test
    void minorityIsNotServed_majorityGoesOn_andBothAgreeAfterwards() throws Exception {
        try (TestEnsemble ensemble =
                TestEnsemble.start(5, config -> config.limits(10, 4).tickMillis(100))) {
            TestServer leader = ensemble.leader();
            TestServer other = ensemble.follower();
            ensemble.partition(leader, other);
            TestServer next = ensemble.leaderOtherThan(leader);
            assertThat(next).isNotIn(leader, other);
            try (Client client = Client.connect(next.connectString())) {
                client.createWhateverHappens("/majority");
            }
            ensemble.heal();
            ensemble.awaitServing(PATIENCE);
            try (Client client = Client.connect(other.connectString())) {
                client.zk().sync("/", (code, path, context) -> {}, null);
                assertThat(client.zk().exists("/majority", false)).isNotNull();
            }
        }
    }

    @Test
    void expiredSessionLosesItsEphemeralsAtOnce_andItsClientIsTold() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3);
                Client watcher = Client.connect(ensemble.leader().connectString());
                Client client = Client.connect(ensemble.follower().connectString())) {
            client.zk().create("/mine", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            watcher.zk().sync("/", (code, path, context) -> {}, null);
            assertThat(watcher.zk().exists("/mine", true)).isNotNull();

            ensemble.expire(client.zk().getSessionId());

            watcher.await(Event.KeeperState.SyncConnected, Event.EventType.NodeDeleted);
            client.await(Event.KeeperState.Expired, Event.EventType.None);
            assertThatThrownBy(() -> ensemble.expire(client.zk().getSessionId()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no server knows session 0x");
        }
    }

    @Test
    void straightConnectionsHaveNoLinks() {
        try (TestEnsemble ensemble =
                TestEnsemble.builder().straightConnections().start()) {
            assertThatThrownBy(() -> ensemble.server(1).clientLink())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the ensemble was built with straight connections, which cannot fail");
        }
    }
}
