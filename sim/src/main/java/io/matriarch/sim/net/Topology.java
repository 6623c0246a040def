package io.matriarch.sim.net;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which node's packets reach which other node. Nodes are servers (their sid) and clients (above 1000). */
public final class Topology {
    private record Direction(int from, int to) {}

    private final Set<Direction> blocked = new HashSet<>();
    private final List<Runnable> healListeners = new ArrayList<>();

    /** True if packets from {@code from} to {@code to} vanish. */
    public boolean isBlocked(int from, int to) {
        return !blocked.isEmpty() && blocked.contains(new Direction(from, to));
    }

    /** True if the two cannot hold a conversation. */
    public boolean isCut(int a, int b) {
        return isBlocked(a, b) || isBlocked(b, a);
    }

    public void block(int from, int to) {
        blocked.add(new Direction(from, to));
    }

    public void unblock(int from, int to) {
        if (blocked.remove(new Direction(from, to))) {
            List.copyOf(healListeners).forEach(Runnable::run);
        }
    }

    /** Removes every partition. */
    public void heal() {
        blocked.clear();
        List.copyOf(healListeners).forEach(Runnable::run);
    }

    void onHeal(Runnable listener) {
        healListeners.add(listener);
    }
}
