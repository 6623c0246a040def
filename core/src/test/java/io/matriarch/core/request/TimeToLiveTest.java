package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.OpResult;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.Txn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Level 1: znodes with a time to live, client.md 6.2 (checks 1 to 3), 9.5 and scenarios K4 to K8, zab.md 6.5. */
class TimeToLiveTest {
    private static final int TTL = 5;
    private static final int TTL_SEQUENTIAL = 6;
    private static final long MARK = 0xFF00_0000_0000_0000L;

    private final Server server = serving(ZnodeConfig.DEFAULT.withTtl(true));
    private final TestClient client = server.connected();

    private static Server serving(ZnodeConfig config) {
        Server server = new Server();
        server.preparation = new TxnPreparation(
                server.tree,
                true,
                session -> false,
                MembershipChange.never(),
                TxnLimit.NONE,
                RequestRules.CORRECT,
                config);
        server.desk.serve(server.now(), server);
        return server;
    }

    private static Request.Create create(String path, int flags, long ttlMillis) {
        return new Request.Create(OpCode.CREATE_TTL, path, Bytes.utf8("x"), Acl.OPEN, flags, ttlMillis);
    }

    @Test
    void k4WithoutTheSwitchTheLeaderRefusesThemAndTheConnectionStays() {
        Server plain = serving(ZnodeConfig.DEFAULT);
        TestClient other = plain.connected();
        for (int flags : new int[] {TTL, TTL_SEQUENTIAL}) {
            assertThat(other.err(create("/t", flags, 0))).isEqualTo(ErrorCode.UNIMPLEMENTED);
            assertThat(other.err(TestClient.create(OpCode.CREATE, "/t", flags))).isEqualTo(ErrorCode.UNIMPLEMENTED);
        }
        assertThat(other.err(TestClient.create(OpCode.CREATE, "/t", 0))).isZero();
    }

    @Test
    void k6TheTimeIsFrom1To2ToThe40Minus1() {
        for (long ttl : new long[] {0, -1, Long.MIN_VALUE, 1L << 40, Long.MAX_VALUE}) {
            assertThat(client.err(create("/t", TTL, ttl))).as("%d", ttl).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
        assertThat(client.err(create("/least", TTL, 1))).isZero();
        assertThat(client.err(create("/most", TTL, (1L << 40) - 1))).isZero();
        assertThat(server.tree.find("/least").owner()).isEqualTo(MARK + 1);
        assertThat(server.tree.find("/most").owner()).isEqualTo(MARK + (1L << 40) - 1);
    }

    @Test
    void modeAndOperationMustAgree() {
        assertThat(client.err(TestClient.create(OpCode.CREATE2, "/t", TTL))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        for (int flags = 0; flags <= 4; flags++) {
            assertThat(client.err(create("/t", flags, -1)))
                    .as("Apache's server accepts this, and falls when it applies it")
                    .isEqualTo(ErrorCode.BAD_ARGUMENTS);
            assertThat(client.err(create("/t", flags, 10))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        }
    }

    @Test
    void k7K8ItMayHaveChildrenAndShowsNoOwner() {
        Reply reply = client.answer(create("/t-", TTL_SEQUENTIAL, 10));
        Response.CreatedWithStat created = (Response.CreatedWithStat) reply.body();
        assertThat(created.path()).isEqualTo("/t-0000000000");
        assertThat(created.stat().ephemeralOwner()).isZero();
        assertThat(client.err(TestClient.create(OpCode.CREATE, created.path() + "/x", 1)))
                .isZero();
        assertThat(server.tree.ephemerals(client.sessionId)).containsExactly(created.path() + "/x");
    }

    @Test
    void m12InAMultiItReportsItselfAsCreate2() {
        Reply reply = client.answer(new Request.Multi(List.of(create("/t", TTL, 10))));
        List<OpResult> results = ((Response.MultiResults) reply.body()).results();
        assertThat(results).extracting(OpResult::type).containsExactly(OpCode.CREATE2);
        assertThat(server.tree.find("/t").owner()).isEqualTo(MARK + 10);
    }

    @Test
    void k5ItGoesWhenItWasNotChangedForItsTimeAndHasNoChildren() {
        client.err(create("/t", TTL, 100));
        long since = server.tree.find("/t").mtime();
        assertThat(removal("/t", since + 100)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(removal("/t", since + 101)).isZero();
    }

    @Test
    void k5SetDataBeginsItsTimeAnewAndChildrenKeepIt() {
        client.err(create("/t", TTL, 100));
        client.err(TestClient.create(OpCode.CREATE, "/t/x", 0));
        long created = server.tree.find("/t").mtime();
        assertThat(server.tree.expiredTtlNodes(created + 1000)).isEmpty();
        assertThat(removal("/t", created + 1000)).isEqualTo(ErrorCode.NOT_EMPTY);
        server.pass(90);
        client.err(new Request.Delete("/t/x", -1));
        assertThat(server.tree.expiredTtlNodes(created + 101))
                .as("a child more or less")
                .containsExactly("/t");
        client.err(TestClient.set("/t", -1));
        assertThat(server.tree.expiredTtlNodes(created + 101)).isEmpty();
        assertThat(removal("/t", created + 101)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(removal("/t", created + 191)).isZero();
    }

    @Test
    void aPlainZnodeIsNeverRemovedThatWay() {
        client.err(TestClient.create(OpCode.CREATE, "/a", 0));
        assertThat(removal("/a", Long.MAX_VALUE)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void aContainerThatNeverHadChildrenGoesOnlyIfTheOperatorSaysSo() {
        ZnodeConfig.Removal soon = new ZnodeConfig.Removal(1000, 10, 500);
        Server other = serving(ZnodeConfig.DEFAULT.withRemoval(soon));
        for (Server each : List.of(server, other)) {
            each.connected().err(TestClient.create(OpCode.CREATE_CONTAINER, "/c", 4));
            long since = each.tree.find("/c").mtime();
            assertThat(removal(each, "/c", since + 500)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
            assertThat(removal(each, "/c", since + 501)).isEqualTo(each == other ? 0 : ErrorCode.BAD_ARGUMENTS);
            assertThat(each.tree.unusedContainers(since)).isEmpty();
            assertThat(each.tree.unusedContainers(since + 1)).containsExactly("/c");
        }
    }

    @Test
    void aSessionOfServer255IsNoTimeToLive() {
        long ofServer255 = 0xFF01_2345_6789_0001L;
        server.commit(new WriteRequest(
                ofServer255, 0, OpCode.CREATE_SESSION, new Request.CreateSession(1000).encode(), List.of()));
        server.commit(new WriteRequest(
                ofServer255,
                1,
                OpCode.CREATE,
                TestClient.create(OpCode.CREATE, "/e", 1).encode(),
                List.of()));
        assertThat(server.tree.ephemerals(ofServer255)).containsExactly("/e");
        assertThat(server.tree.find("/e").stat().ephemeralOwner()).isEqualTo(ofServer255);
    }

    private int removal(String path, long wallMillis) {
        return removal(server, path, wallMillis);
    }

    /** What becomes of the leader's wish to remove it. */
    private static int removal(Server server, String path, long wallMillis) {
        Bytes body = new Request.DeleteContainer(path).encode();
        WriteRequest request = new WriteRequest(0, 0, OpCode.DELETE_CONTAINER, body, List.of());
        Txn txn = server.preparation.prepare(request, Zxid.of(7, 1), wallMillis);
        if (txn.body() instanceof ErrorTxn error) {
            return error.err();
        }
        // It stays prepared: later checks would see it gone.
        return ErrorCode.OK;
    }
}
