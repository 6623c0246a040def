package io.matriarch.sim;

import io.matriarch.core.election.ElectionRules;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.Fault;
import io.matriarch.sim.world.WorldParts;
import io.matriarch.sim.world.WorldParts.Bias;
import org.junit.jupiter.api.Test;

/**
 * The defects of election.md 7.1 to 7.3 that need servers which disagree about who votes, or which hear somebody who is no
 * member; docs/testing.md has the table.
 */
class BrokenMembersTest {
    private static Broken withStrangers(int seeds) {
        return Broken.withinSeeds(seeds).under(Fault.STRANGERS, Fault.KILL, Fault.PARTITION);
    }

    private static WorldParts election(ElectionRules rules, Bias bias) {
        return Broken.election(rules).withBias(bias);
    }

    private static WorldParts zab(ZabRules rules, Bias bias) {
        return Broken.zab(rules).withBias(bias);
    }

    /** 764, 2988: a vote for a server that does not vote, to our knowledge. */
    @Test
    void aVoteForAServerThatDoesNotVoteIsCaught() {
        Broken.withinSeeds(20)
                .by(Invariant.VOTERS_COUNT)
                .isCaught(election(
                        new ElectionRules() {
                            @Override
                            protected boolean asksWhoMayLead() {
                                return false;
                            }
                        },
                        Bias.RECONFIGURED));
    }

    /** 764: with the rule of weights off too, which holds the one above up, such a server is elected. */
    @Test
    void anElectedServerThatDoesNotVoteIsCaught() {
        Broken.withinSeeds(20)
                .by(Invariant.VOTERS_COUNT, Invariant.ELECTABLE)
                .isCaught(election(
                        new ElectionRules() {
                            @Override
                            protected boolean asksWhoMayLead() {
                                return false;
                            }

                            @Override
                            protected boolean asksWeights() {
                                return false;
                            }
                        },
                        Bias.RECONFIGURED));
    }

    /** 1789, 2988: a vote from a server that does not vote. */
    @Test
    void aVoteFromAServerThatDoesNotVoteIsCaught() {
        withStrangers(20)
                .by(Invariant.VOTERS_COUNT)
                .isCaught(election(
                        new ElectionRules() {
                            @Override
                            protected boolean asksWhoVotes() {
                                return false;
                            }
                        },
                        Bias.OBSERVED));
    }

    /** 1807. */
    @Test
    void votesToldToObserversAreCaught() {
        Broken.withinSeeds(5)
                .by(Invariant.TOLD_WHEN_ASKED)
                .isCaught(election(
                        new ElectionRules() {
                            @Override
                            protected boolean tellsVotersOnly() {
                                return false;
                            }
                        },
                        Bias.OBSERVED));
    }

    /** election.md 7.3: voters and observers that answer each other for ever. */
    @Test
    void anAnswerToSomebodyWhoDoesNotLookIsCaught() {
        withStrangers(10)
                .by(Invariant.TOLD_WHEN_ASKED)
                .isCaught(election(
                        new ElectionRules() {
                            @Override
                            protected boolean answersOnlyWhoLooks() {
                                return false;
                            }
                        },
                        Bias.OBSERVED));
    }

    /** 2212. */
    @Test
    void aConfigurationAdoptedWhileServingIsCaught() {
        withStrangers(10)
                .by(Invariant.ADOPTED_WHILE_LOOKING)
                .isCaught(zab(
                        new ZabRules() {
                            @Override
                            public boolean adoptsOnlyWhileLooking() {
                                return false;
                            }
                        },
                        Bias.RECONFIGURED));
    }

    /** 3829, and the restarts of election.md 7.3. */
    @Test
    void aConfigurationAdoptedWhereMembersNeverChangeIsCaught() {
        withStrangers(20)
                .by(Invariant.ADOPTED_WHILE_LOOKING)
                .isCaught(zab(
                        new ZabRules() {
                            @Override
                            public boolean keepsFixedMembers() {
                                return false;
                            }
                        },
                        Bias.OBSERVED));
    }

    /** election.md 7.3. */
    @Test
    void aServerThatABadConfigurationEndsIsCaught() {
        withStrangers(10)
                .by(Invariant.NO_CRASH)
                .isCaught(zab(
                        new ZabRules() {
                            @Override
                            public boolean passesOverBadConfigurations() {
                                return false;
                            }
                        },
                        Bias.RECONFIGURED));
    }

    /** 1783. */
    @Test
    void aFirstConfigurationWithoutVersionIsCaught() {
        Broken.withinSeeds(80)
                .by(Invariant.CONFIGURATION_LABELLED)
                .isCaught(zab(
                        new ZabRules() {
                            @Override
                            public boolean labelsFirstConfiguration() {
                                return false;
                            }
                        },
                        Bias.RECONFIGURED));
    }

    /** 3769. */
    @Test
    void aServerThatAMalformedMessageDeafensIsCaught() {
        withStrangers(12)
                .by(Invariant.PROGRESS)
                .isCaught(WorldParts.CORRECT
                        .withBias(Bias.OBSERVED)
                        .withElectionPort(WorldParts.ElectionPort.DEAFENED_BY_MALFORMED));
    }

    /** 547, 893, 2186. */
    @Test
    void aServerThatAMalformedMessageEndsIsCaught() {
        withStrangers(10)
                .by(Invariant.NO_CRASH)
                .isCaught(WorldParts.CORRECT
                        .withBias(Bias.OBSERVED)
                        .withElectionPort(WorldParts.ElectionPort.ENDED_BY_MALFORMED));
    }
}
