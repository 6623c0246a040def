package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.compat.Clients;
import io.matriarch.compat.TreeDump;
import io.matriarch.server.ServerStartException;
import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One byte of one file of a server that is down changes, at places drawn from {@code -Dfaults.seed=N}: {@code -Dfaults.flips=N} of each
 * kind. It starts with the tree that it had, or refuses and says which file, where, and what to do; never with another tree.
 */
@Timeout(1_800)
class ByteFaults {
    private static final int FLIPS = Integer.getInteger("faults.flips", 40);
    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final int ZNODES = 150;
    private static final int SNAP_COUNT = 60;
    private static final int PRE_ALLOC_BYTES = 1 << 14;
    private static final int BYTE_VALUES = 255;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void ofAServerAlone() throws Exception {
        try (TestEnsemble ensemble = ensemble(1)) {
            List<String> tree = fill(ensemble);
            TestServer server = ensemble.server(1);
            server.stop();
            DataDirectory files = DataDirectory.of(server.dataDir());
            for (String kind : List.of("log.", "snapshot.")) {
                for (int i = 0; i < FLIPS; i++) {
                    Flip flip = draw(files, kind);
                    files.restore();
                    files.flip(flip.file, flip.offset, flip.mask);
                    judge(flip, server, tree);
                    server.kill();
                }
            }
        }
        System.out.println("one byte changed, seed " + SEED + ", a server alone: " + outcomes);
    }

    @Test
    void ofAFollower() throws Exception {
        try (TestEnsemble ensemble = ensemble(3)) {
            fill(ensemble);
            TestServer server = ensemble.follower();
            server.stop();
            DataDirectory files = DataDirectory.of(server.dataDir());
            fill(ensemble.leader(), "/later");
            List<String> tree = dump(ensemble.leader());
            for (String kind : List.of("log.", "snapshot.", "acceptedEpoch", "currentEpoch")) {
                for (int i = 0; i < FLIPS / 2; i++) {
                    Flip flip = draw(files, kind);
                    files.restore();
                    files.flip(flip.file, flip.offset, flip.mask);
                    judge(flip, server, tree);
                    server.kill();
                }
            }
        }
        System.out.println("one byte changed, seed " + SEED + ", a follower: " + outcomes);
    }

    /**
     * What is changed.
     *
     * @param isOfLastRecord of the log
     * @param isPromiseLost the accepted epoch is no number any more, and nobody may guess it
     */
    private record Flip(
            String kind, String file, int offset, int mask, boolean isOfLastRecord, boolean isPromiseLost) {}

    private Flip draw(DataDirectory files, String kind) {
        List<String> all = files.named(kind);
        // What is older than the newest snapshot matters less: every second change is in the newest file.
        String file = all.get(random.nextBoolean() ? all.size() - 1 : random.nextInt(all.size()));
        int bytes = files.bytes(file).length;
        boolean isLast = false;
        int offset;
        if (kind.equals("log.")) {
            DataDirectory.LogEnd end = files.endOf(file);
            offset = random.nextInt(end.end());
            isLast = file.equals(all.get(all.size() - 1)) && offset >= end.lastRecord();
        } else {
            offset = random.nextInt(bytes);
        }
        int mask = 1 + random.nextInt(BYTE_VALUES);
        boolean isDigit = Character.isDigit((files.bytes(file)[offset] ^ mask) & 0xff);
        boolean isPromiseLost = kind.equals("acceptedEpoch") && offset < bytes - 1 && !isDigit;
        return new Flip(kind, file, offset, mask, isLast, isPromiseLost);
    }

    private void judge(Flip flip, TestServer server, List<String> tree) throws Exception {
        String outcome;
        try {
            server.start();
            assertThat(flip.isPromiseLost).as(flip.toString()).isFalse();
            List<String> now = dump(server);
            if (flip.isOfLastRecord) {
                // Nobody can tell it from one that was never written to its end (disk.md R2, R3).
                assertThat(tree).as(flip.toString()).containsAll(now);
                outcome = "end was cut";
            } else {
                assertThat(now).as(flip.toString()).isEqualTo(tree);
                outcome = "same tree";
            }
        } catch (ServerStartException refused) {
            assertThat(refused).as(flip.toString()).hasMessageContaining(flip.file);
            if (flip.kind.equals("log.")) {
                assertThat(refused)
                        .as(flip.toString())
                        .hasMessageFindingMatch("offset \\d+")
                        .hasMessageContaining("zxid");
            }
            assertThat(refused).as(flip.toString()).hasMessageFindingMatch("(?i)move|restore|backup|write into");
            outcome = "refused";
        }
        outcomes.merge(flip.kind + " " + outcome, 1, Integer::sum);
    }

    private TestEnsemble ensemble(int size) {
        return TestEnsemble.builder()
                .servers(size)
                .directory(directory)
                .settings(settings -> settings.snapCount(SNAP_COUNT)
                        .preAllocBytes(PRE_ALLOC_BYTES)
                        .forcesLog(false))
                .start();
    }

    private static List<String> fill(TestEnsemble ensemble) throws Exception {
        fill(ensemble.leader(), "/first");
        fill(ensemble.leader(), "/second");
        return dump(ensemble.leader());
    }

    private static void fill(TestServer server, String parent) throws Exception {
        ZooKeeper zk = Clients.connect(server.connectString());
        try {
            zk.create(parent, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            for (int i = 0; i < ZNODES; i++) {
                byte[] data = ("what " + parent + " holds at " + i).getBytes(StandardCharsets.UTF_8);
                zk.create(parent + "/" + i, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
        } finally {
            Clients.close(zk);
        }
    }

    private static List<String> dump(TestServer server) throws Exception {
        ZooKeeper zk = Clients.connect(server.connectString());
        try {
            return TreeDump.of(zk);
        } finally {
            Clients.close(zk);
        }
    }
}
