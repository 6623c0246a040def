package io.matriarch.sim.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventHeapTest {
    private final EventHeap heap = new EventHeap();
    private final List<String> happened = new ArrayList<>();

    @Test
    void eventsHappenByTimeAndThenInTheOrderOfScheduling() {
        heap.at(20, () -> happened.add("late"));
        heap.at(10, () -> happened.add("first"));
        heap.at(10, () -> happened.add("second"));
        heap.runUntil(15);
        assertThat(happened).containsExactly("first", "second");
        assertThat(heap.nowNanos()).isEqualTo(15);
        heap.runUntil(20);
        assertThat(happened).containsExactly("first", "second", "late");
    }

    @Test
    void aCancelledEventDoesNotHappen() {
        EventHeap.Scheduled scheduled = heap.after(5, () -> happened.add("never"));
        scheduled.cancel();
        heap.runUntil(10);
        assertThat(happened).isEmpty();
    }

    @Test
    void whatAnEventSchedulesForNowHappensNow() {
        heap.at(10, () -> heap.after(-3, () -> happened.add("at " + heap.nowNanos())));
        heap.runUntil(10);
        assertThat(happened).containsExactly("at 10");
    }

    @Test
    void forksDependOnSeedAndNameAlone() {
        Chance used = new Chance(1);
        used.nextLong();
        assertThat(used.fork("a").nextLong()).isEqualTo(new Chance(1).fork("a").nextLong());
        assertThat(used.fork("a").nextLong()).isNotEqualTo(used.fork("b").nextLong());
    }
}
