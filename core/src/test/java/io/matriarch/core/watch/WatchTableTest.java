package io.matriarch.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Level 1: client.md 13, and the scenarios W* as far as they do not need a connection. */
class WatchTableTest {
    private static final LinkId A = new LinkId(1);
    private static final LinkId B = new LinkId(2);
    private static final String[] TYPES = {"", "Created", "Deleted", "DataChanged", "ChildrenChanged"};

    private final List<String> fired = new ArrayList<>();
    private final WatchTable table = new WatchTable((link, event, acl, zxid) ->
            fired.add(link.value() + " " + TYPES[event.type()] + " " + event.path() + " @" + zxid));
    private final DataTree tree = new DataTree();
    private long zxid;

    private void apply(int type, TxnBody body) {
        zxid++;
        tree.apply(new Txn(new TxnHeader(1, 1, new Zxid(zxid), 1, type), body, null), table);
    }

    private void create(String path) {
        apply(OpCode.CREATE, new CreateTxn(path, null, Acl.OPEN, false, -1));
    }

    private void delete(String path) {
        apply(OpCode.DELETE, new DeleteTxn(path));
    }

    private void set(String path) {
        apply(OpCode.SET_DATA, new SetDataTxn(path, Bytes.EMPTY, 1));
    }

    private List<String> shown(boolean isByPath) {
        List<String> shown = new ArrayList<>();
        WatchTable.Visitor visitor = (link, path) -> shown.add(link.value() + " " + path);
        if (isByPath) {
            table.visitByPath(visitor);
        } else {
            table.visit(A, visitor);
            table.visit(B, visitor);
        }
        return shown;
    }

    @Test
    void watchesOnDataAndExistenceAreShownOnceAndThoseOnChildrenAreNot() {
        table.add(A, "/data", WatchKind.DATA);
        table.add(A, "/data", WatchKind.PERSISTENT);
        table.add(A, "/children", WatchKind.CHILD);
        table.add(B, "/data", WatchKind.RECURSIVE);
        assertThat(shown(false)).containsExactly("1 /data", "2 /data");
        assertThat(shown(true)).containsExactly("1 /data", "2 /data");

        table.removeLink(A);
        assertThat(shown(true)).containsExactly("2 /data");
    }

    private List<String> fired() {
        List<String> copy = List.copyOf(fired);
        fired.clear();
        return copy;
    }

    @Test
    void w1ADataWatchFiresOnce() {
        create("/a");
        table.add(A, "/a", WatchKind.DATA);
        table.add(A, "/a", WatchKind.DATA);
        assertThat(table.count()).isEqualTo(1);
        set("/a");
        delete("/a");
        assertThat(fired()).containsExactly("1 DataChanged /a @2");
        assertThat(table.count() + table.pathCount() + table.linkCount()).isZero();
    }

    @Test
    void w2DeletedIsToldOnceThoughDataAndChildWatchMatch() {
        create("/a");
        table.add(A, "/a", WatchKind.CHILD);
        table.add(B, "/a", WatchKind.CHILD);
        table.add(B, "/a", WatchKind.DATA);
        delete("/a");
        assertThat(fired()).containsExactly("2 Deleted /a @2", "1 Deleted /a @2");
        assertThat(table.count()).isZero();
    }

    @Test
    void w3CreatedPrecedesChildrenChangedOfTheParent() {
        table.add(A, "/a", WatchKind.DATA);
        table.add(A, "/", WatchKind.CHILD);
        create("/a");
        assertThat(fired()).containsExactly("1 Created /a @1", "1 ChildrenChanged / @1");
    }

    @Test
    void w7PersistentSeesTheNodeAndItsChildren() {
        table.add(A, "/a", WatchKind.PERSISTENT);
        create("/a");
        create("/a/b");
        set("/a");
        delete("/a/b");
        delete("/a");
        create("/a");
        assertThat(fired())
                .containsExactly(
                        "1 Created /a @1",
                        "1 ChildrenChanged /a @2",
                        "1 DataChanged /a @3",
                        "1 ChildrenChanged /a @4",
                        "1 Deleted /a @5",
                        "1 Created /a @6");
    }

    @Test
    void w8RecursiveSeesEveryDescendantAndNeverChildrenChanged() {
        table.add(A, "/a", WatchKind.RECURSIVE);
        create("/a");
        create("/a/b");
        create("/a/b/c");
        create("/ab");
        set("/a/b");
        delete("/a/b/c");
        assertThat(fired())
                .containsExactly(
                        "1 Created /a @1",
                        "1 Created /a/b @2",
                        "1 Created /a/b/c @3",
                        "1 DataChanged /a/b @5",
                        "1 Deleted /a/b/c @6");
    }

    @Test
    void w9RecursiveOnTheRootSeesAllAndTheRootItself() {
        table.add(A, "/", WatchKind.RECURSIVE);
        create("/x");
        create("/x/y");
        set("/");
        assertThat(fired()).containsExactly("1 Created /x @1", "1 Created /x/y @2", "1 DataChanged / @3");
    }

    @Test
    void w10KindsOnOnePathLiveBesideEachOtherAndTellOnce() {
        create("/a");
        table.add(A, "/a", WatchKind.PERSISTENT);
        table.add(A, "/a", WatchKind.RECURSIVE);
        table.add(A, "/a", WatchKind.DATA);
        assertThat(table.count()).isEqualTo(4);
        set("/a");
        assertThat(fired()).containsExactly("1 DataChanged /a @2");
        assertThat(table.has(A, "/a", WatchKind.DATA)).isFalse();
        assertThat(table.remove(A, "/a", WatchKind.PERSISTENT)).isTrue();
        create("/a/b");
        assertThat(fired()).containsExactly("1 Created /a/b @3");
    }

    @Test
    void w12RemovalTakesOnlyTheKindItNames() {
        table.add(A, "/a", WatchKind.DATA);
        assertThat(table.remove(A, "/a", WatchKind.CHILD)).isFalse();
        assertThat(table.remove(A, "/b", null)).isFalse();
        assertThat(table.remove(B, "/a", null)).isFalse();
        assertThat(table.has(A, "/a", null)).isTrue();
        assertThat(table.remove(A, "/a", null)).isTrue();
        create("/a");
        assertThat(fired()).isEmpty();
        assertThat(table.pathCount()).isZero();
    }

    @Test
    void w13OneRemovesTheOtherStillHears() {
        table.add(A, "/a", WatchKind.DATA);
        table.add(B, "/a", WatchKind.DATA);
        table.removeLink(A);
        create("/a");
        assertThat(fired()).containsExactly("2 Created /a @1");
        table.removeLink(B);
        assertThat(table.linkCount()).isZero();
    }

    @Test
    void grandchildrenAndChildrensDataDoNotFireAChildWatch() {
        create("/a");
        create("/a/b");
        table.add(A, "/a", WatchKind.CHILD);
        create("/a/b/c");
        set("/a/b");
        assertThat(fired()).isEmpty();
    }

    @Test
    void w4W5W6SetWatchesTellsWhatWasMissedAndArmsTheRest() {
        create("/same"); // 1
        create("/changed"); // 2
        create("/parent"); // 3
        set("/changed"); // 4
        create("/parent/x"); // 5
        create("/again"); // 6
        table.restore(
                A,
                new Request.SetWatches(
                        3,
                        List.of("/same", "/changed", "/gone", "/again"),
                        List.of("/absent", "/again"),
                        List.of("/same", "/parent", "/gone"),
                        List.of("/p"),
                        List.of("/r"),
                        true),
                tree);
        assertThat(fired())
                .containsExactly(
                        "1 DataChanged /changed @-1",
                        "1 Deleted /gone @-1",
                        "1 DataChanged /again @-1",
                        "1 Created /again @-1",
                        "1 ChildrenChanged /parent @-1",
                        "1 Deleted /gone @-1");
        set("/same");
        create("/same/c");
        create("/absent");
        create("/p");
        create("/r");
        set("/r");
        assertThat(fired())
                .containsExactly(
                        "1 DataChanged /same @7",
                        "1 ChildrenChanged /same @8",
                        "1 Created /absent @9",
                        "1 Created /p @10",
                        "1 Created /r @11",
                        "1 DataChanged /r @12");
    }

    @Test
    void countsAgreeWithASetUnderRandomUse() {
        Random random = new Random(5);
        Set<String> oracle = new TreeSet<>();
        WatchKind[] kinds = WatchKind.values();
        for (int i = 0; i < 20_000; i++) {
            LinkId link = new LinkId(random.nextInt(5));
            String path = "/" + random.nextInt(6);
            WatchKind kind = kinds[random.nextInt(4)];
            String key = link + path + kind;
            int action = random.nextInt(20);
            if (action < 12) {
                table.add(link, path, kind);
                oracle.add(key);
            } else if (action < 17) {
                assertThat(table.remove(link, path, kind)).isEqualTo(oracle.remove(key));
            } else if (action < 19) {
                table.dataChanged(path, Acl.OPEN, 1);
                oracle.removeIf(other -> other.endsWith(path + WatchKind.DATA));
            } else {
                table.removeLink(link);
                oracle.removeIf(other -> other.startsWith(link + "/"));
            }
            assertThat(table.has(link, path, kind)).isEqualTo(oracle.contains(key));
        }
        long persistent =
                oracle.stream().filter(key -> key.endsWith("PERSISTENT")).count();
        assertThat((long) table.count()).isEqualTo(oracle.size() + persistent);
    }
}
