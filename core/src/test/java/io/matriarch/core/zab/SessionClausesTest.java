package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.matriarch.core.peer.Entries;
import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.SessionTouch;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.Txn;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** zab.md 12 and scenarios 40 to 45 of 19: sessions that outlive servers and move between them. */
class SessionClausesTest {
    private static final long SESSION = 0x100000000000001L;
    private static final int TIMEOUT = 1000;

    private static List<ScriptedLearner> withSession(PeerFixture leader) {
        List<ScriptedLearner> followers = leader.leadsWith(2, 1);
        followers.get(0).forwards(SESSION, 0, new Request.CreateSession(TIMEOUT));
        followers.get(0).ack(z(1, 1));
        leader.forget();
        return followers;
    }

    private static PeerFixture withSessionInLog() {
        MemoryDisk disk = new MemoryDisk().epochs(1, 1).log(List.of(Entries.opens(SESSION, TIMEOUT, z(1, 1))));
        return new PeerFixture(3, 3, disk);
    }

    /** Lets time pass while {@code follower} answers every ping. */
    private static void passes(PeerFixture leader, ScriptedLearner follower, int millis) {
        int half = PeerFixture.TICK / 2;
        for (int left = millis; left > 0; left -= half) {
            leader.afterMillis(Math.min(half, left));
            follower.echoesLast();
        }
    }

    @Test
    void scenario40_aLateWriteThroughTheServerThatTheClientLeftIsRefused() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        leader.forget();
        followers.get(1).revalidates(SESSION, TIMEOUT);
        assertThat(followers.get(1).got())
                .as("a deposed leader must not answer")
                .noneMatch(p -> p.startsWith("REVALIDATE"));
        followers.get(1).echoesLast();
        assertThat(followers.get(1).got()).contains("REVALIDATE true");
        followers.get(0).forwards(SESSION, 5, ScriptedClient.create("/late", 0));
        followers.get(1).forwards(SESSION, 6, ScriptedClient.create("/new", 0));
        assertThat(leader.logged())
                .extracting(txn -> txn.header().cxid(), txn -> txn.header().type())
                .containsExactly(tuple(5, OpCode.ERROR), tuple(6, OpCode.CREATE));
        assertThat(leader.logged().get(0).body()).isEqualTo(new ErrorTxn(ErrorCode.SESSION_MOVED));
    }

    @Test
    void invariant33_aLateWriteThroughTheServerThatTheClientLeftIsRefusedAlsoWhenTheServerItWentToIsGone() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        followers.get(1).revalidates(SESSION, TIMEOUT).echoesLast();
        followers.get(1).forwards(SESSION, 6, ScriptedClient.create("/new", 0));
        followers.get(1).disconnects();
        followers.get(0).forwards(SESSION, 5, ScriptedClient.create("/late", 0));
        assertThat(leader.logged())
                .extracting(txn -> txn.header().cxid(), txn -> txn.header().type())
                .containsExactly(tuple(6, OpCode.CREATE), tuple(5, OpCode.ERROR));
        assertThat(leader.logged()).last().extracting(Txn::body).isEqualTo(new ErrorTxn(ErrorCode.SESSION_MOVED));
    }

    @Test
    void aLearnerThatComesBackOverAnotherLinkGoesOnWithTheClientsItKept() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        followers.get(0).disconnects();
        ScriptedLearner again =
                leader.learner(2).followerInfo(1).ackEpoch(-1, z(1, 1)).ack(z(1, 0));
        again.forwards(SESSION, 5, ScriptedClient.create("/on", 0));
        assertThat(leader.logged()).extracting(txn -> txn.header().type()).containsExactly(OpCode.CREATE);
    }

    @Test
    void invariant35_aSessionThatIsUnknownOrClosingIsNotRevalidated() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        followers.get(1).revalidates(77, TIMEOUT).echoesLast();
        assertThat(followers.get(1).got()).contains("REVALIDATE false");
        followers.get(0).forwards(SESSION, 1, new Request.CloseSession());
        Zxid end = lastLogged(leader);
        leader.forget();
        followers.get(1).revalidates(SESSION, TIMEOUT).echoesLast();
        assertThat(followers.get(1).got()).as("the end may not be committed").doesNotContain("REVALIDATE true");
        followers.get(0).ack(end);
        assertThat(followers.get(1).got()).contains("REVALIDATE false");
    }

    /** Who resumes its session, and counts its requests from one again, must not be given the outcome of an earlier one. */
    @Test
    void aSessionIsRevalidatedBehindWhatItWroteBefore() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        followers.get(0).forwards(SESSION, 1, ScriptedClient.create("/slow", 0));
        Zxid slow = lastLogged(leader);
        leader.forget();
        followers.get(1).revalidates(SESSION, TIMEOUT).echoesLast();
        assertThat(followers.get(1).got()).noneMatch(said -> said.startsWith("REVALIDATE"));
        followers.get(0).ack(slow);
        assertThat(followers.get(1).got())
                .filteredOn(said -> said.startsWith("COMMIT") || said.startsWith("REVALIDATE"))
                .last()
                .isEqualTo("REVALIDATE true");
    }

    /** What was on its way through the server before when the question came is still in time while the leader proves itself. */
    @Test
    void aSessionIsRevalidatedBehindWhatCameWhileTheLeaderProvedThatItLeads() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        ScriptedLearner two = followers.get(0);
        ScriptedLearner one = followers.get(1);
        one.revalidates(SESSION, TIMEOUT);
        two.forwards(SESSION, 1, ScriptedClient.create("/slow", 0));
        Zxid slow = lastLogged(leader);
        one.echoesLast();
        assertThat(one.got()).noneMatch(said -> said.startsWith("REVALIDATE"));
        two.forwards(SESSION, 2, ScriptedClient.create("/late", 0));
        assertThat(leader.logged()).last().extracting(Txn::body).isEqualTo(new ErrorTxn(ErrorCode.SESSION_MOVED));
        two.ack(slow);
        assertThat(one.got()).contains("REVALIDATE true");
    }

    private static Zxid lastLogged(PeerFixture server) {
        List<Txn> logged = server.logged();
        return logged.get(logged.size() - 1).header().zxid();
    }

    @Test
    void invariant31_noTransactionOfASessionFollowsItsClosing() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        two.forwards(SESSION, 1, new Request.CloseSession());
        two.forwards(SESSION, 2, ScriptedClient.create("/late", 0));
        assertThat(leader.logged()).last().extracting(Txn::body).isEqualTo(new ErrorTxn(ErrorCode.SESSION_EXPIRED));
    }

    @Test
    void scenario41_aNewLeaderGivesEverySessionItsFullTimeoutFromActivationOn() {
        PeerFixture leader = withSessionInLog();
        ScriptedLearner two = leader.leadsWith(2).get(0);
        leader.afterMillis(1);
        passes(leader, two, TIMEOUT - 1);
        assertThat(leader.logged()).isEmpty();
        passes(leader, two, PeerFixture.TICK);
        assertThat(leader.logged())
                .singleElement()
                .satisfies(txn -> assertThat(txn.header().type()).isEqualTo(OpCode.CLOSE_SESSION))
                .satisfies(txn -> assertThat(txn.header().clientId()).isEqualTo(SESSION));
    }

    @Test
    void invariant36_aTouchInALearnersPingKeepsASession() {
        PeerFixture leader = withSessionInLog();
        ScriptedLearner two = leader.leadsWith(2).get(0);
        leader.afterMillis(1);
        passes(leader, two, TIMEOUT / 2);
        Bytes touch = SessionTouch.encodeAll(List.of(new SessionTouch(SESSION, TIMEOUT)));
        two.sends(PacketType.PING, z(0, 1), touch);
        passes(leader, two, TIMEOUT - 1);
        assertThat(leader.logged()).isEmpty();
    }

    @Test
    void withAFineGrain_aSessionOfTheLeadersOwnClientEndsItsTimeoutAfterItWasHeardOf() {
        PeerFixture leader = new PeerFixture(3, 3).withSessionGrain(10);
        ScriptedLearner two = leader.leadsWith(2, 1).get(0);
        ScriptedClient client = leader.client().connects(TIMEOUT);
        two.ack(z(1, 1));
        leader.forget();
        leader.afterMillis(7);
        client.asks(1, new Request.Ping());
        passes(leader, two, TIMEOUT - 1);
        assertThat(leader.logged()).isEmpty();
        leader.afterMillis(12);
        assertThat(leader.logged()).extracting(txn -> txn.header().type()).containsExactly(OpCode.CLOSE_SESSION);
    }

    @Test
    void withAFineGrain_aSessionHeardOfSinceTheLastHeartbeatDoesNotEnd() {
        PeerFixture leader = new PeerFixture(3, 3).withSessionGrain(10);
        ScriptedLearner two = leader.leadsWith(2, 1).get(0);
        ScriptedClient client = leader.client().connects(TIMEOUT);
        two.ack(z(1, 1));
        leader.forget();
        leader.afterMillis(7);
        client.asks(1, new Request.Ping());
        passes(leader, two, TIMEOUT - 3);
        client.asks(2, new Request.Ping());
        leader.afterMillis(6);
        passes(leader, two, TIMEOUT - 10);
        assertThat(leader.logged()).isEmpty();
    }

    @Test
    void scenario42_closeSessionListsEphemeralsThatAreNotCommittedYet() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = withSession(leader).get(0);
        two.forwards(SESSION, 1, ScriptedClient.create("/mine", 1));
        two.forwards(SESSION, 2, ScriptedClient.create("/gone", 1));
        two.forwards(SESSION, 3, new Request.Delete("/gone", -1));
        two.forwards(SESSION, 4, new Request.CloseSession());
        assertThat(leader.status().lastCommitted()).isEqualTo(z(1, 1));
        assertThat(leader.logged()).last().extracting(Txn::body).isEqualTo(new CloseSessionTxn(List.of("/mine")));
    }

    @Test
    void r24_anEphemeralOfASessionThatNobodyKnowsIsRemovedByATransaction() {
        MemoryDisk disk = new MemoryDisk()
                .epochs(1, 1)
                .log(List.of(Entries.entry(
                        SESSION, 1, z(1, 1), OpCode.CREATE, new CreateTxn("/orphan", Bytes.EMPTY, Acl.OPEN, true, 1))));
        PeerFixture leader = new PeerFixture(3, 3, disk);
        ScriptedLearner two = leader.elected().learner(2).followerInfo(1).ackEpoch(1, z(1, 1));
        leader.forget();
        two.ack(z(2, 0));
        assertThat(leader.logged())
                .singleElement()
                .extracting(Txn::body)
                .isEqualTo(new CloseSessionTxn(List.of("/orphan")));
        assertThat(two.got()).contains("UPTODATE", "PROPOSAL (2,1)");
    }

    @Test
    void scenario45_anEmptyTableIsAnEmptyBufferAndNotANullOne() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1).pings(77);
        assertThat(follower.effects(Effect.SendPacket.class))
                .extracting(Effect.SendPacket::packet)
                .containsExactly(QuorumPacket.of(PacketType.PING, 77, Bytes.EMPTY));
        assertThat(leader.got()).as("R22: the number is only echoed").containsExactly("PING 77");
    }

    @Test
    void aFollowerReportsEachSessionThatItHeardOfOnceWithItsNextPing() {
        PeerFixture follower = new PeerFixture(1, 3);
        ScriptedLeader leader = follower.follows(3, 1);
        ScriptedClient client = follower.client();
        long session = leader.opensSession(client, TIMEOUT, z(1, 1));
        follower.forget();
        client.asks(1, new Request.Ping()).asks(2, new Request.Ping());
        leader.pings(1).pings(2);
        assertThat(follower.effects(Effect.SendPacket.class))
                .extracting(send -> SessionTouch.decodeAll(send.packet().data()))
                .containsExactly(List.of(new SessionTouch(session, TIMEOUT)), List.of());
    }

    /** zab.md 1 and 12: Apache's leader drops a link on which it is sent more than it reads. */
    @Test
    void moreTouchedSessionsThanAPacketMayHoldTakeSeveralAnswers() {
        int most = 5;
        PeerFixture follower = new PeerFixture(1, 3)
                .with(ReplicationConfig.DEFAULT.withMaxTxnBytes(most * SessionTouch.SIZE_BYTES + 4));
        ScriptedLeader leader = follower.follows(3, 1);
        List<Long> sessions = LongStream.rangeClosed(1, 2L * most + 1)
                .mapToObj(counter -> leader.opensSession(follower.client(), TIMEOUT, z(1, counter)))
                .toList();
        follower.forget();
        leader.pings(7);
        List<List<SessionTouch>> told = leader.packets().stream()
                .map(packet -> SessionTouch.decodeAll(packet.data()))
                .toList();
        assertThat(told).extracting(List::size).containsExactly(most, most, 1);
        assertThat(told.stream().flatMap(List::stream).map(SessionTouch::sessionId))
                .containsExactlyElementsOf(sessions);
        assertThat(leader.packets())
                .extracting(QuorumPacket::zxid)
                .as("a round is answered when all is told")
                .containsExactly(0L, 0L, 7L);
    }

    @Test
    void r27_anAnswerWithoutANumberTouchesSessionsAndProvesNothing() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> followers = withSession(leader);
        followers.get(1).revalidates(SESSION, TIMEOUT);
        Bytes touch = SessionTouch.encodeAll(List.of(new SessionTouch(SESSION, TIMEOUT)));
        followers.get(1).sends(PacketType.PING, Zxid.ZERO, touch);
        assertThat(followers.get(1).got()).noneMatch(p -> p.startsWith("REVALIDATE"));
        followers.get(1).echoesLast();
        assertThat(followers.get(1).got()).contains("REVALIDATE true");
    }
}
