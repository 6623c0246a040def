package io.matriarch.compat;

import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.compat.InterruptedSynchronization.Lag;
import io.matriarch.compat.InterruptedSynchronization.Pair;
import io.matriarch.compat.InterruptedSynchronization.Victims;
import io.matriarch.compat.QuorumGate.Method;
import io.matriarch.compat.QuorumGate.Place;
import io.matriarch.compat.UncommittedTail.Layout;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Synchronizations between ours and Apache's that do not go straight. Under the Maven profile {@code matrix} only. */
@Timeout(600) // each wait in it has a bound of its own; this is for a machine that has much else to do
class SynchronizationMatrix {
    private static final List<Round> ROUNDS = List.of(
            new Round(Place.MIDWAY, Victims.LEARNER),
            new Round(Place.MIDWAY, Victims.LEADER),
            new Round(Place.BEFORE_NEWLEADER, Victims.LEADER),
            new Round(Place.BEFORE_NEWLEADER, Victims.BOTH),
            new Round(Place.BEFORE_UPTODATE, Victims.LEARNER),
            new Round(Place.BEFORE_UPTODATE, Victims.BOTH));

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    /** Ours sends TRUNC to ours only (R12). */
    @ParameterizedTest(name = "{0} is ahead of {1} by {2}: {3}")
    @CsvSource({
        "MATRIARCH, APACHE, RECORDS, TRUNC",
        "MATRIARCH, APACHE, SNAPSHOT_BELOW, TRUNC",
        "MATRIARCH, APACHE, SNAPSHOTS_ABOVE, TRUNC",
        "APACHE, MATRIARCH, RECORDS, SNAP",
        "APACHE, MATRIARCH, SNAPSHOT_BELOW, SNAP",
        "APACHE, MATRIARCH, SNAPSHOTS_ABOVE, SNAP",
        "MATRIARCH, MATRIARCH, RECORDS, TRUNC",
        "MATRIARCH, MATRIARCH, SNAPSHOT_BELOW, TRUNC",
        "MATRIARCH, MATRIARCH, SNAPSHOTS_ABOVE, TRUNC"
    })
    void learnerAhead(Flavour learner, Flavour leader, Layout layout, Method method) throws Exception {
        LearnerAhead.isCutBack(SERVERS, learner, leader, layout, method);
    }

    /** Each of Apache's releases does the same in {@link VersionMatrix}. */
    @Test
    void learnerOfOursAheadOfANewLeader() throws Exception {
        LearnerAhead.isCutBackByALeaderWithoutAQuorum(SERVERS, "ours", Servers.ours(), UnaryOperator.identity());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "OURS_JOINS_APACHES, BEHIND",
        "OURS_JOINS_APACHES, EMPTY",
        "OURS_JOINS_APACHES, AHEAD",
        "APACHES_JOINS_OURS, BEHIND",
        "APACHES_JOINS_OURS, EMPTY",
        "APACHES_JOINS_OURS, AHEAD"
    })
    void killedInSynchronization(Pair pair, Lag lag) throws Exception {
        try (GatedEnsemble ensemble = pair.create(SERVERS, lag)) {
            InterruptedSynchronization interrupted = new InterruptedSynchronization(ensemble);
            for (Round round : ROUNDS) {
                interrupted.interrupt(lag, round.place, round.victims, pair.method(lag));
            }
        }
    }

    /** Where the stream stops, and who dies there. */
    private record Round(Place place, Victims victims) {}
}
