package io.matriarch.sim;

import static io.matriarch.sim.Broken.zab;

import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.Fault;
import io.matriarch.sim.world.WorldParts.Bias;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import org.junit.jupiter.api.Test;

/** The defects of zab.md 17 that a server of ours could have, one by one; docs/testing.md has the table. */
class BrokenZabTest {
    /** D2, 3911. */
    @Test
    void anAckOfNewLeaderBeforeTheHistoryIsLoggedIsCaught() {
        Broken.withinSeeds(20).by(Invariant.NEWLEADER_ACK_STORED).isCaught(zab(new ZabRules() {
            @Override
            public boolean logsHistoryBeforeAck() {
                return false;
            }
        }));
    }

    /** D3, 4646, 4785. */
    @Test
    void anAckOfNewLeaderBeforeTheForceIsCaught() {
        Broken.withinSeeds(5).by(Invariant.NEWLEADER_ACK_STORED).isCaught(zab(new ZabRules() {
            @Override
            public boolean acknowledgesWhenDurable() {
                return false;
            }
        }));
    }

    /** D4, 4643. */
    @Test
    void anEpochStoredBeforeTheHistoryIsCaught() {
        Broken.withinSeeds(20).by(Invariant.NEWLEADER_ACK_STORED).isCaught(zab(new ZabRules() {
            @Override
            public boolean storesEpochAfterHistory() {
                return false;
            }
        }));
    }

    /** D5, 4685, at a learner. */
    @Test
    void anAckOfAProposalBeforeThatOfNewLeaderIsCaught() {
        Broken.withinSeeds(20).by(Invariant.NEWLEADER_ACK_FIRST).isCaught(zab(new ZabRules() {
            @Override
            public boolean acknowledgesNewLeaderFirst() {
                return false;
            }
        }));
    }

    /** D5, 4685, at a leader: a follower of an old release acknowledges proposals first. */
    @Test
    void aLeaderThatTakesTheFirstAckForThatOfNewLeaderIsCaught() {
        Broken.withinSeeds(60)
                .under(Fault.SLOW_DISK, Fault.LAGGARD, Fault.BLACKOUT, Fault.KILL)
                .by(Invariant.NEWLEADER_ACK_COUNTED)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean readsOnForNewLeaderAck() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED));
    }

    /** D22, 2819. */
    @Test
    void aConfigurationTakenFromASnapshotIsCaught() {
        Broken.withinSeeds(40)
                .by(Invariant.OWN_CONFIGURATION)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean showsOwnConfiguration() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED));
    }

    /** What a learner logged and nobody committed must not be served. */
    @Test
    void aTailThatIsNotCutIsCaught() {
        Broken.withinSeeds(100)
                .under(Fault.BROKEN_CONNECTIONS, Fault.SLOW_DISK, Fault.ISOLATED_LEADER)
                .by(Invariant.COMMIT_QUORUM, Invariant.PREFIX_CONSISTENCY, Invariant.NO_CRASH)
                .isCaught(zab(new ZabRules() {
                    @Override
                    public boolean cutsTails() {
                        return false;
                    }
                }));
    }

    /** A leader that nobody follows any more would tell its clients of a past that its successor has left behind. */
    @Test
    void aSilentLeaderThatGoesOnAnsweringIsCaught() {
        Broken.withinSeeds(150)
                .under(Fault.ISOLATED_LEADER, Fault.PAUSE)
                .by(Invariant.ONE_LEADER_ANSWERS)
                .isCaught(zab(new ZabRules() {
                    @Override
                    public boolean stopsAnsweringInTime() {
                        return false;
                    }
                }));
    }

    /** The leader counts on it for longer. */
    @Test
    void aFollowerThatLeavesBeforeItsPatienceIsOverIsCaught() {
        Broken.withinSeeds(200)
                .under(Fault.ISOLATED_LEADER, Fault.PAUSE)
                .by(Invariant.ONE_LEADER_ANSWERS)
                .isCaught(zab(new ZabRules() {
                    @Override
                    public boolean waitsForHeartbeats() {
                        return false;
                    }
                }));
    }

    /** A bound of two heartbeats, where all are slow at times. */
    @Test
    void aBoundOfHeartbeatsThatIsTooShortIsCaught() {
        Broken.withinSeeds(20)
                .by(Invariant.LEADER_KEPT)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean forgivesStalls() {
                                return false;
                            }
                        })
                        .withBias(Bias.QUIET));
    }

    /** Followers were told to wait for syncLimit, or had no heartbeat that they could miss. */
    @Test
    void aLeaderThatWaitsForItsHangingDiskIsCaught() {
        Broken.withinSeeds(20)
                .by(Invariant.HANGING_DISK_NOTICED)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean givesWayWhenDiskHangs() {
                                return false;
                            }
                        })
                        .withBias(Bias.HANGING));
    }

    /** What is passed on again may be done twice. */
    @Test
    void aHandOverBeforeAllIsCommittedIsCaught() {
        Broken.withinSeeds(300)
                .under(Fault.TRANSFER, Fault.STOP, Fault.SLOW_DISK)
                .by(Invariant.ONE_TRANSACTION_PER_REQUEST, Invariant.HANDED_OVER, Invariant.CORRECT_REPLY)
                .isCaught(zab(new ZabRules() {
                    @Override
                    public boolean handsOverWhenCommitted() {
                        return false;
                    }
                }));
    }

    /** The same, of a leader that was lost. */
    @Test
    void aRequestPassedOnAgainThoughItMayBeProposedIsCaught() {
        Broken.withinSeeds(600)
                .under(Fault.ISOLATED_LEADER, Fault.PAUSE, Fault.KILL)
                .by(Invariant.ONE_TRANSACTION_PER_REQUEST, Invariant.CORRECT_REPLY)
                .isCaught(zab(new ZabRules() {
                    @Override
                    public boolean repeatsOnlyWhatIsNotProposed() {
                        return false;
                    }
                }));
    }

    /** D1. */
    @Test
    void anErrorWithTheIdOfTheTransactionBeforeIsCaught() {
        Broken.withinSeeds(40).by(Invariant.NO_CRASH).isCaught(zab(new ZabRules() {
            @Override
            public Zxid nextZxid(Zxid last, int error) {
                return error == ErrorCode.OK ? last.next() : last;
            }
        }));
    }

    /** R27: nobody owes the leader patience, and it has not fallen silent yet. */
    @Test
    void aSyncAnsweredWithoutProofIsCaught() {
        Broken.withinSeeds(75)
                .under(Fault.FORSAKEN_LEADER)
                .by(Invariant.FRESH_AFTER_SYNC)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean provesLeadershipBeforeAnswering() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }
}
