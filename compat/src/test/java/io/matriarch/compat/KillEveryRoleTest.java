package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** kill -9 of each role in turn, while clients write. */
@Timeout(120)
class KillEveryRoleTest {
    private static final int WRITTEN_IN_EACH_PHASE = 30;

    @RegisterExtension
    static final Servers SERVERS = Servers.ofOurs(3);

    @Test
    void nothingAcknowledgedIsLostAndSessionsSurvive() throws Exception {
        EnsembleProcess ensemble = SERVERS.ensemble();
        List<Writer> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                writers.add(new Writer(ensemble.connectString(), "/writer-" + i));
            }
            awaitWrites(writers);

            killWhileWriting(ensemble, ensemble.leader(), writers);
            killWhileWriting(ensemble, ensemble.follower(), writers);
            killWhileWriting(ensemble, ensemble.leader(), writers);

            for (Writer writer : writers) {
                writer.stopWriting();
                assertThat(writer.hasKeptSession()).as("%s", writer.events()).isTrue();
            }
            for (ServerProcess server : ensemble.servers()) {
                assertHoldsAll(server, writers);
            }
        } finally {
            writers.forEach(Writer::close);
        }
    }

    private static void killWhileWriting(EnsembleProcess ensemble, ServerProcess victim, List<Writer> writers) {
        victim.kill();
        awaitWrites(writers);
        victim.start();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        awaitWrites(writers);
    }

    private static void awaitWrites(List<Writer> writers) {
        List<Integer> before = writers.stream().map(Writer::count).toList();
        await("every client writes").atMost(Clients.SERVING_BOUND).until(() -> {
            for (int i = 0; i < writers.size(); i++) {
                if (writers.get(i).count() < before.get(i) + WRITTEN_IN_EACH_PHASE) {
                    return false;
                }
            }
            return true;
        });
    }

    private static void assertHoldsAll(ServerProcess server, List<Writer> writers)
            throws KeeperException, InterruptedException {
        ZooKeeper reader = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            // A server that lags must catch up with what is committed before it is asked (client.md 22, R8).
            reader.sync("/", (code, path, context) -> {}, null);
            for (Writer writer : writers) {
                List<String> names = reader.getChildren(writer.path(), false);
                assertThat(names).as("%s at %s", writer.path(), server).containsAll(writer.acknowledgedNames());
                assertThat(names).hasSizeLessThanOrEqualTo(writer.attempted());
                Stat ephemeral = reader.exists(writer.ephemeralPath(), false);
                assertThat(ephemeral)
                        .as("%s at %s", writer.ephemeralPath(), server)
                        .isNotNull();
                assertThat(ephemeral.getEphemeralOwner()).isEqualTo(writer.sessionId());
            }
        } finally {
            Clients.close(reader);
        }
    }
}
