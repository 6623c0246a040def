package io.matriarch.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.sim.time.Chance;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What worlds are drawn, as far as checks rely on it. */
class WorldPlanTest {
    private static List<WorldPlan> drawn() {
        return LongStream.rangeClosed(1, 300)
                .mapToObj(seed -> WorldPlan.draw(new Chance(seed), EnumSet.allOf(Fault.class), WorldParts.Bias.NONE))
                .toList();
    }

    /** docs/operations.md; seeds 2000295, 2001125 and 2001277 demanded of such leaders what they cannot know. */
    @Test
    void whereAnOracleSpeaksThereAreNoHeartbeats() {
        List<WorldPlan> withOracle =
                drawn().stream().filter(WorldPlan::hasOracle).toList();
        assertThat(withOracle).isNotEmpty().noneMatch(plan -> plan.heartbeat().isEnabled());
    }

    /** Directed seed 201259: an Apache server whose peers look again many times a second never gets to ask a leader. */
    @Test
    void whereApachesServersTakePartEpochsOutlastTheirElections() {
        List<WorldPlan> mixed =
                drawn().stream().filter(plan -> !plan.apache().isEmpty()).toList();
        assertThat(mixed).isNotEmpty().allMatch(plan -> plan.replication().rollOverAt() >= 200);
    }

    /** Those that decide by groups change their members only as a whole (zab.md 14), and the operator changes one. */
    @Test
    void theMembersOfMixedEnsemblesChangeToo() {
        List<WorldPlan> changing =
                drawn().stream().filter(WorldPlan::isReconfigurable).toList();
        assertThat(changing)
                .anyMatch(plan -> !plan.apache().isEmpty())
                .anyMatch(plan -> plan.apache().isEmpty())
                .allMatch(plan -> plan.weights().isEmpty());
    }

    /** Seed 20014683. */
    @Test
    void whereTwoApacheServersHaveNoWeightEpochsDoNotEnd() {
        List<WorldPlan> mute = LongStream.rangeClosed(1, 3000)
                .mapToObj(seed -> WorldPlan.draw(new Chance(seed), EnumSet.allOf(Fault.class), WorldParts.Bias.NONE))
                .filter(plan -> plan.apache().keySet().stream()
                                .filter(sid -> sid <= plan.weights().size()
                                        && plan.weights().get(sid - 1) == 0)
                                .count()
                        > 1)
                .toList();
        assertThat(mute)
                .isNotEmpty()
                .allMatch(plan -> plan.replication().rollOverAt() == ReplicationConfig.DEFAULT.rollOverAt());
    }

    /**
     * Seeds 9001745 and 12005812: a server was given a snapshot of a thousand pieces, and each epoch lasted a tenth of a
     * second.
     */
    @Test
    void shortEpochsOutlastTheirSnapshots() {
        ReplicationConfig usual = ReplicationConfig.DEFAULT;
        List<ReplicationConfig> brief = drawn().stream()
                .map(WorldPlan::replication)
                .filter(replication -> replication.rollOverAt() != usual.rollOverAt())
                .toList();
        assertThat(brief).isNotEmpty().allMatch(replication -> replication.pieceBytes() == usual.pieceBytes());
    }

    /** Seed 12004345: each leader gave up in the moment in which its followers of 3.5.10 dialled it again. */
    @Test
    void initLimitOutlastsTheSecondThatFollowersOfOldReleasesWait() {
        List<WorldPlan> slow = drawn().stream()
                .filter(plan -> plan.apache().containsValue(ApacheRelease.R3_5_10))
                .toList();
        assertThat(slow).isNotEmpty().allMatch(plan -> plan.initLimit() * plan.tickMillis() >= 1_500);
    }
}
