package io.matriarch.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Level 0: monotonic clocks begin anywhere, below zero too, and may wrap. */
class NowTest {
    @Test
    void aDeadlineIsReachedWhereverTheClockBegan() {
        for (long origin : new long[] {0, -5, 5, Long.MIN_VALUE + 5, Long.MAX_VALUE - 2}) {
            Now now = new Now(origin, 0);
            assertThat(now.isAtOrAfter(origin)).isTrue();
            assertThat(now.isAtOrAfter(origin - 1)).isTrue();
            assertThat(now.isAtOrAfter(origin + 1)).isFalse();
        }
    }

    @Test
    void noDeadlineIsNeverReached() {
        for (long nanos : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            assertThat(new Now(nanos, 0).isAtOrAfter(Long.MAX_VALUE)).isFalse();
        }
    }
}
