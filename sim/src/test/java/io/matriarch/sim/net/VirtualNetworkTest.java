package io.matriarch.sim.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.sim.time.Chance;
import io.matriarch.sim.time.EventHeap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VirtualNetworkTest {
    private static final long SECOND = 1_000_000_000L;

    private final EventHeap heap = new EventHeap();
    private final Topology topology = new Topology();
    private final End dialled = new End();
    private final End accepted = new End();
    private VirtualNetwork network;
    private Stream stream;
    private String failure = "";
    private VirtualNetwork.Answer answer = VirtualNetwork.Answer.ACCEPT;

    private static final class End implements StreamEnd {
        final List<Object> received = new ArrayList<>();
        String closed = "";

        @Override
        public void received(Object message) {
            received.add(message);
        }

        @Override
        public void closed(String reason) {
            closed = reason;
        }
    }

    @BeforeEach
    void dial() {
        network = new VirtualNetwork(heap, topology, new Conditions(new Chance(1)), new Chance(2));
        redial();
    }

    private void redial() {
        stream = null;
        network.dial(
                1,
                2,
                new VirtualNetwork.Acceptor() {
                    @Override
                    public VirtualNetwork.Answer answer() {
                        return answer;
                    }

                    @Override
                    public StreamEnd accept(Stream up) {
                        up.send(1, "welcome");
                        return accepted;
                    }
                },
                new VirtualNetwork.Dialler() {
                    @Override
                    public StreamEnd connected(Stream up) {
                        stream = up;
                        return dialled;
                    }

                    @Override
                    public void failed(String reason) {
                        failure = reason;
                    }
                });
    }

    private void pass(long seconds) {
        heap.runUntil(heap.nowNanos() + seconds * SECOND);
    }

    @Test
    void messagesArriveInOrder() {
        pass(1);
        List<Object> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(i);
            stream.send(0, i);
        }
        pass(1);
        assertThat(accepted.received).isEqualTo(sent);
        assertThat(dialled.received).containsExactly("welcome");
    }

    @Test
    void closingComesAfterWhatWasSent() {
        pass(1);
        stream.send(0, "last");
        stream.close(0, "done");
        stream.send(0, "too late");
        pass(1);
        assertThat(accepted.received).containsExactly("last");
        assertThat(accepted.closed).isEqualTo("done");
    }

    @Test
    void aBlockedDirectionHoldsBackAndTheOtherGoesOn() {
        pass(1);
        topology.block(1, 2);
        stream.send(0, "held");
        stream.send(1, "through");
        pass(10);
        assertThat(accepted.received).isEmpty();
        assertThat(dialled.received).containsExactly("welcome", "through");
        topology.heal();
        pass(1);
        assertThat(accepted.received.equals(List.of("held")) || !accepted.closed.isEmpty())
                .as("goes on or breaks")
                .isTrue();
    }

    @Test
    void aCrashTellsTheOtherSide() {
        pass(1);
        stream.crash(0);
        pass(1);
        assertThat(accepted.closed).isEqualTo("connection reset");
        assertThat(dialled.closed).isEmpty();
    }

    @Test
    void aVanishedMachineIsNoticedOnlyWhenItIsBack() {
        pass(1);
        stream.vanish(0);
        pass(10);
        assertThat(accepted.closed).isEmpty();
        network.machineBack(1);
        pass(1);
        assertThat(accepted.closed).isEqualTo("connection reset");
    }

    @Test
    void aDialIsRefusedAtOnceAndTimesOutInSilence() {
        pass(1);
        answer = VirtualNetwork.Answer.REFUSE;
        redial();
        pass(1);
        assertThat(failure).isEqualTo("connection refused");
        answer = VirtualNetwork.Answer.SILENCE;
        failure = "";
        redial();
        pass(1);
        assertThat(failure).isEmpty();
        pass(3);
        assertThat(failure).isEqualTo("connect timed out");
    }
}
