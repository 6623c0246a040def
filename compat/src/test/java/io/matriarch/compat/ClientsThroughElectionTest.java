package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A leader is killed while Apache's own clients have writes under way through the other servers: they keep their connections, every
 * write is acknowledged, and none takes effect twice (ADR 5).
 */
@Timeout(120)
class ClientsThroughElectionTest {
    private static final int UNDER_WAY = 32;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    /** Keeps so many creations of numbered znodes under way, each with its own number as data. */
    private static final class Stream implements AutoCloseable {
        private final RecordingWatcher watcher = new RecordingWatcher();
        private final ZooKeeper client;
        private final String parent;
        private final Semaphore free = new Semaphore(UNDER_WAY);
        private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
        private final Thread thread = new Thread(this::run, "stream");
        private volatile boolean isStopped;

        Stream(ServerProcess server) throws Exception {
            client = Clients.connect(EnsembleProcess.connectString(List.of(server)), watcher);
            parent = "/stream-" + server.sid();
            client.create(parent, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            thread.start();
        }

        private void run() {
            for (int i = 0; !isStopped; i++) {
                free.acquireUninterruptibly();
                client.create(
                        parent + "/n",
                        Integer.toString(i).getBytes(StandardCharsets.US_ASCII),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_SEQUENTIAL,
                        (code, path, context, name) -> {
                            (code == 0 ? acknowledged : failed)
                                    .add(code == 0 ? name : KeeperException.Code.get(code) + "");
                            free.release();
                        },
                        null);
            }
        }

        int count() {
            return acknowledged.size();
        }

        void awaitMore(int more) {
            int before = count();
            Awaitility.await("writes under " + parent)
                    .atMost(Clients.SERVING_BOUND)
                    .until(() -> count() >= before + more || !failed.isEmpty());
        }

        void finish() throws InterruptedException {
            isStopped = true;
            thread.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(free.tryAcquire(UNDER_WAY, 20, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            Clients.close(client);
        }
    }

    @Test
    void writesUnderWaySurviveTheLeaderTheyWerePassedOnTo() throws Exception {
        EnsembleProcess ensemble = SERVERS.start("through", Collections.nCopies(3, Flavour.MATRIARCH));
        ServerProcess leader = ensemble.leader();
        List<Stream> streams = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            if (server != leader) {
                streams.add(new Stream(server));
            }
        }
        streams.forEach(stream -> stream.awaitMore(300));
        leader.kill();
        streams.forEach(stream -> stream.awaitMore(300));
        for (Stream stream : streams) {
            stream.finish();
            assertThat(stream.failed).as("writes of " + stream.parent).isEmpty();
            assertThat(stream.watcher.states()).as("connection").containsExactly(KeeperState.SyncConnected);
            List<String> inOrder = IntStream.range(0, stream.count())
                    .mapToObj(i -> stream.parent + "/n%010d".formatted(i))
                    .toList();
            assertThat(stream.acknowledged).as("each once, in order").isEqualTo(inOrder);
            assertThat(stream.client.getChildren(stream.parent, false)).hasSize(stream.count());
            for (int i = 0; i < stream.count(); i += 50) {
                assertThat(new String(stream.client.getData(inOrder.get(i), false, null), StandardCharsets.US_ASCII))
                        .isEqualTo(Integer.toString(i));
            }
            stream.close();
        }
    }
}
