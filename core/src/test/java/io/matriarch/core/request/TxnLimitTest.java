package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Level 1: zab.md D16, LESSONS 44: no transaction gets longer than what others read. */
class TxnLimitTest {
    private static final int LIMIT = 400;
    private static final long SESSION = 0x100000000000001L;
    private static final List<Acl> MINE = List.of(new Acl(31, new Id("auth", "")));

    private final DataTree tree = new DataTree();
    private final List<String> refused = new ArrayList<>();
    private final TxnPreparation preparation = new TxnPreparation(
            tree,
            true,
            session -> false,
            MembershipChange.never(),
            new TxnLimit(LIMIT, (request, size) -> refused.add(OpCode.name(request.opcode()) + " of " + size)),
            RequestRules.CORRECT,
            ZnodeConfig.DEFAULT);

    private List<Id> identities = List.of(new Id("digest", "alice:hash"));
    private long zxid = 0x100000000L;

    TxnLimitTest() {
        apply(becomes(new Request.CreateSession(1000)));
    }

    private Txn becomes(Request request) {
        WriteRequest write = new WriteRequest(SESSION, 1, request.opcode(), request.encode(), identities);
        Txn txn = preparation.prepare(write, new Zxid(++zxid), 1_000);
        assertThat(txn.encode().length()).isLessThanOrEqualTo(LIMIT);
        return txn;
    }

    private void apply(Txn txn) {
        tree.apply(txn, TreeListener.NONE);
        preparation.applied(txn.header().zxid());
        if (txn.digest() != null) {
            assertThat(tree.digest()).isEqualTo(txn.digest().value());
        }
    }

    private static Request create(String path, int dataBytes, List<Acl> acl, int flags) {
        Bytes data = Bytes.wrap(new byte[dataBytes]);
        return new Request.Create(OpCode.CREATE, path, data, acl, flags, Request.Create.NO_TTL);
    }

    private static Request.Multi ofCreations(int parts, List<Acl> acl) {
        List<Request> ops = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            ops.add(create("/m" + i, 0, acl, 0));
        }
        return new Request.Multi(ops);
    }

    private static void assertRefused(Txn txn) {
        assertThat(txn.body()).isEqualTo(new ErrorTxn(ErrorCode.BAD_ARGUMENTS));
        assertThat(txn.header().type()).isEqualTo(OpCode.ERROR);
        assertThat(txn.digest()).isNull();
    }

    @Test
    void aCreationOfExactlyTheLimitIsProposedAndOneByteMoreRefused() {
        int least = becomes(create("/n", 0, Acl.OPEN, 0)).encode().length();
        Txn longest = becomes(create("/o", LIMIT - least, Acl.OPEN, 0));
        assertThat(longest.encode().length()).isEqualTo(LIMIT);
        assertThat(refused).isEmpty();
        assertRefused(becomes(create("/p", LIMIT - least + 1, Acl.OPEN, 0)));
        assertThat(refused).containsExactly("create of " + (LIMIT + 1));
    }

    @Test
    void whatWasRefusedIsAsIfItHadNeverBeenAsked() {
        int before = preparation.outstandingChanges();
        assertRefused(becomes(create("/n", LIMIT, Acl.OPEN, 0)));
        assertThat(preparation.outstandingChanges()).isEqualTo(before);
        Txn set = becomes(new Request.SetData("/n", Bytes.utf8("v"), -1));
        assertThat(set.body()).isEqualTo(new ErrorTxn(ErrorCode.NO_NODE));
        apply(becomes(create("/n", 1, Acl.OPEN, 0)));
    }

    @Test
    void setDataAndSetAclAreRefused() {
        apply(becomes(create("/n", 1, Acl.OPEN, 0)));
        assertRefused(becomes(new Request.SetData("/n", Bytes.wrap(new byte[LIMIT]), -1)));
        identities = manyIdentities();
        assertRefused(becomes(new Request.SetAcl("/n", MINE, -1)));
        identities = List.of(new Id("digest", "alice:hash"));
        assertThat(becomes(new Request.SetAcl("/n", MINE, -1)).header().type()).isEqualTo(OpCode.SET_ACL);
        assertThat(((SetDataTxn) becomes(new Request.SetData("/n", Bytes.EMPTY, 0))
                                .body())
                        .version())
                .as("the refused one changed nothing")
                .isEqualTo(1);
    }

    @Test
    void aMultiIsRefusedAsAWholeAndChangesNothing() {
        assertThat(becomes(ofCreations(2, Acl.OPEN)).body()).isInstanceOf(MultiTxn.class);
        int before = preparation.outstandingChanges();
        assertRefused(becomes(new Request.Multi(List.of(
                create("/x", 1, Acl.OPEN, 0), create("/y", LIMIT / 2, Acl.OPEN, 0), create("/z", 99, Acl.OPEN, 0)))));
        assertThat(preparation.outstandingChanges()).isEqualTo(before);
    }

    /** The scheme auth: a request of a megabyte could become a transaction of a hundred. */
    @Test
    void aMultiThatGrowsIsGivenUpBeforeItIsMadeWhole() {
        identities = manyIdentities();
        assertRefused(becomes(ofCreations(1000, MINE)));
        assertThat(refused).hasSize(1);
        long size = Long.parseLong(refused.get(0).substring("multi of ".length()));
        assertThat(size).isBetween((long) LIMIT, 2L * LIMIT + 1000);
    }

    @Test
    void aFailedMultiThatIsTooLongIsRefusedToo() {
        assertRefused(becomes(
                new Request.Multi(List.of(create("/x", LIMIT, Acl.OPEN, 0), new Request.Delete("/missing", -1)))));
    }

    @Test
    void scenario43_aSessionWithMoreEphemeralsThanATransactionCanNameEndsWithAllOfThem() {
        for (int i = 0; i < 40; i++) {
            apply(becomes(create("/ephemeral-" + i, 0, Acl.OPEN, 1)));
        }
        Txn notApplied = becomes(create("/ephemeral-on-its-way", 0, Acl.OPEN, 1));
        Txn close = becomes(new Request.CloseSession());
        assertThat(close.body()).isEqualTo(new CloseSessionTxn(null));
        assertThat(close.digest()).as("zab.md 6.4").isNull();
        assertThat(refused).isEmpty();
        Txn after = preparation.prepare(
                new WriteRequest(
                        0, 0, OpCode.DELETE_CONTAINER, new Request.DeleteContainer("/none").encode(), List.of()),
                new Zxid(++zxid),
                1_000);
        apply(notApplied);
        apply(close);
        apply(after);
        assertThat(tree.ephemerals(SESSION)).isEmpty();
        assertThat(tree.find("/ephemeral-39")).isNull();
        assertThat(tree.find("/ephemeral-on-its-way")).isNull();
    }

    /** The leader's idea of the tree, of which it tells the digest, takes the unnamed ones away too. */
    @Test
    void digestsAfterSuchAnEndAreRight() {
        for (int i = 0; i < 40; i++) {
            apply(becomes(create("/ephemeral-" + i, 0, Acl.OPEN, 1)));
        }
        apply(becomes(new Request.CloseSession()));
        apply(becomes(new Request.CreateSession(1000)));
    }

    @Test
    void aSessionWithAFewIsEndedByNames() {
        apply(becomes(create("/e", 0, Acl.OPEN, 1)));
        assertThat(becomes(new Request.CloseSession()).body()).isEqualTo(new CloseSessionTxn(List.of("/e")));
    }

    private static List<Id> manyIdentities() {
        List<Id> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            many.add(new Id("digest", "user" + i + ":hash"));
        }
        return many;
    }
}
