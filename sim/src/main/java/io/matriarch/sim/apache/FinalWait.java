package io.matriarch.sim.apache;

import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches that our servers leave an Apache server alone while it waits for silence (election.md F10, 8.18, T4): every
 * message, also one that says nothing new, makes its 200 ms begin again.
 */
final class FinalWait {
    /** A broadcast and an answer may say the same, and so may the first word of a new connection. */
    private static final int NEEDLESS_WORDS = 3;

    private final ApacheServer server;
    /** What each peer said last. */
    private final Map<Integer, Word> lastWords = new TreeMap<>();
    /** Words of each peer in this wait that said nothing new. */
    private final Map<Integer, Integer> needless = new TreeMap<>();

    private long lastNanos;

    private @Nullable Word agreed;

    FinalWait(ApacheServer server) {
        this.server = server;
    }

    void began(Word vote) {
        agreed = vote;
        needless.clear();
    }

    void ended() {
        agreed = null;
    }

    void heard(int from, Word word) {
        lastWords.put(from, word);
    }

    /** The peer's connection ended: its next process knows nothing of what this one said. */
    void forget(int peer) {
        lastWords.remove(peer);
        needless.remove(peer);
    }

    /** All connections ended. */
    void forgetAll() {
        lastWords.clear();
        needless.clear();
    }

    /** A message that made the wait begin again. */
    void consumed(int from, Word word) {
        Word before = lastWords.put(from, word);
        Word vote = agreed;
        boolean hasSettled = before != null && before.state() != word.state(); // seed 12006195: it leads by now
        long nanos = server.around().now().nanos();
        boolean prolongs = nanos > lastNanos; // what came during a pause is read all at once (seed 630245)
        lastNanos = nanos;
        boolean isNews =
                before == null || vote == null || hasSettled || !word.agreesWith(vote) || !before.agreesWith(vote);
        if (isNews || !prolongs || !server.around().isOurs(from)) {
            return;
        }
        if (needless.merge(from, 1, Integer::sum) > NEEDLESS_WORDS) {
            throw new InvariantViolation(
                    Invariant.LEFT_ALONE,
                    "server " + from + " tells server " + server.sid() + " once more in its final wait: " + word);
        }
    }
}
