package io.matriarch.sim.net;

import io.matriarch.sim.time.Chance;
import io.matriarch.sim.time.EventHeap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Dials, streams, and their misfortunes. */
public final class VirtualNetwork {
    private static final long SECOND = 1_000_000_000L;
    /** A dial whose packets vanish is tried again after this long, as TCP does. */
    private static final long RETRANSMIT_NANOS = SECOND / 2;
    /** After this many vanished attempts the dial fails. */
    private static final int DIAL_ATTEMPTS = 4;

    /** What a node answers to a dial. */
    public enum Answer {
        ACCEPT,
        /** No process listens there: the dial fails at once. */
        REFUSE,
        /** The machine is down: the dial is not answered at all. */
        SILENCE
    }

    /** The accepting half of a node's port. */
    public interface Acceptor {
        /** Asked when the dial arrives. */
        Answer answer();

        /** The stream is up; its end at side 1. */
        StreamEnd accept(Stream stream);
    }

    /** How a dial ended, at the dialler. */
    public interface Dialler {
        /** The stream is up; its end at side 0. Null if the dialler is gone meanwhile. */
        @Nullable
        StreamEnd connected(Stream stream);

        /** Refused, not answered in time, or broken before the dialler knew that it was up. */
        void failed(String reason);
    }

    private final EventHeap heap;
    private final Topology topology;
    private final Conditions conditions;
    private final Chance chance;
    private final Set<Stream> streams = new LinkedHashSet<>();
    /** Probability that a stalled stream breaks, rather than goes on, when the network heals. */
    private final double breakOnHeal;

    public VirtualNetwork(EventHeap heap, Topology topology, Conditions conditions, Chance chance) {
        this.heap = heap;
        this.topology = topology;
        this.conditions = conditions;
        this.chance = chance;
        this.breakOnHeal = chance.below(4) / 4.0;
        topology.onHeal(this::healed);
    }

    EventHeap heap() {
        return heap;
    }

    Topology topology() {
        return topology;
    }

    Conditions conditions() {
        return conditions;
    }

    Chance chance() {
        return chance;
    }

    /** Dials from {@code from} to {@code to}; exactly one method of {@code dialler} is called, later. */
    public void dial(int from, int to, Acceptor acceptor, Dialler dialler) {
        attempt(from, to, acceptor, dialler, 1);
    }

    private void attempt(int from, int to, Acceptor acceptor, Dialler dialler, int attempt) {
        heap.after(conditions.delayNanos(), () -> {
            Answer answer = topology.isCut(from, to) ? Answer.SILENCE : acceptor.answer();
            switch (answer) {
                case ACCEPT -> connect(from, to, acceptor, dialler);
                case REFUSE -> heap.after(conditions.delayNanos(), () -> dialler.failed("connection refused"));
                case SILENCE -> {
                    if (attempt == DIAL_ATTEMPTS) {
                        heap.after(RETRANSMIT_NANOS, () -> dialler.failed("connect timed out"));
                    } else {
                        heap.after(RETRANSMIT_NANOS, () -> attempt(from, to, acceptor, dialler, attempt + 1));
                    }
                }
            }
        });
    }

    private void connect(int from, int to, Acceptor acceptor, Dialler dialler) {
        Stream stream = new Stream(this, from, to, dialler);
        streams.add(stream);
        stream.establish(acceptor);
    }

    /** Breaks up to {@code count} streams, drawn at random. */
    public void breakSome(int count) {
        List<Stream> candidates = new ArrayList<>(streams);
        for (int i = 0; i < count && !candidates.isEmpty(); i++) {
            candidates.remove(chance.below(candidates.size())).reset("connection broken by the network");
        }
    }

    /** Streams in use, for tests and faults. */
    public void forEach(Consumer<Stream> visitor) {
        List.copyOf(streams).forEach(visitor);
    }

    void forgetIfOver(Stream stream) {
        if (stream.isOver()) {
            streams.remove(stream);
        }
    }

    /** The machine {@code node} answers again after a power loss. */
    public void machineBack(int node) {
        List.copyOf(streams).forEach(stream -> stream.machineBack(node));
    }

    private void healed() {
        streams.removeIf(Stream::isOver);
        for (Stream stream : List.copyOf(streams)) {
            stream.healed(breakOnHeal);
        }
    }
}
