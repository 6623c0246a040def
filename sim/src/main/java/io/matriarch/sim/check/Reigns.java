package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who leads, and whether a leader that was left in silence goes on answering when another leads. Whoever left it for another
 * reason, because a link broke or its process ended, gave no promise to wait; then nothing is demanded.
 */
final class Reigns {
    private final Map<Integer, Reign> reigns = new TreeMap<>();
    private final boolean hasHeartbeats;

    /** Without short heartbeats no leader knows how long its followers wait, and nothing is demanded either. */
    Reigns(boolean hasHeartbeats) {
        this.hasHeartbeats = hasHeartbeats;
    }

    private static final class Reign {
        private final List<Long> epochs = new ArrayList<>();
        private boolean isAbandoned;

        private long epoch() {
            return epochs.get(epochs.size() - 1);
        }
    }

    /** Server {@code sid} leads in this epoch, perhaps after an earlier one. */
    void leads(int sid, long epoch) {
        reigns.computeIfAbsent(sid, leader -> new Reign()).epochs.add(epoch);
    }

    void ended(int sid) {
        reigns.remove(sid);
    }

    /** A follower of this epoch's leader left it, and not because it was silent. */
    void left(long epoch) {
        reigns.values().stream()
                .filter(reign -> reign.epochs.contains(epoch))
                .forEach(reign -> reign.isAbandoned = true);
    }

    /** A leader answers a client from its tree. */
    void answered(int sid) {
        Reign own = reigns.get(sid);
        if (!hasHeartbeats || own == null || own.isAbandoned) {
            return;
        }
        reigns.forEach((other, reign) -> require(
                other == sid || reign.epoch() < own.epoch(),
                Invariant.ONE_LEADER_ANSWERS,
                () -> "server " + sid + ", leader of epoch " + own.epoch() + ", answers a client while server " + other
                        + " leads epoch " + reign.epoch()));
    }
}
