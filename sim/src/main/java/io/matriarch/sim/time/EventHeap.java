package io.matriarch.sim.time;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is going to happen, by virtual time in nanoseconds since the world began. Events of one instant
 * happen in the order in which they were scheduled.
 */
public final class EventHeap {
    /** A scheduled event; {@link #cancel} makes it a no-op. */
    public static final class Scheduled implements Comparable<Scheduled> {
        private final long nanos;
        private final long order;
        private @Nullable Runnable action;

        private Scheduled(long nanos, long order, Runnable action) {
            this.nanos = nanos;
            this.order = order;
            this.action = action;
        }

        /** The virtual instant it is due at. */
        public long nanos() {
            return nanos;
        }

        public void cancel() {
            action = null;
        }

        @Override
        public int compareTo(Scheduled other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }

    private final PriorityQueue<Scheduled> heap = new PriorityQueue<>();
    private long nowNanos;
    private long nextOrder;
    private long executed;

    /** The virtual instant of the event that is happening. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Events that happened so far. */
    public long executed() {
        return executed;
    }

    /** Schedules for {@code delayNanos} from now; a negative delay counts as none. */
    public Scheduled after(long delayNanos, Runnable action) {
        return at(nowNanos + Math.max(0, delayNanos), action);
    }

    /** Schedules for this instant, or for now if it has passed. */
    public Scheduled at(long nanos, Runnable action) {
        Scheduled scheduled = new Scheduled(Math.max(nowNanos, nanos), nextOrder++, action);
        heap.add(scheduled);
        return scheduled;
    }

    /** Lets everything due before or at {@code untilNanos} happen; the clock ends there. */
    public void runUntil(long untilNanos) {
        while (!heap.isEmpty() && heap.peek().nanos <= untilNanos) {
            Scheduled next = heap.poll();
            nowNanos = next.nanos;
            Runnable action = next.action;
            if (action != null) {
                executed++;
                action.run();
            }
        }
        nowNanos = Math.max(nowNanos, untilNanos);
    }
}
