package io.matriarch.sim.net;

import io.matriarch.sim.check.LastWords;
import io.matriarch.sim.time.Chance;
import io.matriarch.sim.time.EventHeap;
import io.matriarch.wire.election.Notification;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The election port of all servers: at most one connection per pair, dialled when there is something to say; per
 * direction only the newest undelivered notification counts, and it may get lost; the last one is said again on every new
 * connection. Only the server with the larger id opens one: a dial by the other is a request to be called back (election.md
 * 1.1, 1.3, 1.6).
 */
public final class ElectionMesh {
    private static final long DIAL_TIMEOUT_NANOS = 2_000_000_000L;
    /** What waits for a new connection is written within this time. */
    private static final long BEGINNING_NANOS = 1_000_000L;

    private static final long MOST_PICKUP_NANOS = 50_000;

    /** A server as the mesh sees it. */
    public interface Port {
        /** What a dial meets. */
        VirtualNetwork.Answer answer();

        void linkUp(int peer);

        void linkDown(int peer);

        void refused(int peer);

        void received(int from, Notification notification);
    }

    private enum State {
        DOWN,
        DIALLING,
        UP
    }

    /** One pair of servers; index 0 is the lower sid. */
    private static final class Pair {
        State state = State.DOWN;
        /** Counts connections, so that what was under way on an old one is not delivered on a new one. */
        int generation;

        @Nullable
        final Notification[] waiting = new Notification[2];

        /** What was said last, by side: said again on a new connection if nothing waits. */
        @Nullable
        final Notification[] last = new Notification[2];

        final boolean[] isPickupDue = new boolean[2];
        final long[] lastArrival = new long[2];
    }

    private record Key(int low, int high) {}

    private final EventHeap heap;
    private final Topology topology;
    private final Conditions conditions;
    private final Chance chance;
    private final LastWords lastWords;
    private final boolean repeatsLastWord;
    private final Map<Integer, Port> ports = new HashMap<>();
    private final Map<Key, Pair> pairs = new HashMap<>();

    /**
     * @param lastWords judges what is written
     * @param repeatsLastWord whether what was said last is said again on a new connection, as it must be
     */
    public ElectionMesh(
            EventHeap heap,
            Topology topology,
            Conditions conditions,
            Chance chance,
            LastWords lastWords,
            boolean repeatsLastWord) {
        this.heap = heap;
        this.topology = topology;
        this.conditions = conditions;
        this.chance = chance;
        this.lastWords = lastWords;
        this.repeatsLastWord = repeatsLastWord;
        topology.onHeal(this::pickUpEverything);
    }

    public void register(int sid, Port port) {
        ports.put(sid, port);
        for (int other : ports.keySet()) {
            if (other != sid) {
                pairs.put(new Key(Math.min(sid, other), Math.max(sid, other)), new Pair());
            }
        }
    }

    /** Gives {@code notification} to {@code to}; replaces an undelivered one. Ignored if {@code to} does not exist. */
    public void send(int from, int to, Notification notification) {
        Pair pair = pair(from, to);
        if (pair == null) {
            return;
        }
        pair.waiting[from < to ? 0 : 1] = notification;
        lastWords.said(from, to, notification);
        if (pair.state == State.DOWN) {
            dial(from, to, pair);
        } else if (pair.state == State.UP) {
            schedulePickup(from, to, pair);
        }
    }

    /** The process {@code sid} ended; its peers notice unless the machine vanished with it. */
    public void processGone(int sid, boolean isSilent) {
        lastWords.processGone(sid);
        for (int other = 1; other <= ports.size(); other++) {
            Pair pair = pair(sid, other);
            if (pair == null) {
                continue;
            }
            pair.waiting[sid < other ? 0 : 1] = null;
            pair.last[sid < other ? 0 : 1] = null;
            boolean wasUp = pair.state == State.UP;
            down(pair);
            if (wasUp && !isSilent) {
                tellDown(other, sid);
            }
        }
    }

    /** Breaks the connection of one random pair. */
    public void breakOne() {
        int low = 1 + chance.below(ports.size());
        int high = 1 + chance.below(ports.size());
        Pair pair = pair(low, high);
        if (pair != null && pair.state == State.UP) {
            down(pair);
            tellDown(low, high);
            tellDown(high, low);
        }
    }

    private @Nullable Pair pair(int a, int b) {
        return pairs.get(new Key(Math.min(a, b), Math.max(a, b)));
    }

    private void down(Pair pair) {
        pair.state = State.DOWN;
        pair.generation++;
        pair.isPickupDue[0] = false;
        pair.isPickupDue[1] = false;
    }

    private void tellDown(int sid, int peer) {
        heap.after(conditions.delayNanos(), () -> port(sid).linkDown(peer));
    }

    private Port port(int sid) {
        return ports.get(sid);
    }

    private void dial(int from, int to, Pair pair) {
        pair.state = State.DIALLING;
        int generation = ++pair.generation;
        int trips = from > to ? 1 : 2;
        heap.after(2L * trips * conditions.delayNanos(), () -> {
            if (pair.generation != generation) {
                return;
            }
            VirtualNetwork.Answer answer = topology.isCut(from, to) ? VirtualNetwork.Answer.SILENCE : port(to).answer();
            switch (answer) {
                case ACCEPT -> up(from, to, pair);
                case REFUSE -> {
                    down(pair);
                    port(from).refused(to);
                }
                case SILENCE ->
                    heap.after(DIAL_TIMEOUT_NANOS, () -> {
                        if (pair.generation == generation) {
                            down(pair);
                        }
                    });
            }
        });
    }

    private void up(int from, int to, Pair pair) {
        pair.state = State.UP;
        for (int side = 0; side < 2; side++) {
            if (pair.waiting[side] == null && repeatsLastWord) {
                pair.waiting[side] = pair.last[side];
            }
        }
        lastWords.connected(from, to);
        lastWords.connected(to, from);
        port(to).linkUp(from);
        port(from).linkUp(to);
        schedulePickup(from, to, pair);
        schedulePickup(to, from, pair);
        int generation = pair.generation;
        heap.after(BEGINNING_NANOS, () -> {
            if (pair.generation == generation) {
                requireBeginning(from, to);
                requireBeginning(to, from);
            }
        });
    }

    private void requireBeginning(int from, int to) {
        if (!topology.isBlocked(from, to)) {
            lastWords.requireBegun(from, to);
        }
    }

    private void schedulePickup(int from, int to, Pair pair) {
        int side = from < to ? 0 : 1;
        if (pair.state != State.UP || pair.waiting[side] == null || pair.isPickupDue[side] || isHeldUp(from, to)) {
            return;
        }
        pair.isPickupDue[side] = true;
        int generation = pair.generation;
        heap.after(chance.between(0, MOST_PICKUP_NANOS), () -> {
            if (pair.generation == generation) {
                pair.isPickupDue[side] = false;
                pickUp(from, to, pair, side);
            }
        });
    }

    private void pickUp(int from, int to, Pair pair, int side) {
        Notification notification = pair.waiting[side];
        if (notification == null || isHeldUp(from, to)) {
            return;
        }
        pair.waiting[side] = null;
        pair.last[side] = notification;
        lastWords.written(from, to, notification);
        if (conditions.losesNotification()) {
            return;
        }
        long arrival = Math.max(pair.lastArrival[side], heap.nowNanos() + conditions.delayNanos());
        pair.lastArrival[side] = arrival;
        int generation = pair.generation;
        heap.at(arrival, () -> {
            if (pair.generation == generation) {
                port(to).received(from, notification);
            }
        });
    }

    private boolean isHeldUp(int from, int to) {
        boolean isBlocked = topology.isBlocked(from, to);
        if (isBlocked) {
            lastWords.heldUp(from, to);
        }
        return isBlocked;
    }

    private void pickUpEverything() {
        for (int low = 1; low <= ports.size(); low++) {
            for (int high = low + 1; high <= ports.size(); high++) {
                Pair pair = pair(low, high);
                if (pair != null && pair.state == State.UP) {
                    schedulePickup(low, high, pair);
                    schedulePickup(high, low, pair);
                }
            }
        }
    }
}
