package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.QuorumGate.Method;
import io.matriarch.compat.QuorumGate.Place;
import io.matriarch.compat.UncommittedTail.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * kill -9 in the middle of each kind of synchronization: the leader's stream is held at a chosen place, one side or both die there, and all
 * that is asked for afterwards is what each promised before (zab.md 8.6, invariants 41 and 43).
 */
final class InterruptedSynchronization {
    private static final int ZNODES = 20;
    private static final int ZNODE_BYTES = 2_000;

    private final GatedEnsemble ensemble;
    private int round;

    InterruptedSynchronization(GatedEnsemble ensemble) {
        this.ensemble = ensemble;
    }

    /** What the learner lacks, or has too much. */
    enum Lag {
        /** The last transactions. */
        BEHIND,
        /** Everything. */
        EMPTY,
        /** Nothing; its last transactions are those of nobody else. */
        AHEAD
    }

    /** Who dies. */
    enum Victims {
        LEARNER,
        LEADER,
        BOTH
    }

    /** Brings all servers down, up to that place and back, and compares what they have then. */
    void interrupt(Lag lag, Place place, Victims victims, Method method) throws Exception {
        ensemble.killAll();
        if (lag == Lag.AHEAD) {
            UncommittedTail.write(ensemble.learner(), Layout.RECORDS);
        }
        ensemble.startWithoutLearner();
        if (lag != Lag.AHEAD) {
            write("missed");
        }
        if (lag == Lag.EMPTY) {
            deleteDatabase(ensemble.learner());
        }
        int before = ensemble.gate().begun().size();
        ensemble.gate().holdBefore(place);
        ensemble.startLearner();
        ensemble.gate().awaitHeld(GatedEnsemble.BOUND);
        List<Method> begun = ensemble.gate().begun();
        assertThat(begun.subList(before, begun.size())).as("synchronizations").containsExactly(method);
        assertThat(ensemble.learner().status()).as("the learner serves").isEmpty();

        kill(victims);
        ensemble.gate().cut();
        if (victims != Victims.BOTH) {
            write("meanwhile"); // two are left, and take no harm from how they were left
        }
        ensemble.startAll();
        ensemble.awaitServing();
        write("afterwards");
        ensemble.requireSameTrees();
        round++;
    }

    private void write(String when) throws Exception {
        ensemble.write("/" + when + "-" + round, ZNODES, ZNODE_BYTES);
    }

    private void kill(Victims victims) {
        Set<Victims> dying =
                victims == Victims.BOTH ? EnumSet.of(Victims.LEARNER, Victims.LEADER) : EnumSet.of(victims);
        List<ServerProcess> servers = dying.stream()
                .map(who -> who == Victims.LEARNER ? ensemble.learner() : ensemble.leader())
                .toList();
        servers.forEach(ServerProcess::signalKill);
        servers.forEach(ServerProcess::kill);
    }

    private static void deleteDatabase(ServerProcess server) throws IOException {
        Path database = server.directory().resolve("data").resolve("version-2");
        try (Stream<Path> files = Files.list(database)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Whose servers meet, and what is sent when a learner is ahead. */
    enum Pair {
        OURS_JOINS_APACHES(Flavour.APACHE, Method.TRUNC),
        APACHES_JOINS_OURS(Flavour.MATRIARCH, Method.SNAP),
        OURS_JOINS_OURS(Flavour.MATRIARCH, Method.TRUNC);

        private final Flavour leader;
        private final Method whenAhead;

        Pair(Flavour leader, Method whenAhead) {
            this.leader = leader;
            this.whenAhead = whenAhead;
        }

        private Flavour learner() {
            return this == APACHES_JOINS_OURS ? Flavour.APACHE : Flavour.MATRIARCH;
        }

        /** Lays the ensemble out. */
        GatedEnsemble create(Servers servers, Lag lag) throws Exception {
            String name = (name() + "-" + lag).toLowerCase(Locale.ROOT).replace('_', '-');
            return GatedEnsemble.create(
                    servers,
                    name,
                    learner(),
                    leader,
                    options -> lag == Lag.EMPTY ? withoutLongDiffs(options) : options);
        }

        /** Our leader would give who has nothing all that ever was as a DIFF, while that is short. */
        private static EnsembleOptions withoutLongDiffs(EnsembleOptions options) {
            return options.withSetting("commitLogCount", "10").withSetting("snapshotSizeFactor", "-1");
        }

        Method method(Lag lag) {
            return switch (lag) {
                case BEHIND -> Method.DIFF;
                case EMPTY -> Method.SNAP;
                case AHEAD -> whenAhead;
            };
        }
    }
}
