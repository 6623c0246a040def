package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.Entries;
import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedClient;
import io.matriarch.core.peer.ScriptedLeader;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 15, 18.25 and scenario 46: what an observer hears, says and never decides, on both ends of its link. */
class ObserverClausesTest {
    private static final long OBSERVER = 4;
    private static final long SESSION = 0x100000000000001L;

    // --- our observer --------------------------------------------------------------------------------------------

    private static PeerFixture observer() {
        return new PeerFixture(OBSERVER, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2)));
    }

    @Test
    void anObserverIntroducesItselfWithObserverInfo() {
        ScriptedLeader leader = observer().turnsToObserve(3, 2).accepts();
        assertThat(leader.got()).containsExactly("OBSERVERINFO (1,0)");
    }

    @Test
    void scenario46_itAcknowledgesNewLeaderAndUpToDateAndNoProposal() {
        PeerFixture observer = observer();
        ScriptedLeader leader = observer.turnsToObserve(3, 2).accepts();
        leader.leaderInfo(2).diff(z(1, 3)).sendsCommitted(List.of(entry(1, 3)));
        observer.forget();
        leader.newLeader(2).upToDate().informs(entry(2, 1));
        assertThat(leader.got()).containsExactly("ACK (2,0)", "ACK (2,0)");
        assertThat(observer.status().role()).isEqualTo(PeerState.OBSERVING);
        assertThat(observer.status().isServing()).isTrue();
        assertThat(observer.disk().currentEpoch()).isEqualTo(2);
    }

    @Test
    void informIsLoggedAndAppliedAtOnce() {
        PeerFixture observer = observer();
        ScriptedLeader leader = observer.observes(3, 2);
        leader.informs(entry(2, 1));
        assertThat(observer.hasApplied(z(2, 1))).isTrue();
        assertThat(observer.disk().last()).isEqualTo(z(2, 1));
    }

    @Test
    void informBeforeUpToDateIsTakenOverAtUpToDate() {
        PeerFixture observer = observer();
        ScriptedLeader leader = observer.turnsToObserve(3, 2).accepts();
        leader.leaderInfo(2).diff(z(1, 2)).informs(entry(2, 1)).newLeader(2).informs(entry(2, 2));
        assertThat(observer.hasApplied(z(2, 1))).isFalse();
        leader.upToDate().informs(entry(2, 3));
        assertThat(observer.hasApplied(z(2, 1))).isTrue();
        assertThat(observer.hasApplied(z(2, 2))).isTrue();
        assertThat(observer.hasApplied(z(2, 3))).isTrue();
    }

    @Test
    void aGapBetweenInformsEndsTheLink() {
        PeerFixture observer = observer();
        ScriptedLeader leader = observer.observes(3, 2);
        leader.informs(entry(2, 1)).informs(entry(2, 3));
        assertThat(leader.got()).containsExactly("CLOSED");
        assertThat(observer.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void aProposalThatIsNotCommittedIsNotForAnObserver() {
        PeerFixture observer = observer();
        ScriptedLeader leader = observer.observes(3, 2).proposes(entry(2, 1)).commits(z(2, 1));
        assertThat(observer.logged()).isEmpty();
        leader.informs(entry(2, 1));
        assertThat(observer.hasApplied(z(2, 1))).isTrue();
    }

    @Test
    void itForwardsWhatItsClientsAskAndAnswersPings() {
        PeerFixture observer = observer();
        ScriptedLeader leader = observer.observes(3, 2);
        ScriptedClient client = observer.client().connects(1000);
        assertThat(leader.lastForwarded().opcode()).isEqualTo(OpCode.CREATE_SESSION);
        long session = leader.lastForwarded().sessionId();
        leader.informs(Entries.opens(session, 1000, z(2, 1)));
        observer.forget();
        client.asks(1, ScriptedClient.create("/a", 0));
        assertThat(leader.pings(7).got()).containsExactly("REQUEST " + OpCode.CREATE, "PING 7");
    }

    @Test
    void anObserverAnswersNobodyOnTheElectionPort() {
        PeerFixture observer = observer();
        observer.observes(3, 2);
        observer.looks(1, 1, Zxid.ZERO, 0);
        assertThat(observer.toldTo(1)).isEmpty();
    }

    private static final ObserverConfig IN_MEMORY = new ObserverConfig(false, 1 << 20, 10, 100, 0, 0, false);

    @Test
    void withSyncDisabledItLogsWhatItMissedAndNothingOnceItIsUpToDate() {
        MemoryDisk disk = new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2));
        PeerFixture observer = new PeerFixture(OBSERVER, 3, disk, IN_MEMORY);
        ScriptedLeader leader = observer.turnsToObserve(3, 2).accepts();
        leader.leaderInfo(2).diff(z(1, 3)).sendsCommitted(List.of(entry(1, 3))).newLeader(2);
        assertThat(observer.disk().currentEpoch()).isEqualTo(2);
        leader.upToDate().informs(entry(2, 1)).informs(entry(2, 2));
        assertThat(observer.hasApplied(z(2, 2))).isTrue();
        assertThat(observer.logged()).hasSize(1);
        assertThat(observer.disk().last()).isEqualTo(z(1, 3));
    }

    @Test
    void withSyncDisabledADiskThatIsBehindIsToldOfNoLaterEpoch() {
        MemoryDisk disk = new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2));
        PeerFixture observer = new PeerFixture(OBSERVER, 3, disk, IN_MEMORY);
        observer.observes(3, 2).informs(entry(2, 1)).disconnects();
        ScriptedLeader leader = observer.turnsToObserve(3, 3).accepts().leaderInfo(3);
        assertThat(leader.got()).endsWith("ACKEPOCH (2,1) of 2");
        leader.diff(z(2, 2)).sendsCommitted(List.of(entry(2, 2))).newLeader(3).upToDate();
        assertThat(observer.hasApplied(z(2, 2))).isTrue();
        assertThat(observer.status().currentEpoch()).isEqualTo(3);
        assertThat(observer.logged()).isEmpty();
        assertThat(observer.disk().currentEpoch()).as("zab.md D4").isEqualTo(2);
        assertThat(observer.disk().acceptedEpoch()).isEqualTo(3);
    }

    @Test
    void withSyncDisabledASnapshotPutsADiskRightThatIsBehind() {
        MemoryDisk disk = new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2));
        PeerFixture observer = new PeerFixture(OBSERVER, 3, disk, IN_MEMORY);
        observer.observes(3, 2).informs(entry(2, 1)).disconnects();
        ScriptedLeader leader = observer.turnsToObserve(3, 3).accepts().leaderInfo(3);
        leader.snap(z(2, 9), MemoryDisk.tree(entries(1, 1, 9))).newLeader(3).upToDate();
        assertThat(observer.disk().last()).isEqualTo(z(2, 9));
        assertThat(observer.disk().currentEpoch()).isEqualTo(3);
        assertThat(observer.hasApplied(z(1, 9))).isTrue();
    }

    @Test
    void withSyncDisabledItComesBackWithWhatItsDiskHolds() {
        MemoryDisk disk = new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2));
        PeerFixture observer = new PeerFixture(OBSERVER, 3, disk, IN_MEMORY);
        observer.observes(3, 2).informs(entry(2, 1));
        observer.crashAndRestart();
        assertThat(observer.hasApplied(z(2, 1))).isFalse();
        ScriptedLeader leader = observer.turnsToObserve(3, 2).accepts().leaderInfo(2);
        assertThat(leader.got()).endsWith("ACKEPOCH (1,2) of -1");
        leader.diff(z(2, 1)).sendsCommitted(List.of(entry(2, 1))).newLeader(2).upToDate();
        assertThat(observer.hasApplied(z(2, 1))).isTrue();
        assertThat(observer.disk().last()).isEqualTo(z(2, 1));
    }

    @Test
    void aParticipantLogsWhateverIsSaidOfObservers() {
        PeerFixture follower = new PeerFixture(2, 3, new MemoryDisk(), IN_MEMORY);
        follower.follows(3, 1).proposes(entry(1, 1));
        assertThat(follower.logged()).hasSize(1);
    }

    // --- our leader ----------------------------------------------------------------------------------------------

    /** Server 3 of three leads epoch 1, followed by 2 and observed by 4. */
    private static List<ScriptedLearner> observed(PeerFixture leader) {
        ScriptedLearner two = leader.leadsWith(2).get(0);
        ScriptedLearner four = leader.learner(OBSERVER).ofObservers().synchronizes(0, 0, Zxid.ZERO);
        assertThat(four.got()).containsExactly("LEADERINFO (1,0)", "DIFF (0,0)", "NEWLEADER (1,0)", "UPTODATE");
        four.ack(z(1, 0));
        leader.forget();
        return List.of(two, four);
    }

    @Test
    void scenario46_anObserverIsInformedOfWhatIsCommittedAndOfNothingElse() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> learners = observed(leader);
        leader.holdStorage();
        learners.get(1).forwards(SESSION, 0, new Request.CreateSession(1000));
        assertThat(learners.get(1).got()).as("25: nothing is committed yet").isEmpty();
        assertThat(learners.get(0).got()).containsExactly("PROPOSAL (1,1)");
        leader.stored();
        learners.get(0).ack(z(1, 1));
        assertThat(learners.get(1).got()).containsExactly("INFORM (1,1)");
    }

    @Test
    void scenario46_whatAnObserverAcknowledgesCommitsNothingNotEvenUnderTheIdOfAVoter() {
        PeerFixture leader = new PeerFixture(3, 3);
        leader.leadsWith(2);
        ScriptedLearner one = leader.learner(1).ofObservers().synchronizes(0, 0, Zxid.ZERO);
        one.forwards(SESSION, 0, new Request.CreateSession(1000)).ack(z(1, 1));
        assertThat(leader.status().outstandingProposals()).isEqualTo(1);
    }

    @Test
    void d13_anObserverCountsNeitherInDiscoveryNorForNewLeader() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        ScriptedLearner four = leader.learner(OBSERVER).ofObservers().followerInfo(5);
        assertThat(four.got()).isEmpty();
        ScriptedLearner two = leader.learner(2).followerInfo(0);
        assertThat(two.got()).as("but its promise raises the epoch").containsExactly("LEADERINFO (6,0)");
        four.ackEpoch(0, Zxid.ZERO);
        assertThat(leader.status().phase()).isEqualTo("discovery");
        two.ackEpoch(0, Zxid.ZERO);
        four.ackNewLeader();
        assertThat(leader.status().phase()).isEqualTo("synchronization");
        two.ackNewLeader();
        assertThat(leader.status().isServing()).isTrue();
    }

    @Test
    void aVotersIdThatComesAsAnObserverIsNotCounted() {
        PeerFixture leader = new PeerFixture(3, 3).elected();
        leader.learner(2).ofObservers().followerInfo(0);
        assertThat(leader.status().phase()).isEqualTo("discovery");
        assertThat(leader.learner(1).followerInfo(0).got()).containsExactly("LEADERINFO (1,0)");
    }

    /** ObserverLETest: a leader left with only an observer looks. */
    @Test
    void aLeaderLeftWithOnlyAnObserverLooks() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> learners = observed(leader);
        learners.get(0).disconnects();
        leader.afterMillis(2 * PeerFixture.TICK);
        assertThat(leader.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void whatIsCommittedWhileAnObserverIsSynchronizedFollowsUpToDateAsInform() {
        PeerFixture leader = new PeerFixture(3, 3);
        ScriptedLearner two = leader.leadsWith(2).get(0);
        ScriptedLearner four =
                leader.learner(OBSERVER).ofObservers().followerInfo(0).ackEpoch(0, Zxid.ZERO);
        two.forwards(SESSION, 0, new Request.CreateSession(1000)).ack(z(1, 1));
        two.forwards(SESSION, 1, ScriptedClient.create("/a", 0));
        leader.forget();
        four.ackNewLeader();
        assertThat(four.got()).as("(1,2) is only proposed").containsExactly("UPTODATE", "INFORM (1,1)");
    }

    @Test
    void anObserverOwesNoAcknowledgementAndIsKept() {
        PeerFixture leader = new PeerFixture(3, 3);
        List<ScriptedLearner> learners = observed(leader);
        learners.get(0).forwards(SESSION, 0, new Request.CreateSession(100_000)).ack(z(1, 1));
        for (int halfTick = 0; halfTick < 20; halfTick++) {
            leader.afterMillis(PeerFixture.TICK / 2);
            learners.forEach(ScriptedLearner::echoesLast);
        }
        assertThat(learners.get(1).got()).contains("INFORM (1,1)").doesNotContain("CLOSED");
        assertThat(leader.status().syncedObservers()).isEqualTo(1);
        assertThat(leader.status().syncedFollowers()).isEqualTo(1);
    }
}
