package io.matriarch.core.zab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** disk.md 4: a snapshot after snapCount transactions or snapSizeLimitInKb of them, or a little sooner. */
class SnapshotPaceTest {
    /** The first number that is due, counted from {@code begun}. */
    private static long firstDueCount(SnapshotPace pace, long begun, long bytesEach) {
        long count = begun;
        while (!pace.isDue(count, count * bytesEach)) {
            count++;
        }
        return count - begun;
    }

    @Test
    void dueBetweenHalfTheCountAndAllOfItAndDrawnAnewEachTime() {
        SnapshotPace pace = new SnapshotPace(100, 0, new Random(3));
        Set<Long> seen = new TreeSet<>();
        long begun = 0;
        for (int i = 0; i < 300; i++) {
            long due = firstDueCount(pace, begun, 1_000_000);
            assertThat(due).isBetween(50L, 100L);
            seen.add(due);
            begun += due;
            pace.begun(begun, begun * 1_000_000);
        }
        assertThat(seen).hasSizeGreaterThan(40);
    }

    @Test
    void dueBetweenHalfTheSizeAndAllOfItIfThatComesFirst() {
        SnapshotPace pace = new SnapshotPace(1_000_000, 1000, new Random(3));
        Set<Long> seen = new TreeSet<>();
        long begun = 0;
        for (int i = 0; i < 300; i++) {
            long due = firstDueCount(pace, begun, 10);
            assertThat(due).isBetween(50L, 100L);
            seen.add(due);
            begun += due;
            pace.begun(begun, begun * 10);
        }
        assertThat(seen).hasSizeGreaterThan(40);
    }

    @Test
    void theLeastCountIsAlwaysDueInTime() {
        assertThat(firstDueCount(new SnapshotPace(2, -1, new Random(1)), 0, 1)).isEqualTo(1);
    }
}
