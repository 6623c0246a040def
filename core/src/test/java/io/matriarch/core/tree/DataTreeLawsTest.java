package io.matriarch.core.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Stat;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Level 0: random transactions, against an oracle and against each other. */
class DataTreeLawsTest {
    private static final int SEEDS = 40;
    private static final int TXNS = 600;

    @Test
    void everyTransactionDoesWhatTheTableOfDisk7Says() {
        for (long seed = 0; seed < SEEDS; seed++) {
            TxnStream stream = new TxnStream(seed);
            DataTree tree = new DataTree();
            TreeOracle oracle = new TreeOracle();
            for (int i = 0; i < TXNS; i++) {
                Txn txn = stream.next();
                tree.apply(txn, TreeListener.NONE);
                oracle.apply(txn);
                assertThat(tree.digest()).as("digest, seed %d, %s", seed, txn).isEqualTo(oracle.digest());
                if (i % 50 == 0 || i == TXNS - 1) {
                    assertSame(tree, oracle, "seed " + seed + ", " + txn);
                }
            }
        }
    }

    private static void assertSame(DataTree tree, TreeOracle oracle, String where) {
        Snapshots.Content content = Snapshots.of(tree);
        assertThat(content.nodes()).as(where).isEqualTo(oracle.nodes);
        assertThat(content.acls()).as(where).isEqualTo(oracle.acls);
        assertThat(content.sessions()).as(where).isEqualTo(oracle.sessions);
        assertThat(tree.nodeCount()).isEqualTo(oracle.nodes.size());
        long bytes = 1;
        Map<Long, List<String>> ephemerals = new HashMap<>();
        for (NodeRecord node : oracle.nodes.values()) {
            bytes += node.path().length()
                    + (node.data() == null ? 0 : node.data().length());
            Znode znode = tree.find(node.path());
            Stat stat = znode.stat();
            int children = oracle.childCount(node.path());
            assertThat(znode.path()).isEqualTo(node.path().isEmpty() ? "/" : node.path());
            assertThat(stat.numChildren()).isEqualTo(children);
            assertThat(stat.cversion()).isEqualTo(2 * node.cversion() - children);
            assertThat(znode.childNames()).hasSize(children).doesNotHaveDuplicates();
            assertThat(tree.descendantCount(znode)).isEqualTo((int) oracle.nodes.keySet().stream()
                    .filter(path -> path.startsWith(node.path() + "/"))
                    .count());
            if (stat.ephemeralOwner() != 0) {
                ephemerals
                        .computeIfAbsent(stat.ephemeralOwner(), owner -> new ArrayList<>())
                        .add(node.path());
            }
        }
        assertThat(tree.approximateDataBytes()).isEqualTo(bytes);
        ephemerals.forEach(
                (owner, paths) -> assertThat(tree.ephemerals(owner)).containsExactlyInAnyOrderElementsOf(paths));
        assertThat(tree.ephemeralCount())
                .isEqualTo(ephemerals.values().stream().mapToInt(List::size).sum());
    }

    @Test
    void aViewReadInSlicesWhileWritesGoOnEqualsTheTreeAtItsBeginning() {
        for (long seed = 0; seed < SEEDS; seed++) {
            TxnStream stream = new TxnStream(seed);
            DataTree tree = new DataTree();
            Map<FrozenTree, Snapshots.Content> expected = new LinkedHashMap<>();
            Map<FrozenTree, List<SnapshotPiece>> pieces = new LinkedHashMap<>();
            int finished = 0;
            for (int i = 0; i < TXNS; i++) {
                if (expected.size() < 3 && stream.random().nextInt(20) == 0) {
                    Snapshots.Content now = Snapshots.of(tree);
                    FrozenTree view = tree.freeze();
                    expected.put(view, now);
                    pieces.put(view, new ArrayList<>());
                }
                tree.apply(stream.next(), TreeListener.NONE);
                for (FrozenTree view : List.copyOf(expected.keySet())) {
                    if (stream.random().nextInt(4) == 0) {
                        SnapshotPiece piece = view.next(1 + stream.random().nextInt(400));
                        pieces.get(view).add(piece);
                        boolean isOver = piece instanceof SnapshotPiece.End;
                        if (isOver) {
                            assertThat(Snapshots.content(pieces.get(view)))
                                    .as("seed %d, view at %s read until %d", seed, view.zxid(), i)
                                    .isEqualTo(expected.get(view));
                            finished++;
                        }
                        if (isOver || stream.random().nextInt(50) == 0) {
                            view.close();
                            expected.remove(view);
                        }
                    }
                }
            }
            expected.keySet().forEach(FrozenTree::close);
            assertThat(finished).isPositive();
            assertNothingIsKept(tree);
        }
    }

    /** When no view is open, no deleted znode hangs in a list. */
    private static void assertNothingIsKept(DataTree tree) {
        List<Znode> open = new ArrayList<>(List.of(tree.find("/")));
        while (!open.isEmpty()) {
            Znode node = open.remove(open.size() - 1);
            int children = 0;
            for (Znode child = node.firstChild; child != null; child = child.next) {
                assertThat(child.isDeleted()).isFalse();
                assertThat(child.parent).isSameAs(node);
                assertThat(child.next == null ? node.firstChild.prev : child.next.prev)
                        .isSameAs(child);
                children++;
                open.add(child);
            }
            assertThat(children).isEqualTo(node.childCount());
        }
    }

    @Test
    void aTreeLoadedFromItsSnapshotIsTheSameTree() {
        for (long seed = 0; seed < SEEDS; seed++) {
            TxnStream stream = new TxnStream(seed);
            DataTree tree = new DataTree();
            for (int i = 0; i < TXNS; i++) {
                tree.apply(stream.next(), TreeListener.NONE);
            }
            List<SnapshotPiece> pieces = Snapshots.pieces(tree.freeze(), 100);
            DataTree loaded = Snapshots.load(pieces, tree.lastApplied());
            assertThat(Snapshots.of(loaded)).isEqualTo(Snapshots.of(tree));
            assertThat(loaded.digest()).isEqualTo(tree.digest());
            assertThat(loaded.approximateDataBytes()).isEqualTo(tree.approximateDataBytes());
            assertThat(loaded.ephemeralCount()).isEqualTo(tree.ephemeralCount());
            for (int i = 0; i < 100; i++) {
                Txn txn = stream.next();
                assertThat(loaded.apply(txn, TreeListener.NONE)).isEqualTo(tree.apply(txn, TreeListener.NONE));
            }
            assertThat(Snapshots.of(loaded)).isEqualTo(Snapshots.of(tree));
        }
    }

    @Test
    void theSameTransactionsMakeTheSameTreeToTheOrderOfChildren() {
        TxnStream one = new TxnStream(7);
        TxnStream two = new TxnStream(7);
        DataTree first = new DataTree();
        DataTree second = new DataTree();
        for (int i = 0; i < TXNS; i++) {
            first.apply(one.next(), TreeListener.NONE);
            second.apply(two.next(), TreeListener.NONE);
        }
        assertThat(Snapshots.pieces(first.freeze(), 500)).isEqualTo(Snapshots.pieces(second.freeze(), 500));
        assertThat(first.lastApplied()).isEqualTo(new Zxid(TXNS));
    }

    @Test
    void theIndexFindsWhatIsThereAndNothingElseAtAnySize() {
        DataTree tree = new DataTree();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String path = (i % 3 == 0 || paths.isEmpty() ? "" : paths.get(i * 31 % paths.size())) + "/n" + i;
            tree.apply(Txns.create(i + 1, path, -1), TreeListener.NONE);
            paths.add(path);
        }
        for (String path : paths) {
            assertThat(tree.find(path).path()).isEqualTo(path);
            assertThat(tree.find(path + "/")).isNull();
            assertThat(tree.find(path + "x")).isNull();
            assertThat(tree.find(path.substring(1))).isNull();
            assertThat(tree.find("/" + path)).isNull();
        }
    }
}
