package io.matriarch.core.peer;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import org.junit.jupiter.api.Test;

/** election.md 3.9 and D14: two servers with an oracle, of which ours is server 2 unless a test says otherwise. */
class OracleClausesTest {
    private static final long SESSION = 0x100000000000001L;

    private static PeerFixture two() {
        return PeerFixture.withOracle(2, 2, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
    }

    private static int questions(PeerFixture server) {
        return server.effects(Effect.AskOracle.class).size();
    }

    private static PeerFixture says(PeerFixture server, boolean isYes) {
        return server.step(new Event.OracleAnswered(isYes));
    }

    /** Leads alone: server 1 refuses connections, and the oracle says yes. */
    private static PeerFixture alone() {
        PeerFixture server = two();
        says(server, true);
        server.refuses(1);
        assertThat(server.status().isServing()).isTrue();
        return server.forget();
    }

    @Test
    void d14_withTheOtherDownItLeadsAloneIfTheFileSaysSo() {
        PeerFixture server = two().refuses(1);
        assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
        says(server, true);
        assertThat(server.status().role()).isEqualTo(PeerState.LEADING);
        assertThat(server.status().isServing()).isTrue();
    }

    @Test
    void d14_withTheOtherDownItWaitsIfTheFileSaysNo() {
        PeerFixture server = two().refuses(1);
        says(server, false);
        server.afterMillis(3000);
        assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void theOracleIsAskedAtOnceAndAgainAsLongAsItIsNeeded() {
        PeerFixture server = two();
        assertThat(questions(server)).isEqualTo(1);
        server.afterMillis(1000);
        assertThat(questions(server)).as("one question at a time").isEqualTo(1);
        says(server, false).afterMillis(100);
        assertThat(questions(server)).isEqualTo(2);
    }

    @Test
    void withoutAnOracleNobodyIsAsked() {
        PeerFixture server = new PeerFixture(2, 2);
        server.afterMillis(500);
        assertThat(questions(server)).isZero();
    }

    @Test
    void ofThreeServersNobodyIsAsked() {
        PeerFixture server = PeerFixture.withOracle(2, 3, new MemoryDisk());
        server.afterMillis(500);
        assertThat(questions(server)).isZero();
    }

    @Test
    void aServerThatIsSilentAndNotRefusedIsWaitedForAsInAnyElection() {
        PeerFixture server = two();
        says(server, true);
        assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
        server.afterMillis(250);
        assertThat(server.status().role()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void aLeaderThatBothElectedWaitsForTheOtherBeforeItGoesOnAlone() {
        PeerFixture server = two();
        says(server, true);
        server.votesForUs(1);
        assertThat(server.status().role()).isEqualTo(PeerState.LEADING);
        says(server, true);
        assertThat(server.status().phase()).isEqualTo("discovery");
        server.afterMillis(PeerFixture.TICK * PeerFixture.INIT_LIMIT / 2);
        says(server, true);
        assertThat(server.status().isServing()).isTrue();
    }

    @Test
    void aLeaderThatBothElectedLooksAgainWhenTheOtherIsGone() {
        PeerFixture server = two();
        server.votesForUs(1).refuses(1);
        assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
        says(server, true).refuses(1);
        assertThat(server.status().isServing()).isTrue();
    }

    @Test
    void aloneItCommitsWhatItsOwnDiskHolds() {
        PeerFixture server = alone().holdStorage();
        ScriptedClient client = server.client().connects(1000);
        assertThat(server.status().outstandingProposals()).isEqualTo(1);
        assertThat(client.sessionId()).as("nothing is on disk yet").isZero();
        server.stored();
        assertThat(server.status().outstandingProposals()).isZero();
        assertThat(client.sessionId()).isNotZero();
    }

    @Test
    void whatWaitedForTheOtherIsCommittedWhenItIsGoneAndTheOracleSaysYes() {
        PeerFixture server = says(two(), false);
        ScriptedLearner one = server.leadsWith(1).get(0);
        one.forwards(SESSION, 0, new Request.CreateSession(1000));
        assertThat(server.status().outstandingProposals()).isEqualTo(1);
        one.disconnects();
        assertThat(server.status().outstandingProposals()).isEqualTo(1);
        assertThat(questions(server)).isEqualTo(1);
        says(server, true);
        assertThat(server.status().outstandingProposals()).isZero();
        server.afterMillis(2 * PeerFixture.TICK);
        assertThat(server.status().role()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void whileAFollowerIsThereTheOracleCommitsNothing() {
        PeerFixture server = two();
        ScriptedLearner one = server.leadsWith(1).get(0);
        says(server, true);
        one.forwards(SESSION, 0, new Request.CreateSession(1000));
        says(server, true);
        assertThat(server.status().outstandingProposals()).isEqualTo(1);
    }

    @Test
    void fromNewLeaderOnNothingIsCommittedWithoutTheOther() {
        PeerFixture server = alone();
        ScriptedLearner one = server.learner(1).ofOurs().followerInfo(1).ackEpoch(1, z(1, 2));
        assertThat(one.got()).endsWith("NEWLEADER (2,0)");
        server.client().connects(1000);
        assertThat(server.status().outstandingProposals()).isEqualTo(1);
        one.ackNewLeader();
        assertThat(one.got()).endsWith("UPTODATE", "PROPOSAL (2,1)");
        one.ack(z(2, 1));
        assertThat(server.status().outstandingProposals()).isZero();
    }

    @Test
    void whenTheWordIsTakenFromItItStopsAtTheNextCheck() {
        PeerFixture server = alone();
        says(server, false);
        server.client().connects(1000);
        assertThat(server.status().outstandingProposals()).isEqualTo(1);
        server.afterMillis(PeerFixture.TICK + 1);
        assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void aLeaderDoesNotResignBeforeTheOracleHasAnswered() {
        PeerFixture server = two();
        server.leadsWith(1).get(0).disconnects();
        server.afterMillis(3 * PeerFixture.TICK);
        assertThat(server.status().role()).isEqualTo(PeerState.LEADING);
        says(server, false);
        server.afterMillis(PeerFixture.TICK + 1);
        assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void onANoTheLeadersWordAloneIsFollowedEvenIfItsHistoryIsOlder() {
        PeerFixture server = two();
        server.says(1, PeerState.LEADING, 1, Zxid.ZERO, 1);
        assertThat(server.effects(Effect.ConnectToLeader.class)).isEmpty();
        says(server, false);
        assertThat(server.effects(Effect.ConnectToLeader.class)).hasSize(1);
    }

    @Test
    void onAYesALeaderWithAnOlderHistoryIsNotFollowed() {
        PeerFixture server = two();
        says(server, true);
        server.says(1, PeerState.LEADING, 1, Zxid.ZERO, 1);
        assertThat(server.effects(Effect.ConnectToLeader.class)).isEmpty();
    }

    @Test
    void anObserverFollowsALeaderThatIsAloneIfTheOracleSaysNo() {
        PeerFixture observer = PeerFixture.withOracle(3, 2, new MemoryDisk());
        observer.says(2, PeerState.LEADING, 2, Zxid.ZERO, 1);
        assertThat(observer.effects(Effect.ConnectToLeader.class)).isEmpty();
        says(observer, false);
        assertThat(observer.effects(Effect.ConnectToLeader.class)).hasSize(1);
    }
}
