package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import io.matriarch.wire.quorum.SessionTouch;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Level 1: handshakes, moves, ends of sessions, and what a lost leader does to links; client.md 3, 10, N*. */
class SessionsTest {
    private final Server server = Server.serving();

    private static Bytes connectFrame(long lastZxid, int timeout, long session, Bytes passwd, boolean hasReadOnly) {
        return new ConnectRequest(0, lastZxid, timeout, session, passwd, hasReadOnly, false).encode();
    }

    // --- handshake -----------------------------------------------------------------------------------------------

    @Test
    void n1TimeoutsAreClamped() {
        for (int[] wishAndGrant : new int[][] {{1, 4000}, {0, 4000}, {-5, 4000}, {3_600_000, 40_000}, {5000, 5000}}) {
            TestClient client = server.client();
            client.connect(wishAndGrant[0]);
            server.settle();
            ConnectResponse response = client.connected();
            assertThat(response.timeoutMillis()).isEqualTo(wishAndGrant[1]);
            assertThat(response.sessionId() >>> 56).isEqualTo(1);
            assertThat(response.passwd()).isEqualTo(SessionPassword.of(response.sessionId()));
            assertThat(server.tree.sessions().get(response.sessionId())).isEqualTo(wishAndGrant[1]);
        }
    }

    @Test
    void n12TheReadOnlyByteIsMirrored() {
        for (boolean hasReadOnly : new boolean[] {true, false}) {
            TestClient client = server.client();
            client.frame(connectFrame(0, 5000, 0, null, hasReadOnly));
            server.settle();
            assertThat(client.connected().encode().length()).isEqualTo(hasReadOnly ? 37 : 36);
        }
    }

    @Test
    void n10AClientThatHasSeenMoreIsClosedWithoutAWord() {
        server.connected();
        long ahead = server.tree.lastApplied().value() + 1;
        TestClient client = server.client();
        client.frame(connectFrame(ahead, 5000, 0, null, true));
        assertThat(client.heard()).containsExactly("closed");
        client = server.client();
        client.frame(connectFrame(ahead - 1, 5000, 0, null, true));
        server.settle();
        client.connected();
    }

    @Test
    void aBrokenConnectRequestCloses() {
        TestClient client = server.client();
        client.frame(Bytes.EMPTY);
        assertThat(client.heard()).containsExactly("closed");
    }

    @Test
    void whatIsPipelinedBehindTheHandshakeIsTakenInOrderOnceTheSessionIsThere() {
        TestClient client = server.client();
        client.connect(5000);
        client.auth("digest", "a:b");
        client.create("/a");
        assertThat(server.outcomesToCome()).isEqualTo(1);
        server.settle();
        client.connected();
        assertThat(client.heard()).containsExactly("#-4 0", "#1 0 /a");
    }

    // --- resuming ------------------------------------------------------------------------------------------------

    @Test
    void n2ASessionIsResumedWithItsEphemerals() {
        TestClient client = server.connected();
        client.err(TestClient.create(OpCode.CREATE, "/e", 1));
        server.desk.linkDown(server.now(), client.link);
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.settle();
        assertThat(again.connected().sessionId()).isEqualTo(client.sessionId);
        assertThat(again.stat("/e").ephemeralOwner()).isEqualTo(client.sessionId);
    }

    @Test
    void n3AWrongPasswordIsToldAndDoesNotDisturbTheLiveConnection() {
        TestClient client = server.connected();
        TestClient thief = server.client();
        thief.frame(connectFrame(0, 5000, client.sessionId, Bytes.wrap(new byte[16]), false));
        assertThat(thief.connected()).isEqualTo(ConnectResponse.expired(false));
        assertThat(thief.heard()).containsExactly("closed");
        assertThat(client.err(new Request.Exists("/", false))).isZero();
    }

    @Test
    void n3AnEndedSessionCannotBeResumed() {
        TestClient client = server.connected();
        server.expire(client.sessionId);
        assertThat(client.heard()).containsExactly("closed");
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.settle();
        assertThat(again.connected()).isEqualTo(ConnectResponse.expired(true));
        assertThat(again.heard()).containsExactly("closed");
    }

    @Test
    void resumingOnTheSameServerClosesTheOldLinkAtOnce() {
        TestClient client = server.connected();
        TestClient again = server.client();
        again.resume(client.sessionId);
        assertThat(client.heard()).containsExactly("closed");
        server.settle();
        assertThat(again.connected().sessionId()).isEqualTo(client.sessionId);
    }

    @Test
    void twoResumesAtOnceTheLaterWins() {
        TestClient client = server.connected();
        TestClient second = server.client();
        second.resume(client.sessionId);
        TestClient third = server.client();
        third.resume(client.sessionId);
        server.settle();
        assertThat(third.connected().sessionId()).isEqualTo(client.sessionId);
        assertThat(second.heard()).contains("closed");
        third.create("/a");
        server.settle();
        assertThat(third.heard()).containsExactly("#1 0 /a");
    }

    @Test
    void aWriteOfTheOldLinkIsNotTakenForOneOfTheNewLinkWithTheSameXid() {
        TestClient client = server.connected();
        client.create("/old");
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.settleOne();
        server.settleOne();
        again.connected();
        again.create("/new");
        server.settle();
        assertThat(again.heard()).containsExactly("#1 0 /new");
        client = server.connected();
        client.create("/first");
        again = server.client();
        again.resume(client.sessionId);
        server.desk.revalidated(server.now(), client.sessionId, true);
        again.connected();
        again.create("/second");
        server.settleOne();
        assertThat(again.heard()).isEmpty();
        server.settle();
        assertThat(again.heard()).containsExactly("#1 0 /second");
    }

    /** kazoo's clients count their requests from one on each connection. */
    @Test
    void aWriteThatWasLostWithTheLeaderTakesNoOutcomeFromTheNextLinkWithTheSameXid() {
        TestClient client = server.connected();
        client.create("/lost");
        server.loseOutcomes();
        server.desk.suspend(server.now(), "the leader is lost");
        server.desk.linkDown(server.now(), client.link);
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.mayYetPropose = false;
        server.desk.serve(server.now(), server);
        server.settle();
        again.connected();
        again.create("/kept");
        server.settle();
        assertThat(again.heard()).containsExactly("#1 0 /kept");
    }

    /** Proposed by the leader before, committed by the next: its outcome comes while this server does not serve. */
    @Test
    void theOutcomeThatComesWithTheNextLeadersHistoryIsTheEarlierLinks() {
        TestClient client = server.connected();
        client.create("/first");
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.desk.revalidated(server.now(), client.sessionId, true);
        again.connected();
        again.create("/second");
        server.desk.suspend(server.now(), "the leader is lost");
        server.settle();
        assertThat(again.heard()).containsExactly("#1 0 /second");
    }

    @Test
    void aWriteThatTheSameLeaderDidNotGetTakesNoOutcomeOfALaterOne() {
        TestClient client = server.connected();
        client.create("/lost");
        client.create("/late");
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.loseOutcome();
        server.settle();
        again.connected();
        again.create("/first");
        again.create("/second");
        server.settle();
        assertThat(again.heard()).containsExactly("#1 0 /first", "#2 0 /second");
    }

    @Test
    void whoRevalidatesBehindWritesLeavesNoneInDoubt() {
        server.revalidatesBehindWrites = true;
        TestClient client = server.connected();
        client.create("/lost");
        server.loseOutcomes();
        TestClient again = server.client();
        again.resume(client.sessionId);
        server.settle();
        again.connected();
        again.create("/kept");
        server.settle();
        assertThat(again.heard()).containsExactly("#1 0 /kept");
    }

    @Test
    void n5N6M14AWriteOfASessionThatMovedClosesWithoutReply() {
        for (Request write : List.of(
                TestClient.create(OpCode.CREATE, "/x", 0),
                new Request.Multi(List.of(TestClient.create(OpCode.CREATE, "/x", 0))))) {
            TestClient client = server.connected();
            server.moved.add(client.sessionId);
            assertThat(client.err(new Request.Exists("/", false))).isZero();
            client.send(write);
            server.settle();
            assertThat(client.heard()).containsExactly("closed");
            assertThat(server.tree.find("/x")).isNull();
        }
        assertThat(server.desk.figures().stats().outstanding()).isZero();
    }

    // --- ends ----------------------------------------------------------------------------------------------------

    @Test
    void n4ExpiryTakesTheEphemeralsAndTellsWatchersOfNodeAndParent() {
        TestClient owner = server.connected();
        owner.err(TestClient.create(OpCode.CREATE, "/e", 1));
        TestClient watcher = server.connected();
        watcher.send(new Request.Exists("/e", true));
        watcher.send(new Request.GetChildren("/", true, false));
        watcher.heard();
        owner.create("/unanswered");
        server.expire(owner.sessionId);
        assertThat(watcher.heard()).containsExactly("Deleted /e", "ChildrenChanged /");
        assertThat(owner.heard()).endsWith("closed");
        assertThat(server.desk.touches()).extracting(SessionTouch::sessionId).doesNotContain(owner.sessionId);
    }

    @Test
    void expiryWhileARefusalWaitsClosesTheLinkOnly() {
        TestClient client = server.connected();
        client.create("/a");
        client.send(888, Bytes.EMPTY);
        server.expire(client.sessionId);
        assertThat(client.heard()).containsExactly("closed");
        server.settle();
        assertThat(client.heard()).isEmpty();
        assertThat(server.desk.figures().stats().outstanding()).isZero();
    }

    @Test
    void touchesNameWhoWasHeardSinceTheLastTime() {
        TestClient one = server.connected();
        TestClient two = server.connected();
        assertThat(server.desk.touches()).hasSize(2);
        assertThat(server.desk.touches()).isEmpty();
        two.send(-2, OpCode.PING, Bytes.EMPTY);
        assertThat(server.desk.touches()).containsExactly(new SessionTouch(two.sessionId, 10_000));
        assertThat(one.heard()).isEmpty();
    }

    @Test
    void touchesNameWhoseRequestsWaitBehindASyncToo() {
        TestClient client = server.connected();
        client.send(new Request.Sync("/"));
        client.create("/held");
        server.desk.touches();
        client.send(-2, OpCode.PING, Bytes.EMPTY);
        assertThat(server.desk.touches()).containsExactly(new SessionTouch(client.sessionId, 10_000));
    }

    @Test
    void aSilentLinkIsClosedAfterItsTimeout() {
        TestClient client = server.connected();
        server.pass(9_000);
        client.send(-2, OpCode.PING, Bytes.EMPTY);
        server.pass(9_000);
        assertThat(client.heard()).containsExactly("#-2 0");
        server.pass(1_001);
        assertThat(client.heard()).containsExactly("closed");
    }

    @Test
    void aLinkWithoutConnectRequestIsClosedAfterTenSeconds() {
        TestClient client = server.client();
        server.pass(10_000);
        assertThat(client.heard()).isEmpty();
        server.pass(1_000);
        assertThat(client.heard()).containsExactly("closed");
        assertThat(server.desk.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    // --- no leader -----------------------------------------------------------------------------------------------

    @Test
    void beforeServingHandshakesAreHeldForOneTick() {
        Server waiting = new Server();
        TestClient patient = waiting.client();
        patient.connect(5000);
        waiting.pass(1500);
        TestClient late = waiting.client();
        late.connect(5000);
        waiting.pass(600);
        assertThat(patient.heard()).containsExactly("closed");
        assertThat(late.heard()).isEmpty();
        waiting.desk.serve(waiting.now(), waiting);
        waiting.settle();
        assertThat(late.connected().sessionId()).isNotZero();
    }

    @Test
    void aLostLeaderClosesOnlyLinksInAHandshakeAndIfItComesBackThoseWithAWriteInDoubt() {
        TestClient idle = server.connected();
        TestClient writing = server.connected();
        TestClient syncing = server.connected();
        TestClient creating = server.client();
        TestClient resuming = server.client();
        TestClient fresh = server.client();
        long free = server.connected().sessionId;
        writing.create("/w");
        syncing.send(new Request.Sync("/"));
        creating.connect(5000);
        resuming.resume(free);
        server.desk.suspend(server.now(), "the leader is lost");
        server.loseOutcomes();
        for (TestClient client : List.of(creating, resuming)) {
            assertThat(client.heard()).containsExactly("closed");
        }
        assertThat(writing.heard()).isEmpty();
        assertThat(idle.heard()).isEmpty();
        assertThat(fresh.heard()).isEmpty();
        idle.send(new Request.Exists("/", false));
        idle.create("/i");
        fresh.connect(5000);
        assertThat(idle.heard()).isEmpty();
        server.desk.serve(server.now(), server);
        server.settle();
        assertThat(idle.heard()).containsExactly("#1 0", "#2 0 /i");
        assertThat(writing.heard()).containsExactly("closed");
        assertThat(syncing.heard()).containsExactly("#1 0");
        fresh.connected();
        assertThat(server.desk.figures().stats().outstanding()).isZero();
    }

    @Test
    void eventsOfMissedTransactionsReachAHeldLinkBeforeItsReads() {
        TestClient client = server.connected();
        client.err(new Request.Exists("/a", true));
        server.desk.suspend(server.now(), "lost");
        client.send(new Request.Exists("/a", false));
        TxnHeader header = new TxnHeader(77, 1, new Zxid(0x200000001L), 1, OpCode.CREATE);
        server.apply(new Txn(header, new CreateTxn("/a", null, Acl.OPEN, false, 1), null));
        assertThat(client.heard()).containsExactly("Created /a");
        server.desk.serve(server.now(), server);
        assertThat(client.heard()).containsExactly("#2 0");
    }

    @Test
    void aHeldLinkIsClosedAfterAThirdOfItsTimeout() {
        TestClient client = server.connected();
        server.desk.suspend(server.now(), "lost");
        server.pass(3_000);
        assertThat(client.heard()).isEmpty();
        server.pass(1_000);
        assertThat(client.heard()).containsExactly("closed");
    }

    @Test
    void aHeldLinkWhoseSessionEndedOrWroteElsewhereIsClosed() {
        TestClient ended = server.connected();
        TestClient wrote = server.connected();
        TestClient unknown = server.connected();
        server.desk.suspend(server.now(), "lost");
        server.expire(ended.sessionId);
        assertThat(ended.heard()).containsExactly("closed");
        wrote.create("/late");
        Bytes body = TestClient.create(OpCode.CREATE, "/elsewhere", 0).encode();
        server.commit(new WriteRequest(wrote.sessionId, 9, OpCode.CREATE, body, List.of()));
        assertThat(wrote.heard()).containsExactly("closed");
        assertThat(unknown.heard()).isEmpty();
        server.desk.serve(server.now(), server);
        server.settle();
        assertThat(server.tree.find("/late")).isNull();
        assertThat(server.tree.find("/elsewhere")).isNotNull();
    }

    @Test
    void aHeldLinkWhoseSessionTheTreeDoesNotKnowIsClosedWhenServingResumes() {
        TestClient client = server.connected();
        server.desk.suspend(server.now(), "lost");
        DataTree other = new DataTree();
        Server lagging = new Server();
        TestClient link = lagging.client();
        lagging.desk.serve(lagging.now(), lagging);
        link.resume(client.sessionId);
        lagging.desk.revalidated(lagging.now(), client.sessionId, true);
        link.connected();
        assertThat(link.heard()).isEmpty();
        lagging.desk.suspend(lagging.now(), "lost");
        lagging.desk.serve(lagging.now(), lagging);
        assertThat(link.heard()).containsExactly("closed");
        assertThat(other.hasSession(client.sessionId)).isFalse();
    }

    @Test
    void theQueueOfAHeldLinkIsBounded() {
        Server small = new Server(Server.CONFIG.withBounds(4, 1 << 20, 100));
        small.desk.serve(small.now(), small);
        TestClient client = small.connected();
        small.desk.suspend(small.now(), "lost");
        for (int i = 0; i < 4; i++) {
            client.send(new Request.Exists("/", false));
        }
        assertThat(client.heard()).containsExactly("paused");
        small.desk.serve(small.now(), small);
        assertThat(client.heard()).containsExactly("#1 0", "#2 0", "#3 0", "#4 0", "resumed");
    }

    @Test
    void aReplacedTreeClosesLinksWithSessionsAndKeepsWaitingHandshakes() {
        TestClient client = server.connected();
        client.send(new Request.Exists("/a", true));
        server.desk.suspend(server.now(), "lost");
        TestClient waiting = server.client();
        waiting.connect(5000);
        server.desk.treeReplaced(server.now(), new DataTree());
        assertThat(client.heard()).endsWith("closed");
        assertThat(server.desk.figures().watchCount()).isZero();
        assertThat(waiting.heard()).isEmpty();
    }
}
