package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.Stat;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.OpResult;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Level 1: what writes do and how they fail, client.md 6.2, 6.3, 9.3, 12 and scenarios C*, S*, M*, A*, K*. */
class WritesTest {
    private final Server server = Server.serving();
    private final TestClient client = server.connected();

    private static List<Acl> acl(int perms, String scheme, String id) {
        return List.of(new Acl(perms, new Id(scheme, id)));
    }

    private int create(String path, int flags) {
        return client.err(TestClient.create(OpCode.CREATE, path, flags));
    }

    private String created(String path, int flags) {
        Reply reply = client.answer(TestClient.create(OpCode.CREATE, path, flags));
        return ((Response.Created) reply.body()).path();
    }

    // --- create --------------------------------------------------------------------------------------------------

    @Test
    void c3TenSequentialNodes() {
        create("/p", 0);
        for (int i = 0; i < 10; i++) {
            assertThat(created("/p/TEST", 2)).isEqualTo("/p/TEST000000000" + i);
        }
        assertThat(created("/p/", 2)).isEqualTo("/p/0000000010");
        assertThat(created("/p/.", 2)).isEqualTo("/p/.0000000011");
        assertThat(created("/p/..", 3)).isEqualTo("/p/..0000000012");
    }

    @Test
    void theSequenceCountsEveryCreationAndNoDeletion() {
        assertThat(created("/s", 2)).isEqualTo("/s0000000000");
        create("/p", 0);
        create("/p/a", 0);
        client.err(TestClient.create(OpCode.CREATE_CONTAINER, "/p/c", 4));
        client.err(new Request.Delete("/p/a", -1));
        assertThat(client.err(new Request.Delete("/p/none", -1))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(created("/p/n", 2)).isEqualTo("/p/n0000000002");
        client.err(new Request.Delete("/p/c", -1));
        client.err(new Request.Delete("/p/n0000000002", -1));
        client.err(new Request.Delete("/p", -1));
        create("/p", 0);
        assertThat(created("/p/n", 2)).isEqualTo("/p/n0000000000");
    }

    @Test
    void anExhaustedSequenceRefusesAndNeverRepeats() {
        create("/p", 0);
        server.apply(new Txn(
                new TxnHeader(7, 1, new Zxid(0x1000000ffL), 1, OpCode.CREATE),
                new CreateTxn("/p/x", null, Acl.OPEN, false, Integer.MAX_VALUE),
                null));
        assertThat(create("/p/n", 2)).isEqualTo(ErrorCode.NODE_EXISTS);
        assertThat(create("/p/plain", 0)).isZero();
        assertThat(create("/p/n", 2)).isEqualTo(ErrorCode.NODE_EXISTS);
    }

    @Test
    void c10Paths() {
        assertThat(create("", 0)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(create("foo", 0)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(create("/", 0)).isEqualTo(ErrorCode.NODE_EXISTS);
        assertThat(create("/a//b", 0)).isEqualTo(ErrorCode.NO_NODE);
        create("/a", 0);
        for (String bad : new String[] {
            "/a/", "/.", "/a/..", "/a/.", "/\u0001", "/\u001f", "/\u007f", "/\u009f", "/\ud83d\ude00", "/\ufff0", "/\0"
        }) {
            assertThat(create(bad, 0)).as(bad).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
        for (String good : new String[] {"/ ", "/...", "/.a", "/\uf900", "/\u00a0"}) {
            assertThat(create(good, 0)).as(good).isZero();
        }
    }

    @Test
    void createChecksInTheOrderOf6p2() {
        create("/e", 1);
        create("/locked", 0);
        client.err(new Request.SetAcl("/locked", acl(1, "world", "anyone"), -1));
        assertThat(create("/locked/x", 7)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(create("/locked/x", -1)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(create("/locked/x", 5)).isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(client.err(TestClient.create(OpCode.CREATE, "/no/x", 0, List.of())))
                .isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(create("/locked/no/x", 0)).isEqualTo(ErrorCode.NO_NODE);
        assertThat(create("/locked/bad/", 0)).isEqualTo(ErrorCode.NO_NODE);
        assertThat(create("/locked/..", 0)).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(create("/e/..", 0)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(create("/e/x", 0)).isEqualTo(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        assertThat(create("/e/x", 2)).isEqualTo(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
    }

    @Test
    void theOpcodeDecidesBetweenPlainAndContainer() {
        create("/plain", 4);
        assertThat(client.err(TestClient.create(OpCode.CREATE_CONTAINER, "/container", 0)))
                .isZero();
        assertThat(server.tree.find("/plain").isContainer()).isFalse();
        assertThat(server.tree.find("/container").isContainer()).isTrue();
        assertThat(create("/container/x", 0)).isZero();
    }

    @Test
    void k4CreateTtlIsUnimplementedAndTheConnectionStays() {
        assertThat(client.err(new Request.Create(OpCode.CREATE_TTL, "/t", null, Acl.OPEN, 5, 100)))
                .isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(create("/t", 0)).isZero();
    }

    @Test
    void s8Create2ReturnsTheStatThatExistsShows() {
        Reply reply = client.answer(TestClient.create(OpCode.CREATE2, "/a", 1));
        Response.CreatedWithStat created = (Response.CreatedWithStat) reply.body();
        assertThat(created.path()).isEqualTo("/a");
        assertThat(created.stat()).isEqualTo(client.stat("/a"));
        assertThat(created.stat().ephemeralOwner()).isEqualTo(client.sessionId);
        assertThat(created.stat().czxid()).isEqualTo(reply.zxid());
    }

    @Test
    void nullDataStaysNull() {
        client.err(new Request.Create(OpCode.CREATE, "/n", null, Acl.OPEN, 0, -1));
        Response.Data data =
                (Response.Data) client.answer(new Request.GetData("/n", false)).body();
        assertThat(data.data()).isNull();
    }

    // --- other writes --------------------------------------------------------------------------------------------

    @Test
    void c2DeleteNeedsNoChildren() {
        create("/a", 0);
        create("/a/b", 0);
        assertThat(client.err(new Request.Delete("/a", -1))).isEqualTo(ErrorCode.NOT_EMPTY);
        assertThat(client.err(new Request.Delete("/a/b", 0))).isZero();
        assertThat(client.err(new Request.Delete("/a", 0))).isZero();
    }

    @Test
    void deleteChecksInTheOrderOf6p3() {
        create("/a", 0);
        create("/a/b", 0);
        for (String reserved : new String[] {"/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config", "a"}) {
            assertThat(client.err(new Request.Delete(reserved, -1))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
        assertThat(client.err(new Request.Delete("/no/x", -1))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(new Request.Delete("/a", 5))).isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(client.err(new Request.Delete("/a", -2))).isEqualTo(ErrorCode.BAD_VERSION);
        client.err(new Request.SetAcl("/a", acl(31 & ~8, "world", "anyone"), -1));
        assertThat(client.err(new Request.Delete("/a/none", -1))).isEqualTo(ErrorCode.NO_AUTH);
    }

    @Test
    void c8SetDataVersions() {
        assertThat(client.err(TestClient.set("/a", -1))).isEqualTo(ErrorCode.NO_NODE);
        create("/a", 0);
        assertThat(client.err(TestClient.set("/a", 1))).isEqualTo(ErrorCode.BAD_VERSION);
        Stat stat = ((Response.StatOnly) client.answer(TestClient.set("/a", 0)).body()).stat();
        assertThat(stat.version()).isEqualTo(1);
        assertThat(stat).isEqualTo(client.stat("/a"));
        assertThat(client.err(TestClient.set("/a", -1))).isZero();
        assertThat(client.err(TestClient.set("/a/", -1))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(TestClient.set(DATA_CONFIG, -1))).isEqualTo(ErrorCode.NO_AUTH);
    }

    private static final String DATA_CONFIG = "/zookeeper/config";

    @Test
    void a8SetAclComparesAversionAndMovesNothingElse() {
        create("/a", 0);
        Stat before = client.stat("/a");
        assertThat(client.err(new Request.SetAcl("/a", acl(31, "ip", "10.0.0.0/8"), 1)))
                .isEqualTo(ErrorCode.BAD_VERSION);
        assertThat(client.err(new Request.SetAcl("/a", acl(31, "ip", "10.0.0.0/8"), 0)))
                .isZero();
        Stat after = client.stat("/a");
        assertThat(after.aversion()).isEqualTo(before.aversion() + 1);
        assertThat(after.mzxid()).isEqualTo(before.mzxid());
        assertThat(client.err(new Request.SetAcl("/none", List.of(), -1))).isEqualTo(ErrorCode.INVALID_ACL);
        assertThat(client.err(new Request.SetAcl("/none", Acl.OPEN, -1))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void versionsAreComparedWithWritesInFlight() {
        create("/a", 0);
        client.heard();
        client.send(TestClient.set("/a", 0));
        client.send(TestClient.set("/a", 0));
        client.send(TestClient.set("/a", 1));
        client.send(new Request.Delete("/a", 2));
        client.send(TestClient.set("/a", -1));
        server.settle();
        assertThat(client.heard()).extracting(s -> s.split(" ")[1]).containsExactly("0", "-103", "0", "0", "-101");
    }

    @Test
    void aFailedWriteConsumesAZxid() {
        long before = client.answer(TestClient.create(OpCode.CREATE, "/a", 0)).zxid();
        Reply failed = client.answer(TestClient.create(OpCode.CREATE, "/a", 0));
        assertThat(failed).isEqualTo(Reply.failed(failed.xid(), before + 1, ErrorCode.NODE_EXISTS));
    }

    // --- access --------------------------------------------------------------------------------------------------

    @Test
    void c6C7A6AuthInAccessLists() {
        Request.Create own = TestClient.create(OpCode.CREATE, "/own", 0, acl(31, "auth", ""));
        assertThat(client.err(own)).isEqualTo(ErrorCode.INVALID_ACL);
        client.auth("digest", "pat:test");
        client.auth("digest", "sue:test");
        assertThat(client.err(own)).isZero();
        assertThat(server.tree.find("/own").acl())
                .extracting(entry -> entry.id().id().split(":")[0])
                .containsExactly("pat", "sue");
    }

    @Test
    void a1AnotherPasswordIsAnotherIdentity() {
        client.auth("digest", "pat:test");
        client.err(TestClient.create(OpCode.CREATE, "/own", 0, acl(31, "auth", "")));
        TestClient right = server.connected();
        right.auth("digest", "pat:test");
        assertThat(right.err(TestClient.set("/own", -1))).isZero();
        TestClient wrong = server.connected();
        wrong.auth("digest", "pat:test2");
        assertThat(wrong.err(TestClient.set("/own", -1))).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(wrong.err(new Request.GetData("/own", false))).isEqualTo(ErrorCode.NO_AUTH);
    }

    @Test
    void c12TheRootsAccessListGuardsTopLevelCreates() {
        client.auth("digest", "pat:test");
        client.err(new Request.SetAcl("/", acl(31, "auth", ""), -1));
        TestClient other = server.connected();
        assertThat(other.err(TestClient.create(OpCode.CREATE, "/x", 0))).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(create("/x", 0)).isZero();
        client.err(new Request.SetAcl("/", Acl.OPEN, -1));
        assertThat(other.err(TestClient.create(OpCode.CREATE, "/y", 0))).isZero();
    }

    // --- multi ---------------------------------------------------------------------------------------------------

    private String multi(Request... ops) {
        String text = TestClient.text(client.answer(new Request.Multi(List.of(ops))));
        return text.substring(text.indexOf(' ') + 1);
    }

    private static Request make(String path) {
        return TestClient.create(OpCode.CREATE, path, 0);
    }

    @Test
    void m1LaterOperationsSeeEarlierOnesUnderOneZxid() {
        assertThat(multi(make("/m"), make("/m/a"), new Request.Delete("/m/a", -1), TestClient.set("/m", 0)))
                .isEqualTo("0 [1:0, 1:0, 2:0, 5:0]");
        Stat stat = client.stat("/m");
        assertThat(stat.mzxid()).isEqualTo(stat.czxid()).isEqualTo(stat.pzxid());
        assertThat(stat.cversion()).isEqualTo(2);
    }

    @Test
    void m2M3M4AFailureUndoesAll() {
        create("/m", 0);
        assertThat(multi(new Request.Check("/m", 9), make("/x"))).isEqualTo("0 [-1:-103, -1:-2]");
        assertThat(multi(make("/x"), make("/y"), new Request.Delete("/none", -1)))
                .isEqualTo("0 [-1:0, -1:0, -1:-101]");
        assertThat(multi(TestClient.set("/m", 0), TestClient.set("/m", 0), make("/x")))
                .isEqualTo("0 [-1:0, -1:-103, -1:-2]");
        assertThat(server.tree.find("/x")).isNull();
        assertThat(client.stat("/m").version()).isZero();
        assertThat(create("/x/y", 0)).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void m5M9M11() {
        create("/m", 0);
        assertThat(multi(TestClient.set("/m", 0), TestClient.set("/m", 1))).isEqualTo("0 [5:0, 5:0]");
        assertThat(client.stat("/m").version()).isEqualTo(2);
        assertThat(multi(TestClient.create(OpCode.CREATE, "/e", 1), new Request.Delete("/e", 0)))
                .isEqualTo("0 [1:0, 2:0]");
        assertThat(server.tree.ephemeralCount()).isZero();
        assertThat(multi()).isEqualTo("0 []");
    }

    @Test
    void m7SequenceNumbersOfAFailedMultiAreNotConsumed() {
        create("/p", 0);
        Request next = TestClient.create(OpCode.CREATE, "/p/n", 2);
        multi(next, next, new Request.Check("/none", 0));
        Reply reply = client.answer(new Request.Multi(List.of(next, next)));
        List<String> paths = new ArrayList<>();
        for (OpResult result : ((Response.MultiResults) reply.body()).results()) {
            paths.add(((Response.Created) result.body()).path());
        }
        assertThat(paths).containsExactly("/p/n0000000000", "/p/n0000000001");
    }

    @Test
    void m10M12TypesInsideMulti() {
        assertThat(multi(new Request.SetAcl("/", Acl.OPEN, -1))).isEqualTo("-5");
        assertThat(multi(TestClient.create(OpCode.CREATE_CONTAINER, "/c", 4))).isEqualTo("0 [15:0]");
        Request ttl = new Request.Create(OpCode.CREATE_TTL, "/t", null, Acl.OPEN, 5, 9);
        assertThat(multi(make("/x"), ttl)).isEqualTo("0 [-1:0, -1:-6]");
        assertThat(multi(TestClient.create(OpCode.CREATE, "/z", 9))).isEqualTo("-5");
    }

    @Test
    void afterAFailedMultiTheChecksSeeWhatWasThereBeforeInFlight() {
        create("/p", 0);
        client.heard();
        client.send(TestClient.set("/p", 0));
        client.send(new Request.Multi(List.of(TestClient.set("/p", 1), new Request.Check("/none", 0))));
        client.send(TestClient.set("/p", 1));
        server.settle();
        assertThat(client.heard()).extracting(s -> s.split(" ", 2)[1]).containsExactly("0", "0 [-1:0, -1:-101]", "0");
    }

    // --- sessions ------------------------------------------------------------------------------------------------

    @Test
    void closeListsEphemeralsAppliedAndInFlightWithoutThoseBeingDeleted() {
        create("/p", 0);
        create("/p/applied", 1);
        create("/p/going", 1);
        TxnPreparation prep = server.preparation;
        prep.prepare(request(OpCode.DELETE, new Request.Delete("/p/going", -1)), zxid(1), 1);
        prep.prepare(request(OpCode.CREATE, TestClient.create(OpCode.CREATE, "/p/coming", 1)), zxid(2), 1);
        Txn close = prep.prepare(request(OpCode.CLOSE_SESSION, new Request.CloseSession()), zxid(3), 1);
        assertThat(((CloseSessionTxn) close.body()).paths()).containsExactly("/p/applied", "/p/coming");
        Txn late = prep.prepare(request(OpCode.CREATE, TestClient.create(OpCode.CREATE, "/p/late", 1)), zxid(4), 1);
        assertThat(late.body()).isEqualTo(new ErrorTxn(ErrorCode.SESSION_EXPIRED));
        TestClient other = server.connected();
        WriteRequest delete =
                new WriteRequest(other.sessionId, 1, OpCode.DELETE, new Request.Delete("/p", -1).encode(), List.of());
        assertThat(prep.prepare(delete, zxid(5), 1).header().type()).isEqualTo(OpCode.DELETE);
    }

    private WriteRequest request(int opcode, Request request) {
        return new WriteRequest(client.sessionId, 1, opcode, request.encode(), List.of());
    }

    private static Zxid zxid(int counter) {
        return new Zxid(0x200000000L + counter);
    }

    @Test
    void preparedChangesAreForgottenWhenApplied() {
        create("/a", 0);
        client.send(TestClient.set("/a", -1));
        client.send(TestClient.set("/a", -1));
        assertThat(server.preparation.outstandingChanges()).isEqualTo(2);
        server.settleOne();
        assertThat(server.preparation.outstandingChanges()).isEqualTo(1);
        client.send(TestClient.set("/a", 2));
        server.settle();
        assertThat(server.preparation.outstandingChanges()).isZero();
        assertThat(client.stat("/a").version()).isEqualTo(3);
    }

    // --- what only peers send ------------------------------------------------------------------------------------

    @Test
    void r26WhatCannotBeDecodedBecomesAnErrorTransactionOfItsOwn() {
        WriteRequest broken = new WriteRequest(client.sessionId, 9, OpCode.CREATE, Bytes.utf8("x"), List.of());
        Txn txn = server.preparation.prepare(broken, zxid(1), 5);
        assertThat(txn.header().zxid()).isEqualTo(zxid(1));
        assertThat(txn.body()).isEqualTo(new ErrorTxn(ErrorCode.MARSHALLING_ERROR));
        assertThat(txn.header().cxid()).isEqualTo(9);
    }

    @Test
    void r25DeleteContainerOnlyFromTheLeaderItself() {
        client.err(TestClient.create(OpCode.CREATE_CONTAINER, "/c", 4));
        Bytes body = new Request.DeleteContainer("/c").encode();
        assertThat(deleteContainer(client.sessionId, body)).isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(deleteContainer(0, body)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        create("/c/x", 0);
        assertThat(deleteContainer(0, body)).isEqualTo(ErrorCode.NOT_EMPTY);
        client.err(new Request.Delete("/c/x", -1));
        assertThat(server.tree.emptyContainers()).containsExactly("/c");
        server.commit(new WriteRequest(0, 0, OpCode.DELETE_CONTAINER, body, List.of()));
        assertThat(server.tree.find("/c")).isNull();
    }

    private int deleteContainer(long sessionId, Bytes body) {
        WriteRequest request = new WriteRequest(sessionId, 0, OpCode.DELETE_CONTAINER, body, List.of());
        Txn txn = server.preparation.prepare(request, zxid(1), 5);
        return txn.body() instanceof ErrorTxn error ? error.err() : 0;
    }

    @Test
    void aCheckAloneNeverBecomesATransaction() {
        Txn txn = server.preparation.prepare(request(OpCode.CHECK, new Request.Check("/", -1)), zxid(1), 5);
        assertThat(txn.body()).isEqualTo(new ErrorTxn(ErrorCode.UNIMPLEMENTED));
    }
}
