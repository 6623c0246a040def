package io.matriarch.core.election;

import static io.matriarch.core.election.ElectionFixture.vote;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.wire.Zxid;
import org.junit.jupiter.api.Test;

/** The clauses of election.md 3 and 6.4, by the names of its worked examples (section 9). */
class ElectionClausesTest {

    @Test
    void ex2_twoOfThreeAgreeOnTheHigherServerIdAndDecideWhenTheThirdRefusesConnections() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 0, 0));
        one.looks(2, vote(2, 0, 0), 1);
        assertThat(one.saidTo(2)).containsExactly("LOOKING (2, 0, 0) round 1");
        assertThat(one.decidedFor()).as("server 3 may still come").isNull();
        one.refuses(3);
        assertThat(one.decidedFor()).isEqualTo(2);
        assertThat(one.decidedBy()).isEqualTo(DecisionRule.REST_DOWN);
    }

    @Test
    void ex3_aLateServerJoinsTheEstablishedLeaderThoughItsOwnVoteIsGreater() {
        ElectionFixture three = new ElectionFixture(3, 3).looking(vote(3, 0, 0));
        three.leads(2, vote(2, 0, 1), 5).follows(1, vote(2, 0, 1), 5);
        assertThat(three.decidedFor()).isEqualTo(2);
        assertThat(three.election.decision().round()).isEqualTo(5);
        assertThat(three.election.round()).as("ours until we joined").isEqualTo(1);
        three.election.finish(three.election.decision());
        assertThat(three.election.round()).isEqualTo(5);
    }

    @Test
    void ex7_epochComesBeforeZxid() {
        assertThat(vote(3, 122, 2).isGreaterThan(vote(1, 123, 1))).isTrue();
        assertThat(vote(1, 123, 1).isGreaterThan(vote(3, 122, 1))).isTrue();
        assertThat(vote(3, 123, 1).isGreaterThan(vote(1, 123, 1))).isTrue();
        assertThat(vote(3, 123, 1).isGreaterThan(vote(3, 123, 1))).isFalse();
    }

    @Test
    void n1_aServerInALowerRoundIsToldOurVoteAndNotCounted() {
        ElectionFixture two = new ElectionFixture(2, 3).looking(vote(2, 0, 0));
        two.election.start(two.now(), vote(2, 0, 0), "again");
        two.forget();
        two.looks(1, vote(1, 0, 0), 1).refuses(3);
        assertThat(two.saidTo(1)).containsExactly("LOOKING (2, 0, 0) round 2");
        assertThat(two.decidedFor()).isNull();
    }

    @Test
    void n2_aHigherRoundIsAdoptedWithOurOwnVoteIfThatIsBetter() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.looks(5, vote(5, 9, 0), 1);
        three.forget();
        three.looks(2, vote(2, 9, 0), 7);
        assertThat(three.election.round()).isEqualTo(7);
        assertThat(three.saidTo(1))
                .as("own vote, not that of the old round")
                .containsExactly("LOOKING (3, 9, 0) round 7");
    }

    @Test
    void n3_aHigherRoundIsAdoptedWithItsVoteIfThatBeatsOurOwn() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.looks(5, vote(5, 9, 0), 1);
        three.forget();
        three.looks(4, vote(4, 9, 0), 7);
        assertThat(three.saidTo(1)).containsExactly("LOOKING (4, 9, 0) round 7");
    }

    @Test
    void votesOfAnOldRoundAreForgottenWhenTheRoundChanges() {
        ElectionFixture five = new ElectionFixture(5, 5).looking(vote(5, 9, 0));
        five.looks(1, vote(5, 9, 0), 1).looks(2, vote(1, 9, 0), 2).refuses(3).refuses(4);
        assertThat(five.decidedFor())
                .as("server 1 voted for us in round 1 only")
                .isNull();
        five.looks(1, vote(5, 9, 0), 2).looks(2, vote(5, 9, 0), 2);
        assertThat(five.decidedFor()).isEqualTo(5);
    }

    @Test
    void n4_aWorseVoteIsAnsweredAtOnceAndToItsSenderOnly() {
        ElectionFixture three = new ElectionFixture(3, 3).looking(vote(3, 0, 0));
        three.looks(1, vote(1, 0, 0), 1);
        assertThat(three.saidTo(1)).containsExactly("LOOKING (3, 0, 0) round 1");
        assertThat(three.saidTo(2)).isEmpty();
    }

    /** What it said before it heard us is still on its way, and each word makes an Apache server's wait begin anew. */
    @Test
    void f4_worseVotesOfOneServerAreAnsweredOnceForEachRiseOfOurs() {
        ElectionFixture two = new ElectionFixture(2, 5).looking(vote(2, 9, 0));
        two.looks(1, vote(1, 8, 0), 1).forget();
        two.looks(1, vote(1, 8, 0), 1).looks(1, vote(3, 8, 0), 1);
        assertThat(two.saidTo(1)).isEmpty();
        two.looks(4, vote(4, 9, 0), 1).forget();
        two.looks(1, vote(1, 8, 0), 1).looks(1, vote(3, 8, 0), 1);
        assertThat(two.saidTo(1)).containsExactly("LOOKING (4, 9, 0) round 1");
    }

    @Test
    void n5_anEqualVoteIsNotAnsweredOnceWeToldOurs() {
        ElectionFixture three = new ElectionFixture(3, 3).looking(vote(3, 0, 0));
        three.looks(1, vote(3, 0, 0), 1).looks(1, vote(3, 0, 0), 1);
        assertThat(three.saidTo(1)).isEmpty();
    }

    @Test
    void n12_votesByAndForServersThatAreNoVotersAreNeverCounted() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 0, 0));
        one.looks(9, vote(9, 99, 9), 1).looks(2, vote(9, 99, 9), 1);
        one.refuses(3).afterMillis(30);
        assertThat(one.decidedFor()).isNull();
        assertThat(one.saidTo(2)).isEmpty();
    }

    @Test
    void d1_aQuorumWaitsAMomentForAVoterThatIsNeitherHeardNorDown() {
        ElectionFixture two = new ElectionFixture(2, 3).looking(vote(2, 0, 0));
        two.looks(1, vote(2, 0, 0), 1).afterMillis(29);
        assertThat(two.decidedFor()).isNull();
        two.afterMillis(1);
        assertThat(two.decidedFor()).isEqualTo(2);
        assertThat(two.decidedBy()).isEqualTo(DecisionRule.WAIT_OVER);
    }

    @Test
    void d2_aQuorumDecidesAtOnceWhenEveryVoterWasHeard() {
        ElectionFixture three = new ElectionFixture(3, 3).looking(vote(3, 0, 0));
        three.looks(1, vote(1, 0, 0), 1).looks(2, vote(3, 0, 0), 1);
        assertThat(three.decidedFor()).isEqualTo(3);
        assertThat(three.decidedBy()).isEqualTo(DecisionRule.ALL_HEARD);
    }

    @Test
    void d4_aTentativeDecisionIsDroppedForABetterVoteOfTheSameRound() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 0, 0));
        one.looks(2, vote(2, 0, 0), 1).refuses(3);
        assertThat(one.decidedFor()).isEqualTo(2);
        one.looks(3, vote(3, 0, 0), 1);
        assertThat(one.election.round()).isEqualTo(1);
        assertThat(one.saidTo(3)).contains("LOOKING (3, 0, 0) round 1");
        assertThat(one.decidedFor())
                .as("with server 3's own vote it is a quorum, and nobody can do better")
                .isEqualTo(3);
    }

    @Test
    void d5_wordsOfFollowersWithoutTheLeadersOwnAreNotEnough() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 0, 0));
        three.follows(1, vote(5, 0, 1), 4).follows(2, vote(5, 0, 1), 4).follows(4, vote(5, 0, 1), 4);
        assertThat(three.decidedFor()).isNull();
        three.leads(5, vote(5, 0, 1), 4);
        assertThat(three.decidedFor()).isEqualTo(5);
        assertThat(three.decidedBy()).isEqualTo(DecisionRule.LEADER_WORD);
    }

    @Test
    void d7_weMayBeTheLastOfTheQuorumUnlessOurHistoryIsNewer() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 7, 0));
        one.leads(2, vote(2, 8, 0), 3);
        assertThat(one.decidedFor()).isEqualTo(2);
        ElectionFixture newer = new ElectionFixture(1, 3).looking(vote(1, 9, 0));
        newer.leads(2, vote(2, 8, 0), 3);
        assertThat(newer.decidedFor()).isNull();
    }

    @Test
    void d8_wordsNamingUsFromAnotherRoundDoNotMakeUsLead() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 0, 0));
        one.follows(2, vote(1, 0, 0), 9).follows(3, vote(1, 0, 0), 9).afterMillis(100);
        assertThat(one.decidedFor()).isNull();
    }

    @Test
    void fleLostMessage_aFollowerThatNamesUsInThisVeryRoundMakesUsLead() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 0, 0));
        one.follows(2, vote(1, 0, 0), 1).refuses(3);
        assertThat(one.decidedFor()).isNull(); // a follower has not voted in this stay: wait for server 2's own vote
        one.afterMillis(30);
        assertThat(one.decidedFor()).isEqualTo(1);
    }

    @Test
    void d12_aDistrustedHistoryIsNeverCountedButJoins() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, Zxid.NONE.value(), -1));
        one.looks(2, vote(2, 0, 0), 1).looks(3, vote(3, 0, 0), 1).afterMillis(1000);
        assertThat(one.decidedFor()).isNull();
        one.leads(3, vote(3, 0, 1), 1).follows(2, vote(3, 0, 1), 1);
        assertThat(one.decidedFor()).isEqualTo(3);
    }

    @Test
    void f6_aDeadCandidateIsGivenUpInANewRound() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 0, 0));
        one.looks(3, vote(3, 0, 0), 1).refuses(3);
        assertThat(one.election.round()).isEqualTo(2);
        assertThat(one.saidTo(2)).contains("LOOKING (1, 0, 0) round 2");
    }

    @Test
    void f10_onlyVotersThatHaveNotAnnouncedOurVoteAreToldAgainSoon() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.looks(1, vote(3, 9, 0), 1);
        three.forget();
        three.afterMillis(400);
        assertThat(three.saidTo(2)).containsExactly("LOOKING (3, 9, 0) round 1");
        assertThat(three.saidTo(1)).isEmpty();
    }

    /** Of five, two look and say something else, as others of Apache's that wait for a minute: 3.6. */
    @Test
    void f10_aRoundInWhichAQuorumWasHeardAndDoesNotAgreeIsBegunAnew() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.looks(1, vote(1, 0, 0), 1).looks(2, vote(2, 0, 0), 1);
        three.afterMillis(400)
                .afterMillis(800)
                .afterMillis(1_600)
                .afterMillis(3_200)
                .forget();
        three.afterMillis(6_000);
        assertThat(three.saidTo(1)).contains("LOOKING (3, 9, 0) round 2");
        assertThat(three.saidTo(4)).contains("LOOKING (3, 9, 0) round 2");
    }

    @Test
    void f10_whoHeardNoQuorumRepeatsItsVoteInTheSameRound() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.looks(1, vote(1, 0, 0), 1);
        for (int i = 0; i < 20; i++) {
            three.afterMillis(6_000);
        }
        assertThat(three.election.round()).isEqualTo(1);
    }

    @Test
    void aVoteCountsNoLongerOnceItsVoterSettledElsewhereOrLooksAnew() {
        ElectionFixture settled = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        settled.looks(1, vote(3, 9, 0), 1)
                .follows(1, vote(5, 9, 1), 7)
                .looks(2, vote(3, 9, 0), 1)
                .afterMillis(30);
        assertThat(settled.decidedFor())
                .as("1 follows 5 now, so only 2 and 3 are for 3")
                .isNull();
        ElectionFixture anew = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        anew.election.start(anew.now(), vote(3, 9, 0), "again");
        anew.looks(1, vote(3, 9, 0), 2)
                .looks(1, vote(1, 9, 0), 1)
                .looks(2, vote(3, 9, 0), 2)
                .afterMillis(30);
        assertThat(anew.decidedFor()).as("1 was restarted, and is at round 1").isNull();
    }

    @Test
    void aLeaderThatLooksItselfIsNotJoined() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.leads(5, vote(5, 9, 1), 4).follows(1, vote(5, 9, 1), 4).follows(2, vote(5, 9, 1), 4);
        assertThat(three.decidedFor()).isEqualTo(5);
        three.looks(5, vote(5, 9, 1), 5);
        assertThat(three.decidedFor()).isNull();
        assertThat(three.saidTo(1)).as("its vote is a vote now").contains("LOOKING (5, 9, 1) round 5");
    }

    @Test
    void defect3537_aLeadersWordOfOurOwnRoundIsTakenAtOnce() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 9, 0));
        one.follows(2, vote(3, 9, 0), 1);
        assertThat(one.decidedFor()).isNull();
        one.leads(3, vote(3, 9, 0), 1);
        assertThat(one.decidedFor()).isEqualTo(3);
        assertThat(one.decidedBy()).isEqualTo(DecisionRule.LEADER_WORD);
    }

    @Test
    void defect3479_theTimeOfAnElectionCountsFromLookingThroughAllItsRounds() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 9, 0));
        one.afterMillis(40).looks(2, vote(2, 9, 0), 7).afterMillis(30).looks(3, vote(2, 9, 0), 7);
        assertThat(one.decidedFor()).isEqualTo(2);
        assertThat(one.decidedAfterMillis()).isEqualTo(70);
    }

    /** F6: an Apache leader without an open port may wait for us for all of initLimit, while the others vote for us. */
    @Test
    void f6_aLeaderWhoseFollowersLookAgainIsGivenUpForWhomAQuorumAgreesOn() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.leads(4, vote(4, 9, 0), 7).follows(2, vote(4, 9, 0), 7).looks(1, vote(3, 9, 0), 1);
        assertThat(three.decidedFor()).as("2, 4 and we are a quorum").isEqualTo(4);
        three.looks(2, vote(3, 9, 0), 1);
        assertThat(three.decidedFor()).as("1, 2 and we agree").isNull();
        three.afterMillis(100);
        assertThat(three.decidedFor()).isEqualTo(3);
        assertThat(three.decidedBy()).isEqualTo(DecisionRule.WAIT_OVER);
    }

    @Test
    void f6_aLeaderWhomAQuorumFollowsIsJoinedWhateverOthersAgreeOn() {
        ElectionFixture three = new ElectionFixture(3, 5).looking(vote(3, 9, 0));
        three.leads(4, vote(4, 9, 0), 7).follows(5, vote(4, 9, 0), 7);
        three.looks(1, vote(3, 9, 0), 1).looks(2, vote(3, 9, 0), 1).afterMillis(100);
        assertThat(three.decidedFor()).isEqualTo(4);
    }

    /** Our log was cut since: whoever still holds that vote must hear a new one in a newer round. */
    @Test
    void anOldVoteOfOursThatClaimsMoreThanWeHaveIsNotTakenBack() {
        ElectionFixture three = new ElectionFixture(3, 3).looking(vote(3, 8, 1));
        three.looks(1, vote(3, 9, 1), 4);
        assertThat(three.election.round()).isEqualTo(5);
        assertThat(three.saidTo(1)).containsExactly("LOOKING (3, 8, 1) round 5");
        assertThat(three.decidedFor()).isNull();
    }

    @Test
    void aSingleVoterDecidesForItself() {
        ElectionFixture alone = new ElectionFixture(1, 1).looking(vote(1, 0, 0));
        assertThat(alone.decidedFor()).isEqualTo(1);
    }
}
