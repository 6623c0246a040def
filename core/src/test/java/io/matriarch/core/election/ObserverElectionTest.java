package io.matriarch.core.election;

import static io.matriarch.core.election.ElectionFixture.vote;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.ServerId;
import org.junit.jupiter.api.Test;

/** election.md 2.4, 3.2 and 3.12: how an observer finds the leader that others elected, and what voters tell it. */
class ObserverElectionTest {
    private static final long OBSERVER = 4;

    private static ElectionFixture observer() {
        return new ElectionFixture(OBSERVER, 3).looking(Vote.OF_OBSERVER);
    }

    @Test
    void election3_2_anObserverSaysTheLeastOfAllVotesToTheVotersOnly() {
        ElectionFixture observer = new ElectionFixture(OBSERVER, 3);
        observer.election.start(observer.now(), Vote.OF_OBSERVER, "test");
        String least = "LOOKING (" + Long.MIN_VALUE + ", " + Long.MIN_VALUE + ", " + Long.MIN_VALUE + ") round 1";
        assertThat(observer.saidTo(1)).containsExactly(least);
        assertThat(observer.saidTo(3)).containsExactly(least);
        assertThat(observer.saidTo(OBSERVER)).isEmpty();
        assertThat(vote(1, 0, 0).isGreaterThan(Vote.OF_OBSERVER)).isTrue();
    }

    @Test
    void d13_aQuorumOfVotesMovesNoObserver() {
        Vote three = vote(3, 9, 1);
        ElectionFixture observer = observer()
                .looks(1, three, 1)
                .looks(2, three, 1)
                .looks(3, three, 1)
                .afterMillis(300);
        assertThat(observer.decidedFor()).isNull();
        assertThat(observer.saidTo(3))
                .as("nor is it answered: the voter would answer that")
                .isEmpty();
    }

    @Test
    void d13_anObserverJoinsOnTheLeadersWordAndAQuorum() {
        Vote three = vote(3, 9, 1);
        ElectionFixture observer = observer().leads(3, three, 7);
        assertThat(observer.decidedFor()).as("it does not count itself").isNull();
        observer.follows(1, three, 7);
        assertThat(observer.decidedFor()).isEqualTo(3);
    }

    @Test
    void d13_aQuorumThatFollowsALeaderThatSaysNothingIsNoEvidence() {
        Vote three = vote(3, 9, 1);
        assertThat(observer().follows(1, three, 7).follows(2, three, 7).decidedFor())
                .isNull();
    }

    @Test
    void d13_aLeaderThatLooksAgainIsNotJoined() {
        Vote three = vote(3, 9, 1);
        ElectionFixture observer =
                observer().leads(3, three, 7).looks(3, vote(3, 9, 1), 8).follows(1, three, 7);
        assertThat(observer.decidedFor()).isNull();
    }

    @Test
    void election3_12_anObserverAsksAgainWithoutGrowingPatience() {
        ElectionFixture observer = observer();
        for (int ask = 0; ask < 20; ask++) {
            observer.afterMillis(400).looks(1, vote(1, 5, 1), 1);
        }
        assertThat(observer.saidTo(1)).hasSizeGreaterThanOrEqualTo(20);
    }

    /** Seed 11554: Apache's voters that took it for one of them, by a pending configuration, never spoke to each other again. */
    @Test
    void f10_whoHasNoVoteLeavesAVoterAloneThatDoesNotAnswer() {
        ElectionFixture observer = observer();
        for (int ask = 0; ask < 150; ask++) {
            observer.afterMillis(400).looks(1, vote(1, 5, 1), 1);
        }
        assertThat(observer.saidTo(2)).as("in a minute, ever more rarely").hasSizeBetween(8, 12);
        observer.forget().looks(2, vote(2, 5, 1), 1).afterMillis(400).afterMillis(400);
        assertThat(observer.saidTo(2)).hasSize(2);
        observer.election.linkUp(new ServerId(3));
        observer.forget().afterMillis(400).afterMillis(400);
        assertThat(observer.saidTo(3)).hasSize(2);
    }

    @Test
    void n8_aLookingVoterAnswersALookingObserverWithProposalAndRound() {
        ElectionFixture one = new ElectionFixture(1, 3)
                .looking(vote(1, 5, 1))
                .looks(3, vote(3, 9, 1), 4)
                .forget();
        one.looks(OBSERVER, Vote.OF_OBSERVER, 1);
        assertThat(one.saidTo(OBSERVER)).containsExactly("LOOKING (3, 9, 1) round 4");
        assertThat(one.election.decision()).as("and does not count it").isNull();
    }

    @Test
    void election2_4_aVoterAndAnObserverDoNotAnswerEachOtherForEver() {
        ElectionFixture one = new ElectionFixture(1, 3).looking(vote(1, 5, 1));
        for (int times = 0; times < 10; times++) {
            one.looks(OBSERVER, Vote.OF_OBSERVER, 9);
        }
        assertThat(one.saidTo(OBSERVER)).hasSize(1);
        one.afterMillis(Strangers.GAP_MILLIS).looks(OBSERVER, Vote.OF_OBSERVER, 9);
        assertThat(one.saidTo(OBSERVER)).hasSize(2);
    }
}
