package io.matriarch.core.peer;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.PacketType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** election.md 6.4, F5 to F7: the quorum port of a likely leader, the way to a leader, and the end of a hopeless one. */
class LookingClausesTest {

    // --- F5 ------------------------------------------------------------------------------------------------------

    @Test
    void f5_theQuorumPortOpensWithTheQuorumForOurOwnVote() {
        PeerFixture three = new PeerFixture(3, 5).votesForUs(1);
        assertThat(three.effects(Effect.ListenForLearners.class))
                .as("two of five")
                .isEmpty();
        three.votesForUs(2);
        assertThat(three.effects(Effect.ListenForLearners.class)).hasSize(1);
        assertThat(three.status().role()).as("4 and 5 may still come").isEqualTo(PeerState.LOOKING);
    }

    @Test
    void f5_itStaysOpenWhenThisServerLeads() {
        PeerFixture three = new PeerFixture(3, 3).elected();
        assertThat(three.effects(Effect.ListenForLearners.class)).hasSize(1);
        assertThat(three.effects(Effect.StopListening.class)).isEmpty();
        assertThat(three.status().role()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void f5_itClosesWithItsLinksTheMomentWeVoteForAnother() {
        PeerFixture three = new PeerFixture(3, 5).votesForUs(1).votesForUs(2);
        ScriptedLearner early = three.learner(1);
        three.looks(5, 5, Zxid.ZERO, 0);
        assertThat(three.effects(Effect.StopListening.class)).hasSize(1);
        assertThat(early.got()).containsExactly("CLOSED");
    }

    @Test
    void f5_aServerThatConnectsWhileWeDoNotListenIsClosed() {
        assertThat(new PeerFixture(3, 5).learner(1).got()).containsExactly("CLOSED");
    }

    @Test
    void f5_aServerThatDecidedBeforeUsIsHeldUnansweredAndLosesNothing() {
        PeerFixture three = new PeerFixture(3, 5).votesForUs(1).votesForUs(2);
        ScriptedLearner one = three.learner(1).followerInfo(0);
        assertThat(one.got()).isEmpty();
        three.refuses(4).refuses(5);
        assertThat(three.status().role()).isEqualTo(PeerState.LEADING);
        three.learner(2).followerInfo(0);
        assertThat(one.got()).containsExactly("LEADERINFO (1,0)");
    }

    @Test
    void f5_anEarlyServerMaySayOneThingOnly() {
        PeerFixture three = new PeerFixture(3, 5).votesForUs(1).votesForUs(2);
        ScriptedLearner one = three.learner(1).followerInfo(0).followerInfo(0);
        assertThat(one.got()).containsExactly("CLOSED");
    }

    @Test
    void f5_anEarlyServerMaySayNothingLong() {
        PeerFixture three = new PeerFixture(3, 5).votesForUs(1).votesForUs(2);
        ScriptedLearner one = three.learner(1);
        one.sends(PacketType.FOLLOWERINFO, Zxid.ZERO, Bytes.wrap(new byte[1_001]));
        assertThat(one.got()).containsExactly("CLOSED");
    }

    @Test
    void f5_anEarlyServerThatLeftIsForgotten() {
        PeerFixture three = new PeerFixture(3, 5).votesForUs(1).votesForUs(2);
        ScriptedLearner one = three.learner(1).followerInfo(0);
        one.disconnects();
        three.refuses(4).refuses(5);
        three.learner(2).followerInfo(0);
        assertThat(one.got()).isEmpty();
        assertThat(three.status().learners()).isEqualTo(1);
    }

    // --- F6 ------------------------------------------------------------------------------------------------------

    @Test
    void f6_aServerOnItsWayToALeaderIsLookingForEverybodyUntilLeaderInfo() {
        PeerFixture one = new PeerFixture(1, 3);
        ScriptedLeader leader = one.turnsTo(3).accepts();
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (0,0)");
        assertThat(one.status().role()).isEqualTo(PeerState.LOOKING);
        one.forget().looks(2, 2, Zxid.ZERO, 0);
        assertThat(one.toldTo(2)).containsExactly("LOOKING (3, (0,0), 0)");
        leader.leaderInfo(1);
        assertThat(one.status().role()).isEqualTo(PeerState.FOLLOWING);
        one.forget().looks(2, 2, Zxid.ZERO, 0);
        assertThat(one.toldTo(2)).containsExactly("FOLLOWING (3, (0,0), 0)");
    }

    @Test
    void f6_onceItServesItsWordCarriesTheNewEpoch() {
        PeerFixture one = new PeerFixture(1, 3);
        one.follows(3, 1);
        one.looks(2, 2, Zxid.ZERO, 0);
        assertThat(one.toldTo(2)).containsExactly("FOLLOWING (3, (0,0), 1)");
    }

    @Test
    void f6_aRefusedConnectionIsTriedAgainAfterPausesThatDoubleUpTo16Millis() {
        PeerFixture one = new PeerFixture(1, 3);
        one.turnsTo(3).disconnects();
        for (int pauseMillis : List.of(1, 2, 4, 8, 16, 16)) {
            one.forget().afterMillis(pauseMillis - 1);
            assertThat(one.effects(Effect.ConnectToLeader.class)).isEmpty();
            one.afterMillis(1);
            assertThat(one.effects(Effect.ConnectToLeader.class)).hasSize(1);
            one.dialed().disconnects();
        }
    }

    @Test
    void f6_aLeaderThatCannotBeJoinedIsGivenUpAfterTwoSecondsWithANewRound() {
        PeerFixture one = new PeerFixture(1, 3);
        ScriptedLeader leader = one.turnsTo(3).accepts();
        long round = one.status().round();
        one.afterMillis(1_999);
        assertThat(one.status().round()).isEqualTo(round);
        one.forget().afterMillis(1);
        assertThat(one.status().round()).isEqualTo(round + 1);
        assertThat(leader.got()).containsExactly("CLOSED");
        assertThat(one.toldTo(2)).containsExactly("LOOKING (1, (0,0), 0)");
    }

    @Test
    void f6_aBetterVoteTakesTheDecisionBackWithoutANewRound() {
        PeerFixture one = new PeerFixture(1, 5);
        one.looks(2, 4, Zxid.ZERO, 0)
                .looks(3, 4, Zxid.ZERO, 0)
                .looks(4, 4, Zxid.ZERO, 0)
                .refuses(5);
        ScriptedLeader four = one.dialed().accepts();
        long round = one.status().round();
        one.forget().looks(5, 5, z(0, 1), 0);
        assertThat(four.got()).containsExactly("CLOSED");
        assertThat(one.toldTo(2)).containsExactly("LOOKING (5, (0,1), 0)");
        assertThat(one.status().round()).isEqualTo(round);
    }

    @Test
    void f6_aLinkThatComesUpWhenItIsNotWantedAnyMoreIsClosed() {
        PeerFixture one = new PeerFixture(1, 5);
        one.looks(2, 4, Zxid.ZERO, 0)
                .looks(3, 4, Zxid.ZERO, 0)
                .looks(4, 4, Zxid.ZERO, 0)
                .refuses(5);
        ScriptedLeader four = one.dialed();
        one.looks(5, 5, z(0, 1), 0).forget();
        assertThat(four.accepts().got()).containsExactly("CLOSED");
    }

    @Test
    void aFollowerClosesServersThatTakeItForALeaderAndHearsNothingOfThem() {
        PeerFixture one = new PeerFixture(1, 3);
        ScriptedLeader leader = one.follows(3, 1);
        ScriptedLearner two = one.learner(2).sends(PacketType.PING, Zxid.ZERO, null);
        assertThat(two.got()).containsExactly("CLOSED");
        assertThat(leader.got()).isEmpty();
    }

    @Test
    void anythingButLeaderInfoEndsTheLinkAndTheServerIsTriedAgain() {
        PeerFixture one = new PeerFixture(1, 3);
        ScriptedLeader leader = one.turnsTo(3).accepts().diff(Zxid.ZERO);
        assertThat(leader.got()).containsExactly("FOLLOWERINFO (0,0)", "CLOSED");
        one.forget().afterMillis(1);
        assertThat(one.effects(Effect.ConnectToLeader.class)).hasSize(1);
    }

    @Test
    void aLostLeaderIsFollowedByANewRoundAndTheNewestHistory() {
        PeerFixture one = new PeerFixture(1, 3);
        ScriptedLeader leader = one.follows(3, 1).proposes(Entries.entry(1, 1));
        one.forget();
        leader.disconnects();
        assertThat(one.toldTo(2)).containsExactly("LOOKING (1, (1,1), 1)");
    }

    @Test
    void item12_noVoteIsCastForAHistoryThatIsNotDurable() {
        PeerFixture one = new PeerFixture(1, 3);
        ScriptedLeader leader = one.follows(3, 1);
        one.holdStorage();
        leader.proposes(Entries.entry(1, 1)).disconnects();
        one.looks(2, 2, Zxid.ZERO, 1).refuses(3).afterMillis(100);
        assertThat(one.toldTo(2)).isEmpty();
        one.stored();
        assertThat(one.toldTo(2)).containsExactly("LOOKING (1, (1,1), 1)");
    }

    // --- F7 ------------------------------------------------------------------------------------------------------

    @Test
    void f7_anUnestablishedLeaderStepsDownWhenNoQuorumIsLeftForIt() {
        PeerFixture three = new PeerFixture(3, 5).elected();
        three.looks(1, 5, Zxid.ZERO, 0).looks(2, 5, Zxid.ZERO, 0);
        assertThat(three.status().role()).as("4 and 5 are left").isEqualTo(PeerState.LEADING);
        three.refuses(4);
        assertThat(three.status().role()).isEqualTo(PeerState.LOOKING);
        assertThat(three.effects(Effect.StopListening.class)).hasSize(1);
    }

    @Test
    void f7_aVoterThatComesBackIsNotLost() {
        PeerFixture three = new PeerFixture(3, 5).elected();
        three.looks(1, 5, Zxid.ZERO, 0).looks(2, 5, Zxid.ZERO, 0);
        three.learner(1).followerInfo(0);
        three.refuses(4);
        assertThat(three.status().role()).isEqualTo(PeerState.LEADING);
    }

    @Test
    void f7_anUnestablishedLeaderStepsDownWhenTooManyLeadOrFollowAnother() {
        PeerFixture three = new PeerFixture(3, 3).elected();
        three.says(2, PeerState.LEADING, 2, Zxid.ZERO, 0);
        assertThat(three.status().role()).as("1 is left").isEqualTo(PeerState.LEADING);
        three.says(1, PeerState.FOLLOWING, 2, Zxid.ZERO, 0);
        assertThat(three.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void f7_whatWasHeardBeforeTheDecisionCountsToo() {
        PeerFixture three = new PeerFixture(3, 5);
        three.says(2, PeerState.LEADING, 2, Zxid.ZERO, 0);
        three.votesForUs(4).votesForUs(5).afterMillis(1_000);
        assertThat(three.status().role()).as("by 4, 5 and itself").isEqualTo(PeerState.LEADING);
        three.says(1, PeerState.FOLLOWING, 2, Zxid.ZERO, 0);
        assertThat(three.status().role()).as("4 and 5 are left").isEqualTo(PeerState.LEADING);
        three.says(4, PeerState.FOLLOWING, 2, Zxid.ZERO, 0);
        assertThat(three.status().role()).isEqualTo(PeerState.LOOKING);
    }

    @Test
    void f7_anOldWordOfAConnectedFollowerIsNone() {
        PeerFixture three = new PeerFixture(3, 3).elected();
        three.learner(1).followerInfo(0);
        three.says(2, PeerState.LEADING, 2, Zxid.ZERO, 0).says(1, PeerState.FOLLOWING, 2, Zxid.ZERO, 0);
        assertThat(three.status().role()).isEqualTo(PeerState.LEADING);
    }

    // --- F9 ------------------------------------------------------------------------------------------------------

    @Test
    void f9_whoFollowsAnotherTellsTheOneItPromisedItsVote_andNobodyElse() {
        PeerFixture one = new PeerFixture(1, 3);
        one.looks(3, 3, Zxid.ZERO, 0).says(2, PeerState.LEADING, 2, Zxid.ZERO, 0);
        ScriptedLeader two = one.dialed().accepts();
        one.forget();
        two.leaderInfo(1);
        assertThat(one.status().role()).isEqualTo(PeerState.FOLLOWING);
        assertThat(one.toldTo(3)).containsExactly("FOLLOWING (2, (0,0), 0)");
        assertThat(one.toldTo(2)).isEmpty();
    }

    @Test
    void f9_whoFollowsTheServerItPromisedItsVoteTellsNobody() {
        PeerFixture one = new PeerFixture(1, 3);
        ScriptedLeader three = one.turnsTo(3).accepts();
        one.forget();
        three.leaderInfo(1);
        assertThat(one.status().role()).isEqualTo(PeerState.FOLLOWING);
        assertThat(one.effects(Effect.SendNotification.class)).isEmpty();
    }

    @Test
    void f7_anEstablishedLeaderIsNotMovedByVotes() {
        PeerFixture three = new PeerFixture(3, 3);
        three.leadsWith(2);
        three.looks(1, 1, z(9, 9), 9).refuses(1).looks(2, 1, z(9, 9), 9);
        assertThat(three.status().role()).isEqualTo(PeerState.LEADING);
        assertThat(three.toldTo(1)).containsExactly("LEADING (3, (0,0), 1)");
    }

    @Test
    void f7_aLeaderWhosePeersHaveNewerHistoriesStepsDown() {
        PeerFixture three = new PeerFixture(3, 3, new MemoryDisk().epochs(1, 1).log(entries(1, 1, 2))).elected();
        List<ScriptedLearner> learners =
                List.of(three.learner(1).followerInfo(1), three.learner(2).followerInfo(1));
        learners.forEach(learner -> learner.ackEpoch(1, z(1, 3)));
        assertThat(three.status().role()).isEqualTo(PeerState.LOOKING);
    }
}
