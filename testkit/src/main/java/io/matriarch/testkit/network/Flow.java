package io.matriarch.testkit.network;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What travels over a link in one direction of one connection, in order: each thing is delivered when it is due, unless
 * the link is silent. For the network's thread only.
 */
final class Flow {
    private final Link link;
    private final Queue<Cargo> travelling = new ArrayDeque<>();
    private long heldBytes;
    private long lastDueNanos = System.nanoTime();
    private boolean isBlocked;
    private boolean isAwaited;
    private boolean isOver;

    private record Cargo(long dueNanos, int bytes, Runnable delivery) {}

    Flow(Link link) {
        this.link = link;
        link.add(this);
    }

    /** Sends {@code delivery} off; at the other end it is run. */
    void add(int bytes, Runnable delivery) {
        if (isOver) {
            return;
        }
        long due = link.dueNanos();
        // A delay that became shorter lets nothing overtake.
        lastDueNanos = due - lastDueNanos < 0 ? lastDueNanos : due;
        travelling.add(new Cargo(lastDueNanos, bytes, delivery));
        heldBytes += bytes;
        pump();
    }

    /** Bytes that are on the way. */
    long heldBytes() {
        return heldBytes;
    }

    /** Holds everything back, or no longer. */
    void block(boolean isBlocked) {
        this.isBlocked = isBlocked;
        pump();
    }

    /** Delivers what can be. */
    void pump() {
        while (!travelling.isEmpty() && !isBlocked && !link.isSilent()) {
            Cargo first = travelling.element();
            if (first.dueNanos - System.nanoTime() > 0) {
                await(first.dueNanos);
                return;
            }
            travelling.remove();
            heldBytes -= first.bytes;
            first.delivery.run();
        }
    }

    private void await(long dueNanos) {
        if (!isAwaited) {
            isAwaited = true;
            link.schedule(dueNanos, () -> {
                isAwaited = false;
                pump();
            });
        }
    }

    /** Loses what is on the way. */
    void discard() {
        travelling.clear();
        heldBytes = 0;
    }

    /** Nothing travels here any more. */
    void end() {
        isOver = true;
        discard();
        link.remove(this);
    }
}
