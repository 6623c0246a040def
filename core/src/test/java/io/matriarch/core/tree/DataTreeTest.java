package io.matriarch.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Stat;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.CreateTtlTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnDigest;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Level 1: clauses of client.md 9 and disk.md 7 to 9. */
class DataTreeTest {
    private static final List<Acl> PRIVATE = List.of(new Acl(31, new Id("digest", "u:h")));

    private final DataTree tree = new DataTree();

    @Test
    void digestVectorsOfDisk9() {
        assertThat(tree.digest()).isEqualTo(1371985504L);
        TxnHeader header = new TxnHeader(1, 1, new Zxid(0x100000001L), 1700000000000L, OpCode.CREATE);
        tree.apply(new Txn(header, new CreateTxn("/a", Bytes.utf8("hi"), Acl.OPEN, false, 1), null), TreeListener.NONE);
        assertThat(tree.digest()).isEqualTo(5188309700L);
        assertThat(new NodeDigest().of(tree.find("/"), "/")).isEqualTo(2976110387L);
        assertThat(new NodeDigest().of(tree.find("/a"), "/a")).isEqualTo(908537401L);
    }

    @Test
    void digestsOfThe1024LastMultiplesOf128AreKept() {
        for (int zxid = 1; zxid <= 128; zxid++) {
            Txns.applyAll(tree, Txns.create(zxid, "/" + zxid, 0));
        }
        long digest = tree.digest();
        Txns.applyAll(tree, Txns.create(129, "/129", 0));
        assertThat(tree.digestLog().entries()).containsExactly(new DigestLog.Entry(new Zxid(128), digest));

        for (int i = 2; i <= 1026; i++) {
            Txns.applyAll(tree, Txns.setData(128L * i, "/1", "x", i));
        }
        assertThat(tree.digestLog().entries()).hasSize(1024);
        assertThat(tree.digestLog().entries().get(0).zxid()).isEqualTo(new Zxid(3 * 128));
        assertThat(tree.digestLog().entries().get(1023))
                .isEqualTo(new DigestLog.Entry(new Zxid(1026 * 128), tree.digest()));
    }

    @Test
    void digestsOfATreeThatMayHoldHalfATransactionAreNotKept() {
        tree.exactFrom(new Zxid(128));
        Txns.applyAll(tree, Txns.create(128, "/a", 0), Txns.create(256, "/b", 0));
        assertThat(tree.digestLog().entries()).containsExactly(new DigestLog.Entry(new Zxid(256), tree.digest()));
    }

    @Test
    void freshTreeOfClient9() {
        assertThat(tree.find("/").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0));
        assertThat(tree.find("/zookeeper").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, -2, 0, 0, 0, 2, 0));
        assertThat(tree.find("/zookeeper/config").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0));
        assertThat(tree.find("/zookeeper/config").acl()).isEqualTo(Acl.READ);
        assertThat(tree.nodeCount()).isEqualTo(4);
        assertThat(tree.approximateDataBytes()).isEqualTo(44);
        Txns.applyAll(tree, Txns.create(1, "/foo", 1));
        assertThat(tree.find("/").stat().cversion()).isZero();
        assertThat(tree.find("/").stat().numChildren()).isEqualTo(2);
    }

    @Test
    void s1ToS6StatsOfANodeAndItsParent() {
        Txns.applyAll(tree, Txns.create(1, "/foo", 1), Txns.create(2, "/foo/bar", 1));
        Stat foo = tree.find("/foo").stat();
        assertThat(foo).isEqualTo(new Stat(1, 1, Txns.TIME + 1, Txns.TIME + 1, 0, 1, 0, 0, 1, 1, 2));
        assertThat(tree.find("/foo/bar").stat())
                .isEqualTo(new Stat(2, 2, Txns.TIME + 2, Txns.TIME + 2, 0, 0, 0, 0, 1, 0, 2));
        Txns.applyAll(tree, Txns.setData(3, "/foo/bar", "xyz", 1));
        assertThat(tree.find("/foo").stat()).isEqualTo(foo);
        assertThat(tree.find("/foo/bar").stat())
                .isEqualTo(new Stat(2, 3, Txns.TIME + 2, Txns.TIME + 3, 1, 0, 0, 0, 3, 0, 2));
        Txns.applyAll(tree, Txns.delete(4, "/foo/bar"));
        assertThat(tree.find("/foo").stat())
                .isEqualTo(new Stat(1, 1, Txns.TIME + 1, Txns.TIME + 1, 0, 2, 0, 0, 1, 0, 4));
    }

    @Test
    void k8ContainerAndTtlNodesShowNoOwner() {
        Txns.applyAll(
                tree,
                Txns.container(1, "/c", 1),
                Txns.txn(2, OpCode.CREATE_TTL, new CreateTtlTxn("/t", null, Acl.OPEN, 2, 1000)));
        assertThat(tree.find("/c").stat().ephemeralOwner()).isZero();
        assertThat(tree.find("/t").stat().ephemeralOwner()).isZero();
        assertThat(tree.ephemeralCount()).isZero();
        assertThat(tree.expiredTtlNodes(Txns.TIME + 1002)).isEmpty();
        assertThat(tree.expiredTtlNodes(Txns.TIME + 1003)).containsExactly("/t");
    }

    @Test
    void k1K2AContainerIsToGoOnceItHadChildrenAndHasNone() {
        Txns.applyAll(tree, Txns.container(1, "/c", 1), Txns.container(2, "/unused", 2));
        assertThat(tree.emptyContainers()).isEmpty();
        Txns.applyAll(tree, Txns.create(3, "/c/x", 1));
        assertThat(tree.emptyContainers()).isEmpty();
        Txns.applyAll(tree, Txns.delete(4, "/c/x"));
        assertThat(tree.emptyContainers()).containsExactly("/c");
    }

    @Test
    void k10DescendantsAreCountedByTreeNotByName() {
        Txns.applyAll(tree, Txns.create(1, "/t", 1), Txns.create(2, "/tX", 2));
        long zxid = 3;
        for (String child : List.of("/t/0", "/t/1")) {
            tree.apply(Txns.create(zxid++, child, -1), TreeListener.NONE);
            for (int i = 0; i < 3; i++) {
                tree.apply(Txns.ephemeral(Txns.SESSION, zxid++, child + "/" + i, -1), TreeListener.NONE);
            }
        }
        assertThat(tree.descendantCount(tree.find("/t/0"))).isEqualTo(3);
        assertThat(tree.descendantCount(tree.find("/t/0/1"))).isZero();
        assertThat(tree.descendantCount(tree.find("/tX"))).isZero();
        assertThat(tree.descendantCount(tree.find("/t"))).isEqualTo(8);
        assertThat(tree.descendantCount(tree.find("/"))).isEqualTo(13);
    }

    @Test
    void scenario7And8ReplayOntoANewerTreeRaisesTheParentAndNothingElse() {
        Txns.applyAll(tree, Txns.create(1, "/a", 1), Txns.create(5, "/a/x", 3));
        Stat before = tree.find("/a/x").stat();
        TxnResult result = tree.apply(Txns.create(7, "/a/x", 4), TreeListener.NONE);
        assertThat(result.err()).isEqualTo(ErrorCode.NODE_EXISTS);
        assertThat(tree.find("/a").createdChildren()).isEqualTo(4);
        assertThat(tree.find("/a").pzxid()).isEqualTo(7);
        assertThat(tree.find("/a/x").stat()).isEqualTo(before);
        tree.apply(Txns.create(7, "/a/x", 2), TreeListener.NONE);
        assertThat(tree.find("/a").createdChildren()).isEqualTo(4);
        result = tree.apply(Txns.delete(9, "/a/missing"), TreeListener.NONE);
        assertThat(result.err()).isEqualTo(ErrorCode.NO_NODE);
        assertThat(tree.find("/a").pzxid()).isEqualTo(9);
        assertThat(tree.apply(Txns.create(10, "/no/parent", 1), TreeListener.NONE)
                        .err())
                .isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void closeSessionDeletesWhatIsListedAndWhatElseTheSessionOwns() {
        long other = Txns.SESSION + 1;
        Txns.applyAll(
                tree,
                Txns.open(Txns.SESSION, 1),
                Txns.open(other, 2),
                Txns.ephemeral(Txns.SESSION, 3, "/e1", 1),
                Txns.ephemeral(Txns.SESSION, 4, "/e2", 2),
                Txns.ephemeral(other, 5, "/f", 3),
                Txns.close(Txns.SESSION, 6, List.of("/e2", "/gone")));
        assertThat(tree.find("/e1")).isNull();
        assertThat(tree.find("/e2")).isNull();
        assertThat(tree.find("/").pzxid()).isEqualTo(6);
        assertThat(tree.hasSession(Txns.SESSION)).isFalse();
        assertThat(tree.ephemerals(other)).containsExactly("/f");
        Txns.applyAll(tree, Txns.close(other, 7, null));
        assertThat(tree.ephemeralCount()).isZero();
        assertThat(tree.sessionCount()).isZero();
    }

    @Test
    void zabR24OwnersWithoutSessionAreNamed() {
        Txns.applyAll(tree, Txns.open(Txns.SESSION, 1), Txns.ephemeral(Txns.SESSION, 2, "/e", 1));
        assertThat(tree.unknownOwners()).isEmpty();
        Txns.applyAll(tree, Txns.ephemeral(99, 3, "/f", 2));
        assertThat(tree.unknownOwners()).containsExactly(99L);
    }

    @Test
    void aMultiWithOneErrorDoesNothingButMovesTheZxid() {
        long digest = tree.digest();
        TxnResult result = tree.apply(
                Txns.multi(
                        5,
                        new SubTxn(OpCode.CREATE, new CreateTxn("/a", null, Acl.OPEN, false, 1)),
                        new SubTxn(OpCode.ERROR, new ErrorTxn(ErrorCode.NO_NODE)),
                        new SubTxn(OpCode.ERROR, new ErrorTxn(ErrorCode.RUNTIME_INCONSISTENCY))),
                TreeListener.NONE);
        assertThat(result.parts()).extracting(TxnResult::err).containsExactly(0, -101, -2);
        assertThat(tree.digest()).isEqualTo(digest);
        assertThat(tree.lastApplied()).isEqualTo(new Zxid(5));
    }

    @Test
    void theZxidOfAMultiMovesAfterAllOfItsParts() {
        List<Zxid> seen = new ArrayList<>();
        TreeListener listener = new TreeListener() {
            @Override
            public void created(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {
                seen.add(tree.lastApplied());
            }

            @Override
            public void deleted(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {
                seen.add(tree.lastApplied());
            }

            @Override
            public void dataChanged(String path, List<Acl> acl, long zxid) {}
        };
        tree.apply(
                Txns.multi(
                        5,
                        new SubTxn(OpCode.CREATE, new CreateTxn("/a", null, Acl.OPEN, false, 1)),
                        new SubTxn(OpCode.DELETE, new DeleteTxn("/a"))),
                listener);
        assertThat(seen).containsExactly(Zxid.ZERO, Zxid.ZERO);
    }

    @Test
    void configIsWrittenWithoutATransaction() {
        long digest = tree.digest();
        tree.setConfig("server.1=a:1:2:participant\nversion=100000000", 0x100000000L, 77);
        Stat stat = tree.find(DataTree.CONFIG).stat();
        assertThat(stat.version()).isEqualTo(-1);
        assertThat(stat.aversion()).isEqualTo(-1);
        assertThat(stat.czxid()).isZero();
        assertThat(stat.mzxid()).isEqualTo(0x100000000L);
        assertThat(stat.mtime()).isEqualTo(77);
        assertThat(tree.digest()).isEqualTo(digest);
        assertThat(tree.lastApplied()).isEqualTo(Zxid.ZERO);
    }

    @Test
    void dataDoesNotKeepTheBytesItCameFromNorSharesThem() {
        byte[] packet = "....payload....".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Bytes slice = Bytes.wrap(packet, 4, 7);
        tree.apply(Txns.txn(1, OpCode.CREATE, new CreateTxn("/a", slice, Acl.OPEN, false, 1)), TreeListener.NONE);
        assertThat(tree.find("/a").data().array()).hasSize(7);
        tree.apply(Txns.txn(2, OpCode.CREATE, new CreateTxn("/n", null, Acl.OPEN, false, 2)), TreeListener.NONE);
        assertThat(tree.find("/n").data()).isNull();
    }

    @Test
    void a5ListsThatNobodyNamesLeaveTheTable() {
        Txns.applyAll(tree, Txns.create(1, "/a", 1, PRIVATE), Txns.create(2, "/b", 2, PRIVATE));
        assertThat(tree.acls.lists()).hasSize(2).containsValue(PRIVATE);
        Txns.applyAll(tree, Txns.setAcl(3, "/a", Acl.OPEN, 1), Txns.delete(4, "/b"));
        assertThat(tree.acls.lists().values()).containsExactly(Acl.READ);
    }

    // --- loading -------------------------------------------------------------------------------------------------

    private static NodeRecord node(String path, long aclId) {
        return new NodeRecord(path, null, aclId, 1, 1, 1, 1, 0, 0, 0, 0, 1);
    }

    private static SnapshotPiece.Tables tables() {
        return new SnapshotPiece.Tables(new LinkedHashMap<>(), new LinkedHashMap<>(Map.of(7L, PRIVATE)));
    }

    @Test
    void scenario9AnAccessListThatIsMissingComesWithItsCreate() {
        DataTree loaded = Snapshots.load(
                List.of(
                        tables(),
                        new SnapshotPiece.Nodes(List.of(node("", -1), node("/a", 7), node("/b", 8))),
                        SnapshotPiece.End.BARE),
                new Zxid(1));
        assertThat(loaded.find("/a").acl()).isEqualTo(PRIVATE);
        assertThat(loaded.find(DataTree.CONFIG).acl()).isEqualTo(Acl.READ);
        assertThatThrownBy(loaded::requireResolvedAcls).isInstanceOf(MalformedException.class);
        loaded.apply(Txns.create(2, "/b", 1, PRIVATE), TreeListener.NONE);
        loaded.requireResolvedAcls();
        assertThat(loaded.find("/b").acl()).isEqualTo(PRIVATE);
    }

    @Test
    void aBrokenSnapshotIsRefusedWithItsPath() {
        assertBroken("/x/y without its parent", tables(), nodes("", "/x/y"));
        assertBroken("/x twice", tables(), nodes("", "/x", "/x"));
        assertBroken("two roots", tables(), nodes("", ""));
        assertBroken("/x without its parent", tables(), nodes("/x"));
        assertBroken("before its tables", nodes(""));
        assertBroken("second table", tables(), tables());
        assertBroken("has no root", tables());
        DataTree.Loader loader = new DataTree.Loader();
        loader.accept(tables());
        loader.accept(nodes(""));
        assertThatThrownBy(() -> loader.finish(new Zxid(3))).hasMessageContaining("no end");
    }

    private static SnapshotPiece nodes(String... paths) {
        List<NodeRecord> nodes = new ArrayList<>();
        for (String path : paths) {
            nodes.add(node(path, -1));
        }
        return new SnapshotPiece.Nodes(nodes);
    }

    private static void assertBroken(String what, SnapshotPiece... pieces) {
        List<SnapshotPiece> all = new ArrayList<>(List.of(pieces));
        all.add(SnapshotPiece.End.BARE);
        assertThatThrownBy(() -> Snapshots.load(all, new Zxid(3)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(what);
    }

    @Test
    void r17_digestsCountFromTheTransactionAfterTheTrailersZxidOn() {
        DataTree fuzzy = loadedAt(1, new SnapshotPiece.End(new Zxid(3), 42));
        apply(fuzzy, 2, 0);
        apply(fuzzy, 3, 0);
        assertThat(fuzzy.digestMismatch()).as("what is fuzzy proves nothing").isNull();
        apply(fuzzy, 4, 0);
        assertThat(fuzzy.digestMismatch()).isEqualTo(new Zxid(4));
    }

    @Test
    void r17_aTrailersOwnDigestProvesNothingSinceTheNextTransactionMayBeHalfInTheTree() {
        DataTree loaded = loadedAt(1, new SnapshotPiece.End(new Zxid(1), 42));
        apply(loaded, 2, right(loaded, 2));
        assertThat(loaded.digestMismatch()).isNull();
        apply(loaded, 3, 0);
        assertThat(loaded.digestMismatch()).isEqualTo(new Zxid(3));
    }

    @Test
    void r17_withoutATrailerDigestsCountFromTheFirstRightOneOn() {
        DataTree unknown = loadedAt(1, SnapshotPiece.End.BARE);
        apply(unknown, 2, 0);
        assertThat(unknown.digestMismatch()).isNull();
        apply(unknown, 3, right(unknown, 3));
        apply(unknown, 4, 0);
        apply(unknown, 5, 0);
        assertThat(unknown.digestMismatch()).isEqualTo(new Zxid(4));
        assertThat(unknown.digestMismatches()).isEqualTo(2);
    }

    @Test
    void r17_whatALearnerGotOverTheWireCountsFromWhereItsStreamEnded() {
        DataTree loaded = loadedAt(1, SnapshotPiece.End.BARE);
        loaded.exactFrom(new Zxid(2));
        apply(loaded, 2, 0);
        assertThat(loaded.digestMismatch()).isNull();
        apply(loaded, 3, 0);
        assertThat(loaded.digestMismatch()).isEqualTo(new Zxid(3));
    }

    /** A tree of one transaction, loaded from a snapshot that ends like this. */
    private static DataTree loadedAt(long label, SnapshotPiece.End end) {
        DataTree tree = new DataTree();
        Txns.applyAll(tree, Txns.create(1, "/a", 1));
        List<SnapshotPiece> pieces = new ArrayList<>(Snapshots.pieces(tree.freeze(), 1000));
        pieces.set(pieces.size() - 1, end);
        return Snapshots.load(pieces, new Zxid(label));
    }

    /** Applies the creation of {@code /n<zxid>}, which claims this digest. */
    private static void apply(DataTree tree, long zxid, long digest) {
        Txn plain = Txns.create(zxid, "/n" + zxid, (int) zxid);
        tree.apply(new Txn(plain.header(), plain.body(), new TxnDigest(2, digest)), TreeListener.NONE);
    }

    /** The digest that {@code tree} will have after {@link #apply}. */
    private static long right(DataTree tree, long zxid) {
        DataTree copy = Snapshots.load(Snapshots.pieces(tree.freeze(), 1000), new Zxid(zxid - 1));
        apply(copy, zxid, 0);
        return copy.digest();
    }

    @Test
    void aViewDoesNotShowWhatIsCreatedLaterUnderAnOlderZxid() {
        Txns.applyAll(tree, Txns.create(5, "/a", 1));
        Snapshots.Content before = Snapshots.of(tree);
        FrozenTree view = tree.freeze();
        Txns.applyAll(tree, Txns.create(3, "/b", 2), Txns.create(4, "/b/c", 1), Txns.delete(5, "/b/c"));
        assertThat(Snapshots.content(Snapshots.pieces(view, 1000))).isEqualTo(before);
    }

    @Test
    void r17ADigestOfATransactionThatDiffersIsNoticed() {
        Txn plain = Txns.create(1, "/a", 1);
        DataTree copy = new DataTree();
        copy.apply(plain, TreeListener.NONE);
        tree.apply(new Txn(plain.header(), plain.body(), new TxnDigest(2, copy.digest())), TreeListener.NONE);
        assertThat(tree.digestMismatch()).isNull();
        Txn next = Txns.create(2, "/b", 2);
        tree.apply(new Txn(next.header(), next.body(), new TxnDigest(2, 1)), TreeListener.NONE);
        assertThat(tree.digestMismatch()).isEqualTo(new Zxid(2));
    }
}
