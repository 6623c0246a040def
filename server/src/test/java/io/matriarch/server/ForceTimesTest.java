package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForceTimesTest {
    private final ForceTimes times = new ForceTimes();

    @Test
    void withoutAForceThereIsNoLatency() {
        assertThat(times.latency()).isEqualTo(new ForceTimes.Latency(0, 0, 0));
    }

    @Test
    void medianAndMaximumAreOfTheLast256() {
        times.took(9_000_000_000L);
        for (int i = 1; i <= ForceTimes.KEPT; i++) {
            times.took(i * 1000L);
        }

        assertThat(times.latency()).isEqualTo(new ForceTimes.Latency(257, 129, 256));
    }
}
