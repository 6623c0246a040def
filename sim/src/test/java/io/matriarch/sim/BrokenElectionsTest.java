package io.matriarch.sim;

import static io.matriarch.sim.Broken.election;
import static io.matriarch.sim.Broken.zab;

import io.matriarch.core.election.ElectionRules;
import io.matriarch.core.election.Vote;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.Fault;
import io.matriarch.sim.world.WorldParts;
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

    /** 3537. */
    @Test
    void aLeadersWordThatIsPassedOverOnceIsCaught() {
        Broken.withinSeeds(20).by(Invariant.LEADER_JOINED).isCaught(election(new ElectionRules() {
            @Override
            protected boolean takesLeadersWordAtOnce() {
                return false;
            }
        }));
    }

    /** 3479. */
    @Test
    void anElectionTimedByItsLastRoundIsCaught() {
        Broken.withinSeeds(40).by(Invariant.ELECTION_TIMED).isCaught(election(new ElectionRules() {
            @Override
            protected boolean timesWholeElection() {
                return false;
            }
        }));
    }

    /** 1810. */
    @Test
    void aWordThatDoesNotNameItsFormIsCaught() {
        Broken.withinSeeds(10).by(Invariant.FORM_OF_WORDS).isCaught(election(new ElectionRules() {
            @Override
            protected boolean namesForm() {
                return false;
            }
        }));
    }

    /** 481, 512. */
    @Test
    void aLastWordLostWithItsConnectionIsCaught() {
        Broken.withinSeeds(30)
                .by(Invariant.LAST_WORD_TOLD)
                .isCaught(WorldParts.CORRECT.withElectionPort(WorldParts.ElectionPort.FORGETS_LAST_WORD));
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

    /** 1514. */
    @Test
    void aLeaderByWordsOfAnotherRoundIsCaught() {
        Broken.withinSeeds(100).by(Invariant.DECISION_QUORUM).isCaught(election(new ElectionRules() {
            @Override
            protected boolean countsWordsOfOwnRoundOnly() {
                return false;
            }
        }));
    }

    /** 3398. */
    @Test
    void anApproachThatLastsForLongIsCaught() {
        Broken.withinSeeds(70)
                .under(Fault.ONE_WAY_PARTITION, Fault.PARTITION, Fault.ISOLATED_LEADER)
                .by(Invariant.APPROACH_GIVEN_UP)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean givesUpApproach() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }

    /** 4712, 4541 (D7): what is appended after LOOKING began. */
    @Test
    void aVoteAheadOfTheLogIsCaught() {
        Broken.withinSeeds(60).by(Invariant.VOTE_DURABLE).isCaught(zab(new ZabRules() {
            @Override
            public boolean votesWhenAllIsStored() {
                return false;
            }
        }));
    }

    /** 2678. */
    @Test
    void aDatabaseReadAnewAfterALeaderIsLostIsCaught() {
        Broken.withinSeeds(10).by(Invariant.DATABASE_KEPT).isCaught(zab(new ZabRules() {
            @Override
            public boolean keepsDatabase() {
                return false;
            }
        }));
    }

    /** zab.md 7.2, step 3. */
    @Test
    void aLeaderThatTakesANewerHistoryIsCaught() {
        Broken.withinSeeds(400)
                .under(Fault.STRAY_TAIL, Fault.SLOW_DISK, Fault.LAGGARD)
                .by(Invariant.NEWEST_LEADS)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean refusesNewerHistories() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }
}
