package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thousand elections in a row ({@code -Dfaults.elections=N} for more), and memory, threads and descriptors stay flat: what servers hold
 * is bounded, whatever they went through.
 */
@Timeout(3_600)
class ElectionFaults {
    private static final int ELECTIONS = Integer.getInteger("faults.elections", 1_000);

    /** Sessions that clients left open end later, and a collection does not find everything. */
    private static final long SLACK_BYTES = 8 << 20;

    private static final int SLACK_THREADS = 4;
    private static final int SLACK_DESCRIPTORS = 16;

    @Test
    void leadersThatAreKilledAndStartAgain() throws Exception {
        isFlat(ElectionsInARow.run("killed", ELECTIONS, new ElectionsInARow.Killed()));
    }

    @Test
    void leadersThatAreCutOffAndJoinAgain() throws Exception {
        isFlat(ElectionsInARow.run("cut off", ELECTIONS, new ElectionsInARow.CutOff()));
    }

    private static void isFlat(ElectionsInARow row) {
        System.out.println(row);
        List<Footprint> all = row.footprints();
        Footprint first = all.get(0);
        Footprint last = all.get(all.size() - 1);
        assertThat(last.heapBytes()).as("heap").isLessThan(first.heapBytes() + SLACK_BYTES);
        assertThat(last.directBytes()).as("direct memory").isLessThan(first.directBytes() + SLACK_BYTES);
        assertThat(last.threads()).as("threads").isLessThanOrEqualTo(first.threads() + SLACK_THREADS);
        assertThat(last.descriptors()).as("descriptors").isLessThanOrEqualTo(first.descriptors() + SLACK_DESCRIPTORS);
    }
}
