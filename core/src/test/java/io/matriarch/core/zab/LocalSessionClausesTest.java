package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.Entries;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.TxnBody;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 12, "Local sessions": what a leader makes of sessions it does not know, and what a learner passes on. */
class LocalSessionClausesTest {
    private static final SessionRules UPGRADING = new SessionRules(true, true, false);
    private static final int TIMEOUT = 1000;

    /** A session of server 2, and one of server 3, by their top bytes. */
    private static final long OF_TWO = 2L << 56 | 7;

    private static final long OF_THREE = 3L << 56 | 7;

    private static TxnBody lastOf(PeerFixture leader) {
        return leader.logged().get(leader.logged().size() - 1).body();
    }

    @Test
    void anUnknownSessionOfAnotherServerMayWriteButOwnNothing() {
        PeerFixture leader = new PeerFixture(3, 3, UPGRADING);
        ScriptedLearner two = leader.leadsWith(2, 1).get(0);
        two.forwards(OF_TWO, 1, ScriptedClient.create("/a", 0));
        assertThat(leader.logged())
                .last()
                .satisfies(txn -> assertThat(txn.header().type()).isEqualTo(OpCode.CREATE));
        two.forwards(OF_TWO, 2, ScriptedClient.create("/e", 1));
        assertThat(lastOf(leader)).isEqualTo(new ErrorTxn(ErrorCode.SESSION_EXPIRED));
        two.forwards(OF_TWO, 3, new Request.CloseSession());
        assertThat(lastOf(leader)).isEqualTo(new ErrorTxn(ErrorCode.SESSION_EXPIRED));
    }

    @Test
    void withTheFeatureOffOrTheLeadersOwnTopByteItIsExpired() {
        PeerFixture strict = new PeerFixture(3, 3);
        strict.leadsWith(2, 1).get(0).forwards(OF_TWO, 1, ScriptedClient.create("/a", 0));
        assertThat(lastOf(strict)).isEqualTo(new ErrorTxn(ErrorCode.SESSION_EXPIRED));
        PeerFixture leader = new PeerFixture(3, 3, UPGRADING);
        leader.leadsWith(2, 1).get(0).forwards(OF_THREE, 1, ScriptedClient.create("/a", 0));
        assertThat(lastOf(leader)).isEqualTo(new ErrorTxn(ErrorCode.SESSION_EXPIRED));
    }

    @Test
    void anUpgradeMakesTheLearnerTheOwnerAndTheSessionMovesLikeAnyOther() {
        PeerFixture leader = new PeerFixture(3, 3, UPGRADING);
        List<ScriptedLearner> followers = leader.leadsWith(2, 1);
        ScriptedLearner two = followers.get(0);
        ScriptedLearner one = followers.get(1);
        two.forwards(OF_TWO, 1, ScriptedClient.create("/a", 0));
        two.forwards(OF_TWO, 0, new Request.CreateSession(TIMEOUT));
        two.forwards(OF_TWO, 2, ScriptedClient.create("/e", 1));
        assertThat(leader.logged())
                .extracting(txn -> txn.header().type())
                .containsExactly(OpCode.CREATE, OpCode.CREATE_SESSION, OpCode.CREATE);
        leader.forget();
        two.ack(z(1, 3));
        one.revalidates(OF_TWO, TIMEOUT).echoesLast();
        assertThat(one.got()).contains("REVALIDATE true");
        two.forwards(OF_TWO, 3, ScriptedClient.create("/late", 0));
        assertThat(lastOf(leader)).isEqualTo(new ErrorTxn(ErrorCode.SESSION_MOVED));
    }

    @Test
    void aSessionThatOnlyItsServerKnowsIsNotRevalidated() {
        PeerFixture leader = new PeerFixture(3, 3, UPGRADING);
        ScriptedLearner two = leader.leadsWith(2, 1).get(0);
        two.forwards(OF_TWO, 1, ScriptedClient.create("/a", 0)).ack(z(1, 1));
        two.revalidates(OF_TWO, TIMEOUT).echoesLast();
        assertThat(two.got()).contains("REVALIDATE false");
    }

    @Test
    void invariant31_whatWasOnItsWayWhenTheSessionEndedIsNotTakenForALocalOne() {
        PeerFixture leader = new PeerFixture(3, 3, UPGRADING);
        List<ScriptedLearner> followers = leader.leadsWith(2, 1);
        ScriptedLearner two = followers.get(0);
        ScriptedLearner one = followers.get(1);
        two.forwards(OF_TWO, 0, new Request.CreateSession(TIMEOUT)).ack(z(1, 1));
        two.forwards(OF_TWO, 1, new Request.CloseSession()).ack(z(1, 2));
        assertThat(leader.peer().tree().hasSession(OF_TWO)).isFalse();
        leader.afterMillis(PeerFixture.TICK);
        one.echoesLast();
        leader.afterMillis(PeerFixture.TICK);
        two.forwards(OF_TWO, 2, ScriptedClient.create("/late", 0));
        assertThat(lastOf(leader)).isEqualTo(new ErrorTxn(ErrorCode.SESSION_EXPIRED));
        two.echoesLast();
        one.echoesLast();
        leader.afterMillis(PeerFixture.TICK);
        two.forwards(OF_TWO, 3, ScriptedClient.create("/much-later", 0));
        assertThat(leader.logged().get(leader.logged().size() - 1).header().type())
                .as("both have dropped its connections: nothing of it is remembered")
                .isEqualTo(OpCode.CREATE);
    }

    @Test
    void aClientOfTheLeaderWritesWithALocalSessionAndUpgradesIt() {
        PeerFixture leader = new PeerFixture(3, 3, UPGRADING);
        ScriptedLearner two = leader.leadsWith(2, 1).get(0);
        ScriptedClient client = leader.client().connects(TIMEOUT);
        assertThat(client.sessionId()).isNotZero();
        assertThat(leader.logged()).isEmpty();
        client.asks(1, ScriptedClient.create("/a", 0)).asks(2, ScriptedClient.create("/e", 1));
        assertThat(leader.logged())
                .extracting(txn -> txn.header().type())
                .containsExactly(OpCode.CREATE, OpCode.CREATE_SESSION, OpCode.CREATE);
        two.ack(z(1, 3));
        assertThat(client.answers()).containsExactly("1 0", "2 0");
        assertThat(leader.peer().tree().ephemerals(client.sessionId())).containsExactly("/e");
    }

    @Test
    void aLearnerAsksForTheSessionFirstAndThenForTheEphemeralZnode() {
        PeerFixture follower = new PeerFixture(1, 3, UPGRADING);
        ScriptedLeader leader = follower.follows(3, 1);
        ScriptedClient client = follower.client().connects(TIMEOUT);
        long session = client.sessionId();
        assertThat(session >>> 56).isEqualTo(1);
        assertThat(leader.got()).as("nobody is told of the session").isEmpty();
        client.asks(1, ScriptedClient.create("/e", 1));
        assertThat(leader.got()).hasSize(2);
        ForwardedRequest create = leader.lastForwarded();
        assertThat(create.sessionId()).isEqualTo(session);
        assertThat(create.opcode()).isEqualTo(OpCode.CREATE);
        leader.proposes(Entries.opens(session, TIMEOUT, z(1, 1))).commits(z(1, 1));
        assertThat(follower.status().sessionCount()).isEqualTo(1);
        assertThat(follower.status().localSessionCount()).isZero();
    }
}
