package io.matriarch.sim;

import static io.matriarch.sim.Broken.zab;

import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.Fault;
import io.matriarch.sim.world.WorldParts;
import io.matriarch.sim.world.WorldParts.Bias;
import org.junit.jupiter.api.Test;

/** The defects of zab.md 17 that lie in what is proposed and in synchronization, one by one; docs/testing.md has the table. */
class BrokenSyncTest {
    /** D8, 4925. */
    @Test
    void aHoleInWhatALearnerIsSentIsCaught() {
        Broken.withinSeeds(20)
                .under(Fault.LAGGARD, Fault.KILL, Fault.LOST_DISK, Fault.DELAYS)
                .by(Invariant.SYNC_WITHOUT_HOLES)
                .isCaught(zab(new ZabRules() {
                    @Override
                    public boolean sendsNoHoles() {
                        return false;
                    }
                }));
    }

    /** D10, 5094, and D13, 3701. */
    @Test
    void aTreeThatKeepsWhatWasCutFromTheLogIsCaught() {
        Broken.withinSeeds(40)
                .under(Fault.STRAY_TAIL)
                .by(Invariant.EQUAL_TREES, Invariant.DIGESTS_AGREE, Invariant.PREFIX_CONSISTENCY)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean rebuildsWhatWasCut() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }

    /** D11, 2872. */
    @Test
    void aSnapshotThatIsNotForcedIsCaught() {
        Broken.withinSeeds(30)
                .under(Fault.LAGGARD, Fault.LOST_DISK, Fault.BLACKOUT, Fault.POWER_LOSS)
                .by(Invariant.RECOVERY)
                .isCaught(new WorldParts(
                        UnforcedSnapshots::new,
                        WorldParts.CORRECT.tuning(),
                        WorldParts.CORRECT.storedReport(),
                        Bias.OBSERVED));
    }

    /** D12, 3104. */
    @Test
    void newLeaderAheadOfTheHistoryIsCaught() {
        Broken.withinSeeds(30)
                .by(Invariant.COMMIT_QUORUM, Invariant.PREFIX_CONSISTENCY)
                .isCaught(zab(new ZabRules() {
                    @Override
                    public boolean sendsHistoryFirst() {
                        return false;
                    }
                }));
    }

    /** D16, 4306. */
    @Test
    void aTransactionLongerThanServersReadIsCaught() {
        Broken.withinSeeds(20).by(Invariant.READABLE_TRANSACTION).isCaught(zab(new ZabRules() {
            @Override
            public boolean boundsTransactions() {
                return false;
            }
        }));
    }

    /** D9, 3642. */
    @Test
    void aSnapshotServedBeforeItIsStoredIsCaught() {
        Broken.withinSeeds(30)
                .under(Fault.LAGGARD, Fault.CUT_SNAPSHOT)
                .by(Invariant.VOTE_DURABLE, Invariant.NEWLEADER_ACK_STORED)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean stagesSnapshots() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }

    /** D19, 1277. */
    @Test
    void anEpochThatIsUsedBeyondItsLastIdIsCaught() {
        Broken.withinSeeds(60)
                .by(Invariant.EPOCHS_ON_DISK, Invariant.NO_CRASH)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean leavesEpochAtItsEnd() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED));
    }

    /** D15, 2846. */
    @Test
    void aDiffFromALogWithAHoleIsCaught() {
        Broken.withinSeeds(150)
                .under(Fault.LAGGARD, Fault.KILL)
                .by(Invariant.SYNC_WITHOUT_HOLES)
                .isCaught(new WorldParts(
                        HolesForgotten::new,
                        WorldParts.CORRECT.tuning(),
                        WorldParts.CORRECT.storedReport(),
                        Bias.UNLIKE));
    }

    /** D10, 5094: memory is cut, and what should follow the cut does not come. */
    @Test
    void aCutBeforeNewLeaderIsCaught() {
        Broken.withinSeeds(80)
                .under(Fault.STRAY_TAIL, Fault.CUT_TRUNCATION)
                .by(Invariant.VOTE_DURABLE)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean stagesCuts() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }

    /** D21. */
    @Test
    void aSnapshotOfWhatIsNotCommittedIsCaught() {
        Broken.withinSeeds(10)
                .under(Fault.STRAY_TAIL)
                .by(Invariant.SNAPSHOT_COMMITTED)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean snapshotsOnlyWhatIsCommitted() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }

    /** R8, D18: transactions are applied to a tree that holds them already. */
    @Test
    void aSnapshotThatHoldsMoreThanItsLabelSaysIsCaught() {
        Broken.withinSeeds(40)
                .under(Fault.LAGGARD, Fault.LOST_DISK, Fault.BLACKOUT, Fault.POWER_LOSS)
                .by(Invariant.DIGESTS_AGREE, Invariant.EQUAL_TREES)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean labelsSnapshotsExactly() {
                                return false;
                            }
                        })
                        .withBias(Bias.OBSERVED));
    }
}
