package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.wire.election.Notification;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What each server said last to each other one, in its life: a connection may end with it under way, so a new one begins with
 * it, or with what was said since (election.md 1.6).
 */
public final class LastWords {
    private record Way(int from, int to) {}

    private final Map<Way, Notification> said = new HashMap<>();
    /** Connected, and nothing is written yet of what was said. */
    private final Set<Way> owing = new HashSet<>();

    /** The process {@code from} has this to say to {@code to}. */
    public void said(int from, int to, Notification word) {
        said.put(new Way(from, to), word);
    }

    /** What it said is forgotten with it. */
    public void processGone(int sid) {
        said.keySet().removeIf(way -> way.from == sid);
        owing.removeIf(way -> way.from == sid || way.to == sid);
    }

    /** There is a new connection. */
    public void connected(int from, int to) {
        Way way = new Way(from, to);
        if (said.containsKey(way)) {
            owing.add(way);
        } else {
            owing.remove(way);
        }
    }

    /** This goes out on the connection. */
    public void written(int from, int to, Notification word) {
        Way way = new Way(from, to);
        if (owing.remove(way)) {
            require(
                    word.equals(said.get(way)),
                    Invariant.LAST_WORD_TOLD,
                    () -> "server " + from + " begins a connection to server " + to + " with " + word
                            + ", and said last " + said.get(way));
        }
    }

    /** Nothing gets through at the moment, though something waits. */
    public void heldUp(int from, int to) {
        owing.remove(new Way(from, to));
    }

    /** The connection is there for long enough that it has begun. */
    public void requireBegun(int from, int to) {
        Way way = new Way(from, to);
        require(
                !owing.contains(way),
                Invariant.LAST_WORD_TOLD,
                () -> "server " + from + " does not repeat to server " + to + " what it said last: " + said.get(way));
    }
}
