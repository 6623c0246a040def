package io.matriarch.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.election.ElectionRules;
import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.quorum.MajorityVerifier;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.Fault;
import io.matriarch.sim.world.WorldParts;
import io.matriarch.sim.world.WorldParts.StoredReport;
import io.matriarch.wire.ServerId;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The simulation bites: servers that are broken on purpose are caught within a stated number of seeds, by an invariant
 * that names the defect.
 */
class BrokenVariantsTest {
    private static final WorldParts CORRECT = WorldParts.CORRECT;
    private static final long DURATION_MILLIS = 10_000;

    @Test
    void anAckBeforeTheForceIsCaughtWithinFiveSeeds() {
        WorldParts broken = new WorldParts(CORRECT.fileSystem(), CORRECT.tuning(), StoredReport.BEFORE_FORCE);
        assertCaught(broken, 5, Invariant.ACK_STORED, Invariant.COMMIT_QUORUM);
    }

    @Test
    void aQuorumOfOneLessThanAMajorityIsCaughtWithinFiveSeeds() {
        WorldParts broken = withTuning(tuning -> tuning.withVerifierOf(OneLessThanAMajority::new));
        assertCaught(
                broken,
                5,
                Invariant.COMMIT_QUORUM,
                Invariant.ESTABLISHED_QUORUM,
                Invariant.DECISION_QUORUM,
                Invariant.ONE_LEADER_PER_EPOCH);
    }

    @Test
    void anEpochFileThatIsNotForcedIsCaughtWithinFiveSeeds() {
        WorldParts broken = new WorldParts(UnforcedEpochFiles::new, CORRECT.tuning(), CORRECT.storedReport());
        assertCaught(
                broken,
                5,
                Invariant.PROMISED_EPOCH_STORED,
                Invariant.NEWLEADER_STORED,
                Invariant.NEWLEADER_ACK_STORED,
                Invariant.EPOCHS_ON_DISK);
    }

    /** ZOOKEEPER-261: the wiped server outvotes those who know better (election.md 3.10). */
    @Test
    void anEmptyDiskTakenForAHistoryIsCaughtWithinAHundredSeeds() {
        WorldParts broken = new WorldParts(MarkerNeverGoes::new, CORRECT.tuning(), CORRECT.storedReport());
        Set<Fault> faults = EnumSet.of(Fault.LOST_DISK, Fault.KILL, Fault.LAGGARD, Fault.PARTITION);
        assertCaught(
                broken,
                100,
                faults,
                Invariant.ONE_PROMISE_PER_EPOCH,
                Invariant.PREFIX_CONSISTENCY,
                Invariant.COMMIT_QUORUM);
    }

    /** Needs elections that go over several rounds, so it gets the faults that make them. */
    @Test
    void votesKeptAcrossRoundsAreCaughtWithinAHundredAndFiftySeeds() {
        WorldParts broken = withTuning(tuning -> tuning.withElectionRules(new VotesAreKept()));
        Set<Fault> faults =
                EnumSet.of(Fault.LOST_NOTIFICATIONS, Fault.PARTITION, Fault.ONE_WAY_PARTITION, Fault.DELAYS);
        assertCaught(broken, 150, faults, Invariant.DECISION_QUORUM);
    }

    @Test
    void aConfigurationCommittedByTheOldQuorumAloneIsCaughtWithinTenSeeds() {
        WorldParts broken = new WorldParts(
                CORRECT.fileSystem(),
                tuning -> tuning.withZabRules(new ZabRules() {
                    @Override
                    public boolean asksBothConfigurations() {
                        return false;
                    }
                }),
                CORRECT.storedReport(),
                WorldParts.Bias.RECONFIGURED);
        assertCaught(broken, 10, Invariant.CONFIGURATION_QUORUMS);
    }

    private static void assertCaught(WorldParts broken, int seeds, Invariant... invariants) {
        assertCaught(broken, seeds, EnumSet.allOf(Fault.class), invariants);
    }

    /** The first failure within so many seeds is of one of the invariants that the defect is about. */
    private static void assertCaught(WorldParts broken, int seeds, Set<Fault> faults, Invariant... invariants) {
        SimulationReport last = null;
        for (int seed = 1; seed <= seeds && (last == null || last.isPassed()); seed++) {
            SimulationOptions options =
                    SimulationOptions.of(1, seed).withFaults(faults).withDurationMillis(DURATION_MILLIS);
            last = SimulationRunner.run(options, broken, SimulationProgress.NONE);
        }
        assertThat(last).isNotNull();
        assertThat(last.failures()).as("failures within %d seeds", seeds).isNotEmpty();
        SeedFailure first = last.failures().get(0);
        assertThat(Arrays.stream(invariants).map(Invariant::name))
                .as("what %s is about", first)
                .anyMatch(first.invariant()::startsWith);
    }

    private static WorldParts withTuning(UnaryOperator<PeerConfig.Tuning> change) {
        return new WorldParts(CORRECT.fileSystem(), change, CORRECT.storedReport());
    }

    private static final class VotesAreKept extends ElectionRules {
        @Override
        protected boolean forgetsVotesOfOldRounds() {
            return false;
        }
    }

    private static final class OneLessThanAMajority implements QuorumVerifier {
        private final MajorityVerifier correct;

        OneLessThanAMajority(Collection<ServerId> voters) {
            correct = new MajorityVerifier(voters);
        }

        @Override
        public SortedSet<ServerId> voters() {
            return correct.voters();
        }

        @Override
        public boolean isQuorum(Predicate<ServerId> has) {
            return voters().stream().filter(has).count() >= Math.max(1, voters().size() / 2);
        }

        @Override
        public long weight(ServerId sid) {
            return correct.weight(sid);
        }
    }
}
