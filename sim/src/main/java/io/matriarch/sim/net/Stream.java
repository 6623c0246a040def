package io.matriarch.sim.net;

import static java.util.Objects.requireNonNull;

import io.matriarch.sim.time.EventHeap;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A connection between two nodes: first in, first out in each direction; a blocked direction stalls and goes on, or
 * breaks, when the network heals. Side 0 dialled, side 1 accepted.
 */
public final class Stream {
    private record InFlight(Object message, long readyNanos) {}

    /** The first "message" towards the dialler. */
    private record Up(VirtualNetwork.Dialler dialler) {}

    /** The last "message" of a direction. */
    private record Finish(String reason) {}

    private static final class Side {
        final int node;
        /** Null at the dialler's side until it knows that the stream is up. */
        @Nullable
        StreamEnd end;

        /** False once this side closed or was told that the stream is over. */
        boolean isOpen = true;
        /** Messages on their way to this side. */
        final ArrayDeque<InFlight> inbound = new ArrayDeque<>();

        EventHeap.@Nullable Scheduled delivery;

        Side(int node) {
            this.node = node;
        }
    }

    private final VirtualNetwork network;
    private final VirtualNetwork.Dialler dialler;
    private final Side[] sides;
    /** A direction was blocked while it had something to deliver. */
    private boolean wasHeldBack;
    /** The side whose machine went down without a word, or -1. */
    private int silentSide = -1;

    Stream(VirtualNetwork network, int from, int to, VirtualNetwork.Dialler dialler) {
        this.network = network;
        this.dialler = dialler;
        this.sides = new Side[] {new Side(from), new Side(to)};
    }

    void establish(VirtualNetwork.Acceptor acceptor) {
        enqueue(0, new Up(dialler));
        sides[1].end = acceptor.accept(this);
    }

    /** The node at a side. */
    public int node(int side) {
        return sides[side].node;
    }

    public boolean isOpen(int side) {
        return sides[side].isOpen;
    }

    /** True when neither side uses it any more. */
    boolean isOver() {
        return !sides[0].isOpen && !sides[1].isOpen;
    }

    /** Sends from {@code side} to the other one; silently dropped once this side is closed. */
    public void send(int side, Object message) {
        if (sides[side].isOpen) {
            enqueue(1 - side, message);
        }
    }

    /** Closes {@code side} after what it sent before; the other side is told with {@code reason}. */
    public void close(int side, String reason) {
        if (sides[side].isOpen) {
            shut(side);
            enqueue(1 - side, new Finish(reason));
        }
    }

    /** The process at {@code side} died: a random rest of what it sent is lost, then the other side is told. */
    public void crash(int side) {
        if (!sides[side].isOpen) {
            return;
        }
        shut(side);
        ArrayDeque<InFlight> sent = sides[1 - side].inbound;
        int kept = sent.isEmpty() ? 0 : network.chance().below(sent.size() + 1);
        while (sent.size() > kept) {
            sent.removeLast();
        }
        enqueue(1 - side, new Finish("connection reset"));
    }

    /** The machine at {@code side} lost its power: the other side hears nothing until {@link #machineBack}. */
    public void vanish(int side) {
        if (sides[side].isOpen) {
            shut(side);
            sides[1 - side].inbound.clear();
            silentSide = side;
        }
    }

    /** The machine is up again and answers the remains of this stream with a reset. */
    void machineBack(int node) {
        if (silentSide >= 0 && sides[silentSide].node == node) {
            enqueue(1 - silentSide, new Finish("connection reset"));
            silentSide = -1;
        }
    }

    /** The network breaks the stream: both sides are told, what is under way is lost. */
    public void reset(String reason) {
        for (int side = 0; side < 2; side++) {
            if (sides[side].isOpen) {
                sides[side].inbound.clear();
                enqueue(side, new Finish(reason));
            }
        }
    }

    /** The network changed: goes on, or breaks, if something was held back and is not any more. */
    void healed(double breakProbability) {
        if (!wasHeldBack || stalls(0) || stalls(1)) {
            return;
        }
        wasHeldBack = false;
        if (network.chance().hits(breakProbability)) {
            reset("connection timed out");
        } else {
            schedule(0);
            schedule(1);
        }
    }

    private boolean stalls(int side) {
        boolean isStalled =
                !sides[side].inbound.isEmpty() && network.topology().isBlocked(sides[1 - side].node, sides[side].node);
        wasHeldBack |= isStalled;
        return isStalled;
    }

    private void shut(int side) {
        sides[side].isOpen = false;
        sides[side].inbound.clear();
    }

    private void enqueue(int side, Object message) {
        Side to = sides[side];
        if (!to.isOpen) {
            return;
        }
        long ready = network.heap().nowNanos() + network.conditions().delayNanos();
        InFlight last = to.inbound.peekLast();
        to.inbound.addLast(new InFlight(message, last == null ? ready : Math.max(ready, last.readyNanos)));
        if (to.inbound.size() == 1) {
            schedule(side);
        }
    }

    private void schedule(int side) {
        Side to = sides[side];
        if (!to.isOpen || to.inbound.isEmpty() || stalls(side)) {
            return;
        }
        if (to.delivery != null) {
            to.delivery.cancel();
        }
        to.delivery = network.heap().at(to.inbound.peekFirst().readyNanos, () -> deliver(side));
    }

    private void deliver(int side) {
        Side to = sides[side];
        if (!to.isOpen || to.inbound.isEmpty() || stalls(side)) {
            return;
        }
        if (to.inbound.peekFirst().readyNanos > network.heap().nowNanos()) {
            schedule(side);
            return;
        }
        Object message = to.inbound.pollFirst().message;
        if (message instanceof Finish finish) {
            shut(side);
            network.forgetIfOver(this);
            finished(to, finish.reason);
        } else if (message instanceof Up up) {
            connected(to, up.dialler);
            schedule(side);
        } else {
            requireNonNull(to.end).received(message);
            schedule(side);
        }
    }

    private void connected(Side to, VirtualNetwork.Dialler by) {
        StreamEnd end = by.connected(this);
        if (end == null) {
            close(0, "connection reset");
        } else {
            to.end = end;
        }
    }

    private void finished(Side to, String reason) {
        if (to.end == null) {
            dialler.failed(reason);
        } else {
            to.end.closed(reason);
        }
    }
}
