package io.matriarch.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.election.ElectionRules;
import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.request.RequestRules;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.world.Fault;
import io.matriarch.sim.world.WorldParts;
import io.matriarch.sim.world.WorldParts.Bias;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Demands that servers which are broken on purpose are caught within so many seeds, by invariants that name the defect. */
final class Broken {
    private static final long DURATION_MILLIS = 10_000;

    private final int seeds;
    private final Set<Fault> faults;
    private final Invariant[] invariants;

    private Broken(int seeds, Set<Fault> faults, Invariant... invariants) {
        this.seeds = seeds;
        this.faults = faults;
        this.invariants = invariants;
    }

    static Broken withinSeeds(int seeds) {
        return new Broken(seeds, EnumSet.allOf(Fault.class));
    }

    /** Only these faults, where a defect needs them often. */
    Broken under(Fault... some) {
        return new Broken(seeds, EnumSet.copyOf(Arrays.asList(some)), invariants);
    }

    Broken by(Invariant... names) {
        return new Broken(seeds, faults, names);
    }

    /** The first failure is of one of the invariants that the defect is about. */
    void isCaught(WorldParts broken) {
        SimulationReport last = null;
        for (int seed = 1; seed <= seeds && (last == null || last.isPassed()); seed++) {
            SimulationOptions options =
                    SimulationOptions.of(1, seed).withFaults(faults).withDurationMillis(DURATION_MILLIS);
            last = SimulationRunner.run(options, broken, SimulationProgress.NONE);
        }
        assertThat(last).isNotNull();
        assertThat(last.failures()).as("failures within %d seeds", seeds).isNotEmpty();
        SeedFailure first = last.failures().get(0);
        if (Boolean.getBoolean("matriarch.sim.show")) {
            System.out.println(first);
        }
        assertThat(Arrays.stream(invariants).map(Invariant::name))
                .as("what %s is about", first)
                .anyMatch(first.invariant()::startsWith);
    }

    static WorldParts zab(ZabRules rules) {
        return tuning(tuning -> tuning.withZabRules(rules));
    }

    static WorldParts election(ElectionRules rules) {
        return tuning(tuning -> tuning.withElectionRules(rules));
    }

    static WorldParts requests(RequestRules rules) {
        return tuning(tuning -> tuning.withRequestRules(rules)).withBias(Bias.SESSIONS);
    }

    static WorldParts tuning(UnaryOperator<PeerConfig.Tuning> change) {
        return new WorldParts(WorldParts.CORRECT.fileSystem(), change, WorldParts.CORRECT.storedReport());
    }
}
