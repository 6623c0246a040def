package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.compat.QuorumGate.Method;
import io.matriarch.compat.UncommittedTail.Layout;
import java.util.List;
import java.util.Locale;

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
}
