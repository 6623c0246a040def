package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Level 1: sessions that only their server knows, and how they become known to all; client.md 10.5, zab.md 12, N11. */
class LocalSessionTest {
    private static final SessionRules LOCAL = new SessionRules(true, false, false);
    private static final SessionRules UPGRADING = new SessionRules(true, true, false);

    private final Server server = serving(UPGRADING);

    private static Server serving(SessionRules rules) {
        Server server = new Server(Server.CONFIG.withSessions(rules, 1_000));
        server.preparation = new TxnPreparation(
                server.tree,
                true,
                id -> true,
                MembershipChange.never(),
                TxnLimit.NONE,
                RequestRules.CORRECT,
                ZnodeConfig.DEFAULT);
        server.desk.serve(server.now(), server);
        return server;
    }

    private static Request ephemeral(String path) {
        return TestClient.create(OpCode.CREATE, path, 1);
    }

    // --- granted and ended by the server itself ------------------------------------------------------------------

    @Test
    void aNewSessionIsGrantedAtOnceAndNeverProposed() {
        TestClient client = server.client();
        client.connect(5_000);
        ConnectResponse granted = client.connected();
        assertThat(granted.timeoutMillis()).isEqualTo(5_000);
        assertThat(granted.passwd()).isEqualTo(SessionPassword.of(granted.sessionId()));
        assertThat(granted.readOnly()).isFalse();
        assertThat(server.outcomesToCome()).isZero();
        assertThat(server.tree.sessions()).isEmpty();
        assertThat(server.desk.isLocal(granted.sessionId())).isTrue();
        assertThat(server.desk.touches()).as("the leader hears nothing of it").isEmpty();
    }

    @Test
    void itReadsAndWritesAsAnyOther() {
        TestClient client = server.connected();
        assertThat(client.err(TestClient.create(OpCode.CREATE, "/a", 0))).isZero();
        assertThat(client.err(TestClient.set("/a", 0))).isZero();
        assertThat(client.err(new Request.GetData("/a", true))).isZero();
        assertThat(server.desk.isLocal(client.sessionId)).isTrue();
        assertThat(server.tree.sessions()).isEmpty();
    }

    @Test
    void itsClosingIsAnsweredInTurnAndNotProposed() {
        TestClient client = server.connected();
        client.create("/a");
        client.send(OpCode.CLOSE_SESSION, Bytes.EMPTY);
        client.create("/never");
        assertThat(client.heard()).isEmpty();
        assertThat(server.outcomesToCome()).isEqualTo(1);
        server.settle();
        assertThat(client.heard()).containsExactly("#1 0 /a", "#2 0", "closed");
        assertThat(server.desk.figures().localSessionCount()).isZero();
        assertThat(server.tree.find("/never")).isNull();
    }

    @Test
    void itExpiresByTheClockOfItsServer() {
        TestClient client = server.connected();
        client.send(new Request.Exists("/", true));
        client.heard();
        server.desk.linkDown(server.now(), client.link);
        server.pass(9_999);
        assertThat(server.desk.isLocal(client.sessionId)).isTrue();
        server.pass(2_001);
        assertThat(server.desk.isLocal(client.sessionId)).isFalse();
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.settle();
        assertThat(again.connected()).isEqualTo(ConnectResponse.expired(true));
    }

    @Test
    void everyRequestKeepsIt() {
        TestClient client = server.connected();
        for (int i = 0; i < 5; i++) {
            server.pass(9_000);
            client.send(-2, OpCode.PING, Bytes.EMPTY);
        }
        assertThat(server.desk.isLocal(client.sessionId)).isTrue();
        assertThat(client.heard()).hasSize(5).allMatch("#-2 0"::equals);
    }

    @Test
    void aPingThatIsHeldBehindASyncKeepsItToo() {
        TestClient client = server.connected();
        client.send(new Request.Sync("/"));
        client.create("/held");
        for (int i = 0; i < 5; i++) {
            server.pass(9_000);
            client.send(-2, OpCode.PING, Bytes.EMPTY);
        }
        assertThat(server.desk.isLocal(client.sessionId)).isTrue();
        server.settle();
        assertThat(client.heard()).hasSize(7).startsWith("#1 0", "#2 0 /held", "#-2 0");
    }

    @Test
    void thereAreNoMoreThanTheBoundAllows() {
        Server small = new Server(Server.CONFIG.withSessions(LOCAL, 1));
        small.desk.serve(small.now(), small);
        small.connected();
        TestClient second = small.client();
        second.connect(5_000);
        assertThat(second.heard()).containsExactly("closed");
    }

    // --- resumed -------------------------------------------------------------------------------------------------

    @Test
    void itsServerResumesItWithoutTheLeader() {
        TestClient client = server.connected();
        TestClient again = server.client();
        again.resume(client.sessionId);
        assertThat(server.outcomesToCome()).isZero();
        assertThat(again.connected().sessionId()).isEqualTo(client.sessionId);
        assertThat(client.heard()).containsExactly("closed");
        again.create("/b");
        server.settle();
        assertThat(again.heard()).containsExactly("#1 0 /b");
    }

    @Test
    void aWrongPasswordIsToldAndDisturbsNothing() {
        TestClient client = server.connected();
        TestClient thief = server.client();
        thief.frame(new ConnectRequest(0, 0, 5000, client.sessionId, Bytes.wrap(new byte[16]), true, false).encode());
        assertThat(thief.connected()).isEqualTo(ConnectResponse.expired(true));
        assertThat(client.err(new Request.Exists("/", false))).isZero();
    }

    @Test
    void itOutlivesTheLossOfTheLeaderOnItsLinkOrWithoutOne() {
        TestClient idle = server.connected();
        TestClient writing = server.connected();
        writing.create("/w");
        server.desk.suspend(server.now(), "lost");
        server.loseOutcomes();
        server.pass(2_000);
        server.desk.serve(server.now(), server);
        assertThat(writing.heard()).containsExactly("closed");
        assertThat(idle.err(new Request.Exists("/", false))).isZero();
        TestClient again = server.client();
        again.resume(writing.sessionId);
        server.settle();
        assertThat(again.connected().sessionId()).isEqualTo(writing.sessionId);
    }

    /** kazoo's clients count their requests from one on each connection; the leader is asked, though it knows no such session. */
    @Test
    void resumedOnAnotherLinkItGetsNoOutcomeOfTheOneBefore() {
        for (boolean isLost : new boolean[] {false, true}) {
            server.revalidatesBehindWrites = true;
            TestClient client = server.connected();
            client.create("/first" + isLost);
            if (isLost) {
                server.loseOutcomes();
            }
            TestClient again = server.client();
            again.resume(client.sessionId);
            again.create("/second" + isLost);
            server.settle();
            again.connected();
            assertThat(again.heard()).containsExactly("#1 0 /second" + isLost);
        }
    }

    /** What is passed on again would find no session; its client did not want to go on. */
    @Test
    void closedBehindAWriteItIsNotPassedOnAgain() {
        TestClient client = server.connected();
        client.create("/a");
        client.send(OpCode.CLOSE_SESSION, Bytes.EMPTY);
        server.desk.handOver(server.now(), "the leader hands over");
        server.loseOutcomes();
        assertThat(client.heard()).containsExactly("closed");
        server.desk.serve(server.now(), server);
        assertThat(server.outcomesToCome()).isZero();
    }

    // --- made global ---------------------------------------------------------------------------------------------

    @Test
    void n11AnEphemeralZnodeMakesItGlobalBehindWhatWasSentBefore() {
        TestClient client = server.connected();
        client.create("/first");
        client.send(ephemeral("/e"));
        client.create("/behind");
        client.send(new Request.Exists("/e", false));
        assertThat(server.outcomesToCome())
                .as("with the creation of the session")
                .isEqualTo(4);
        assertThat(server.desk.isLocal(client.sessionId)).isFalse();
        server.settle();
        assertThat(client.heard()).containsExactly("#1 0 /first", "#2 0 /e", "#3 0 /behind", "#4 0");
        assertThat(server.tree.sessions()).containsEntry(client.sessionId, 10_000);
        assertThat(client.stat("/e").ephemeralOwner()).isEqualTo(client.sessionId);
        assertThat(server.desk.touches()).extracting("sessionId").containsExactly(client.sessionId);
    }

    @Test
    void create2AndMultiMakeItGlobalTooAndOnlyOnce() {
        for (Request request :
                List.of(TestClient.create(OpCode.CREATE2, "/s-", 3), new Request.Multi(List.of(ephemeral("/m"))))) {
            TestClient client = server.connected();
            assertThat(client.err(request)).isZero();
            assertThat(server.tree.hasSession(client.sessionId)).isTrue();
            client.send(TestClient.create(OpCode.CREATE, "/again-", 3));
            assertThat(server.outcomesToCome()).isEqualTo(1);
            server.settle();
        }
        TestClient client = server.connected();
        client.send(new Request.Multi(List.of(TestClient.create(OpCode.CREATE, "/plain", 0))));
        client.send(TestClient.create(OpCode.CREATE_CONTAINER, "/c", 4));
        server.settle();
        assertThat(server.desk.isLocal(client.sessionId)).isTrue();
    }

    @Test
    void madeGlobalItIsClosedByATransaction() {
        TestClient client = server.connected();
        client.send(ephemeral("/e"));
        client.send(OpCode.CLOSE_SESSION, Bytes.EMPTY);
        assertThat(server.outcomesToCome()).isEqualTo(3);
        server.settle();
        assertThat(client.heard()).containsExactly("#1 0 /e", "#2 0", "closed");
        assertThat(server.tree.find("/e")).isNull();
        assertThat(server.tree.sessions()).isEmpty();
    }

    @Test
    void withTheLeaderLostInBetweenTheNextOneKnowsWhetherItBecameGlobal() {
        for (int outcomes = 0; outcomes <= 1; outcomes++) {
            TestClient client = server.connected();
            client.send(ephemeral("/e" + outcomes));
            for (int i = 0; i < outcomes; i++) {
                server.settleOne();
            }
            server.desk.suspend(server.now(), "lost");
            server.loseOutcomes();
            assertThat(client.heard()).containsExactly("closed");
            server.desk.serve(server.now(), server);
            TestClient again = server.client();
            again.resume(client.sessionId);
            server.settle();
            assertThat(again.connected().sessionId()).isEqualTo(outcomes == 0 ? 0 : client.sessionId);
        }
    }

    @Test
    void withoutUpgradingTheEphemeralZnodeIsRefusedAndNothingElse() {
        Server strict = serving(LOCAL);
        TestClient client = strict.connected();
        assertThat(client.err(ephemeral("/e"))).isEqualTo(ErrorCode.EPHEMERAL_ON_LOCAL_SESSION);
        assertThat(client.err(TestClient.create(OpCode.CREATE, "/a", 0))).isZero();
        client.heard();
        client.send(new Request.Multi(List.of(TestClient.create(OpCode.CREATE, "/b", 0), ephemeral("/e"))));
        client.send(new Request.Multi(List.of(TestClient.create(OpCode.CREATE, "/a", 0), ephemeral("/e"))));
        strict.settle();
        assertThat(client.heard()).containsExactly("#3 0 [-1:0, -1:-120]", "#4 0 [-1:-110, -1:-2]");
        assertThat(strict.tree.sessions()).isEmpty();
        assertThat(strict.tree.find("/b")).isNull();
    }

    @Test
    void aRefusedUpgradeEndsTheLink() {
        TestClient client = server.connected();
        server.moved.add(client.sessionId); // every transaction of it is refused
        client.send(ephemeral("/e"));
        server.settle();
        assertThat(client.heard()).containsExactly("closed");
    }
}
