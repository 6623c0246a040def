package io.matriarch.sim;

import static io.matriarch.sim.Broken.election;
import static io.matriarch.sim.Broken.zab;

import io.matriarch.core.election.ElectionRules;
import io.matriarch.core.election.Vote;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.WorldParts.Bias;
import org.junit.jupiter.api.Test;

/** The defects of election.md 7.1 and 7.2 that a server of ours could have, one by one; docs/testing.md has the table. */
class BrokenElectionsTest {
    /** 131, 480, 569. */
    @Test
    void aLeaderJoinedWithoutItsOwnWordIsCaught() {
        Broken.withinSeeds(60).by(Invariant.DECISION_QUORUM).isCaught(election(new ElectionRules() {
            @Override
            protected boolean requiresLeadersWord() {
                return false;
            }
        }));
    }

    /** 491, 498. */
    @Test
    void anElectionThatAsksNoWeightsIsCaught() {
        Broken.withinSeeds(60)
                .by(Invariant.ELECTABLE)
                .isCaught(election(new ElectionRules() {
                            @Override
                            protected boolean asksWeights() {
                                return false;
                            }
                        })
                        .withBias(Bias.WEIGHTED));
    }

    /** 975. */
    @Test
    void aDecisionBecauseAllAnsweredIsCaught() {
        Broken.withinSeeds(60).by(Invariant.DECISION_QUORUM).isCaught(election(new ElectionRules() {
            @Override
            protected boolean decidesByQuorum() {
                return false;
            }
        }));
    }

    /** 1419. */
    @Test
    void anOrderOfVotesWithoutTheEpochIsCaught() {
        Broken.withinSeeds(150).by(Invariant.VOTES_RISE).isCaught(election(new ElectionRules() {
            @Override
            protected boolean isGreater(Vote vote, Vote other) {
                return new Vote(vote.leader(), vote.zxid(), 0).isGreaterThan(new Vote(other.leader(), other.zxid(), 0));
            }
        }));
    }

    /** 1732, 1805, 1818. */
    @Test
    void anEpochThatIsNotToldIsCaught() {
        Broken.withinSeeds(5).by(Invariant.NEW_EPOCH_TOLD).isCaught(zab(new ZabRules() {
            @Override
            public boolean tellsNewEpoch() {
                return false;
            }
        }));
    }

    /** 2845 (D14). */
    @Test
    void aVoteForWhatIsAppliedIsCaught() {
        Broken.withinSeeds(20).by(Invariant.VOTE_DURABLE).isCaught(zab(new ZabRules() {
            @Override
            public boolean votesForWhatIsLogged() {
                return false;
            }
        }));
    }

    /** 3109. */
    @Test
    void aHopelessLeaderThatWaitsIsCaught() {
        Broken.withinSeeds(150).by(Invariant.HOPELESS_LEADER).isCaught(zab(new ZabRules() {
            @Override
            public boolean resignsWhenHopeless() {
                return false;
            }
        }));
    }

    /** F9; 3109: it may lead by our vote, and waits for us. */
    @Test
    void aPromisedVoteThatIsTakenBackInSilenceIsCaught() {
        Broken.withinSeeds(60).by(Invariant.FORSAKEN_TOLD).isCaught(election(new ElectionRules() {
            @Override
            protected boolean tellsForsaken() {
                return false;
            }
        }));
    }
}
