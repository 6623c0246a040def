package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.compat.QuorumGate.Method;
import io.matriarch.compat.QuorumGate.Place;
import io.matriarch.compat.UncommittedTail.Layout;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A learner has logged what nobody else has, and joins a leader of the next epoch (zab.md 8, R12, R17). */
final class LearnerAhead {
    private LearnerAhead() {}

    /** It comes to what the others have, in memory and on its disk, and by this method at first. */
    static void isCutBack(Servers servers, Flavour learner, Flavour leader, Layout layout, Method method)
            throws Exception {
        String name = (learner + "-behind-" + leader + "-" + layout).toLowerCase(Locale.ROOT);
        try (GatedEnsemble ensemble = GatedEnsemble.create(servers, name, learner, leader)) {
            UncommittedTail.write(ensemble.learner(), layout);
            ensemble.startWithoutLearner();
            int before = ensemble.gate().begun().size();
            ensemble.startLearner();
            ensemble.awaitServing();
            List<Method> begun = ensemble.gate().begun();
            assertThat(begun.subList(before, begun.size())).first().isEqualTo(method);
            ensemble.requireSameTrees();
            ensemble.write("/after", 10, 10);
            ensemble.requireSameTrees();

            ensemble.learner().kill();
            ensemble.startLearner();
            ensemble.awaitServing();
            ensemble.requireSameTrees();

            // Without the leader: what the learner has on its disk counts, and is passed on.
            ensemble.killAll();
            ensemble.startAll();
            ensemble.awaitServing();
            ensemble.write("/later", 10, 10);
            ensemble.requireSameTrees();
        }
    }

    /**
     * A new leader of ours, with entries that it has yet to see agreed, and that end below what the learner has: server 1 took them as
     * the follower of server 3, which died before it could say that all is well, and leads then an epoch of which it has nothing (R13).
     *
     * @param who names the directory
     * @param learner server 2, which has a tail in the epoch before
     */
    static void isCutBackByALeaderWithoutAQuorum(
            Servers servers, String who, Flavour learner, UnaryOperator<EnsembleOptions> options) throws Exception {
        List<Flavour> flavours = List.of(Servers.ours(), learner, Servers.ours());
        try (GatedEnsemble ensemble = GatedEnsemble.create(servers, who + "-behind-new-leader", flavours, options)) {
            ensemble.startWithoutLearner();
            ensemble.write("/missed", 5, 10);
            ensemble.killAll();
            UncommittedTail.write(ensemble.witness(), Layout.RECORDS);
            ensemble.gate().holdBefore(Place.BEFORE_UPTODATE);
            ensemble.leader().start();
            ensemble.startLearner();
            ensemble.gate().awaitHeld(GatedEnsemble.BOUND);
            ensemble.leader().kill();
            ensemble.gate().cut();
            ensemble.witness().startAs(learner);
            ensemble.learner().awaitServing(GatedEnsemble.BOUND);
            ensemble.witness().awaitServing(GatedEnsemble.BOUND);

            ensemble.witness().kill();
            ensemble.witness().startAs(learner);
            ensemble.startAll();
            ensemble.awaitServing();
            ensemble.requireSameTrees();
            ensemble.write("/after", 10, 10);
            ensemble.requireSameTrees();
        }
    }
}
