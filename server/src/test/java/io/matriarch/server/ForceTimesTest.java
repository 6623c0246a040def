package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForceTimesTest {
    private final ForceTimes times = new ForceTimes(1000);

    @Test
    void withoutAForceThereIsNoLatency() {
        assertThat(times.latency()).isEqualTo(new ForceTimes.Latency(0, 0, 0, 0));
    }

    @Test
    void medianAndMaximumAreOfTheLast256() {
        assertThat(times.took(9_000_000_000L)).as("slow").isTrue();
        assertThat(times.took(1_000_000_000L)).as("as long as allowed").isFalse();
        for (int i = 1; i <= ForceTimes.KEPT; i++) {
            times.took(i * 1000L);
        }

        assertThat(times.latency()).isEqualTo(new ForceTimes.Latency(258, 129, 256, 1));
    }
}
