package io.matriarch.sim;

import static io.matriarch.sim.Broken.requests;
import static io.matriarch.sim.Broken.tuning;
import static io.matriarch.sim.Broken.zab;

import io.matriarch.core.election.ElectionTiming;
import io.matriarch.core.request.RequestRules;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.Fault;
import io.matriarch.sim.world.WorldParts.Bias;
import org.junit.jupiter.api.Test;

/** What only an Apache server beside ours suffers from: the model of one notices (zab.md 17, election.md 9.6). */
class MixedVariantsTest {
    /** zab.md R6, D6, 4394. */
    @Test
    void aCommitBetweenNewLeaderAndUpToDateIsCaught() {
        Broken.withinSeeds(150)
                .by(Invariant.PEER_UNHARMED)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean holdsBackUntilUpToDate() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED));
    }

    /** zab.md R12: cuts imprecisely, and keeps a newer snapshot. */
    @Test
    void aTruncationOfAnApacheServerIsCaught() {
        Broken.withinSeeds(250)
                .under(Fault.STRAY_TAIL, Fault.ISOLATED_LEADER)
                .by(Invariant.DIGESTS_AGREE, Invariant.EQUAL_TREES, Invariant.RECOVERY)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean sparesApacheTruncation() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED));
    }

    /** zab.md 13, R27: a SYNC that waits for its proof while commits behind it do not. */
    @Test
    void aSyncOvertakenByCommitsIsCaught() {
        Broken.withinSeeds(20)
                .by(Invariant.PEER_UNHARMED)
                .isCaught(zab(new ZabRules() {
                            @Override
                            public boolean keepsOrderOfSyncs() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED));
    }

    /** zab.md 12: an Apache server's client writes, and its session is one that the leader does not know. */
    @Test
    void aLocalSessionOfAnApacheServerThatIsRefusedIsCaught() {
        Broken.withinSeeds(20)
                .by(Invariant.PEER_UNHARMED, Invariant.SESSION_ANSWER)
                .isCaught(requests(new RequestRules() {
                            @Override
                            public boolean passesLocalsOfOthers() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED_SESSIONS));
    }

    /** zab.md 12: an Apache leader refuses what such a session creates before it is made known. */
    @Test
    void anEphemeralWithoutUpgradeUnderAnApacheLeaderIsCaught() {
        Broken.withinSeeds(20)
                .by(Invariant.SESSION_ANSWER)
                .isCaught(requests(new RequestRules() {
                            @Override
                            public boolean upgradesForEphemerals() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED_SESSIONS));
    }

    /** D17: a follower of Apache's passes on whatever its client asks for. */
    @Test
    void aCheckThatBecomesATransactionIsCaught() {
        Broken.withinSeeds(30)
                .by(Invariant.NO_CRASH) // the core's own check of transactions
                .isCaught(requests(new RequestRules() {
                            @Override
                            public boolean refusesChecksAlone() {
                                return false;
                            }
                        })
                        .withBias(Bias.MIXED_SESSIONS));
    }

    /** election.md F10, 8.18, T4. */
    @Test
    void repeatsIntoAFinalWaitAreCaught() {
        ElectionTiming impatient = new ElectionTiming(30, 20, 40, 40);
        Broken.withinSeeds(60)
                .by(Invariant.LEFT_ALONE, Invariant.PROGRESS) // if nothing else comes between, the election never ends
                .isCaught(tuning(tuning -> tuning.withElectionTiming(impatient)).withBias(Bias.MIXED));
    }
}
