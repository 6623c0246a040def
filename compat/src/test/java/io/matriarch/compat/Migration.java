package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * docs/migration.md, step by step: the servers of an ensemble become the other side's, one at a time, on the directories that they have, the
 * leader last; then back. Clients write all the while, with the sessions, ephemeral znodes and watches that they began with.
 */
final class Migration {
    /** Beyond initLimit: an Apache election can stall that long (election.md 6.3). */
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static final int WRITTEN_IN_EACH_STEP = 20;

    private final EnsembleProcess ensemble;
    private final Verdict verdict = new Verdict();
    private int restarts;
    private int acknowledged;

    /** Of servers that are laid out and do not run. */
    Migration(EnsembleProcess ensemble) {
        this.ensemble = ensemble;
    }

    /** From Apache's to ours and back; returns what is wrong after it. */
    Verdict thereAndBack() throws Exception {
        ensemble.startAll();
        ensemble.awaitServing(BOUND);
        RecordingWatcher watcher = new RecordingWatcher();
        ZooKeeper watching = Clients.connect(ensemble.connectString(), watcher);
        List<Writer> writers = new ArrayList<>();
        try {
            watching.create("/watched", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            watching.exists("/watched", true);
            watching.getChildren("/watched", true);
            writers.add(new Writer(ensemble.connectString(), "/first", Duration.ofMillis(10)));
            writers.add(new Writer(ensemble.connectString(), "/second", Duration.ofMillis(10)));
            replaceEach(Servers.ours(), writers);
            verifyAsAnOperatorDoes();
            replaceEach(Flavour.APACHE, writers);
            for (Writer writer : writers) {
                writer.stopWriting();
                acknowledged += writer.count();
                verdict.requireSession(writer);
            }
            assertThat(watcher.znodeEvents()).isEmpty();
            watching.create("/watched/child", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            watching.setData("/watched", new byte[1], 0);
            await("both watches").atMost(BOUND).until(() -> watcher.znodeEvents()
                    .equals(List.of("NodeChildrenChanged /watched", "NodeDataChanged /watched")));
            judge(writers);
        } finally {
            writers.forEach(Writer::close);
            Clients.close(watching);
        }
        return verdict;
    }

    MatrixTable.Row row(String version) {
        return new MatrixTable.Row(
                version,
                "migration and back",
                "all",
                restarts,
                acknowledged,
                verdict.of(Verdict.Check.LOST).size(),
                verdict.of(Verdict.Check.DIFFERING).size());
    }

    private void replaceEach(Flavour by, List<Writer> writers) {
        List<ServerProcess> inOrder = new ArrayList<>(ensemble.servers());
        ServerProcess leader = ensemble.leader();
        inOrder.remove(leader);
        inOrder.add(leader);
        for (ServerProcess server : inOrder) {
            server.stop();
            awaitWrites(writers);
            server.startAs(by);
            ensemble.awaitServing(BOUND);
            restarts++;
            awaitWrites(writers);
        }
    }

    /** In the middle, when all servers are ours: the tree is equal on all of them. */
    private void verifyAsAnOperatorDoes() throws Exception {
        CommandRun run = CommandRun.of("ensemble", "verify", "--full", "--servers", ensemble.connectString());
        assertThat(run.exit()).as(run.text()).isZero();
    }

    private static void awaitWrites(List<Writer> writers) {
        for (Writer writer : writers) {
            int before = writer.count();
            await("writes to " + writer.path())
                    .atMost(BOUND)
                    .until(() -> writer.count() >= before + WRITTEN_IN_EACH_STEP);
        }
    }

    private void judge(List<Writer> writers) throws Exception {
        SortedMap<String, List<String>> trees = KillsInTurn.trees(ensemble);
        List<String> paths = new ArrayList<>();
        for (Writer writer : writers) {
            paths.add(writer.ephemeralPath());
            writer.acknowledgedNames().forEach(name -> paths.add(writer.path() + "/" + name));
        }
        verdict.requireAll(paths, trees).requireEqual(trees);
        for (ServerProcess server : ensemble.servers()) {
            verdict.requireNoDigestComplaint(
                    server.toString(), Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1));
        }
    }
}
