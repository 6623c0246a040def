package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.compat.Servers;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * kill -9 of the leader's process, {@code -Dfaults.kills=N} times in a row: every write that was acknowledged is kept, and a server that
 * lives through all the elections, an observer, stays as it is: memory, threads, descriptors.
 */
@Timeout(7_200)
class KillFaults {
    private static final int VOTERS = 3;
    private static final int OBSERVER = 4;
    private static final int KILLS = Integer.getInteger("faults.kills", 100);

    /** Sessions that clients left open end later. */
    private static final long SLACK_BYTES = 8 << 20;

    /** Of a young generation not every page was touched at first. */
    private static final long SLACK_RESIDENT_BYTES = 96 << 20;

    private static final int SLACK_THREADS = 4;
    private static final int SLACK_DESCRIPTORS = 16;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void nothingAcknowledgedIsLostAndTheSurvivorStaysAsItIs() throws Exception {
        // Each start begins a log: a thousand of the usual size would fill disks.
        EnsembleProcess ensemble = SERVERS.create(
                "in-a-row",
                Collections.nCopies(VOTERS + 1, Servers.ours()),
                options -> options.withObservers(Set.of(OBSERVER)).withSetting("preAllocSize", "64"));
        try {
            ensemble.startAll();
            ensemble.awaitServing(Addresses.START_BOUND);
            KillsInARow row = KillsInARow.run(ensemble, ensemble.server(OBSERVER), KILLS);
            assertThat(row.acknowledged()).isGreaterThan(KILLS);
            isFlat(row.footprints());
        } finally {
            ensemble.close();
        }
    }

    private static void isFlat(List<ProcessFootprint> footprints) {
        ProcessFootprint first = footprints.get(0);
        ProcessFootprint last = footprints.get(footprints.size() - 1);
        assertThat(last.liveBytes()).as("heap").isLessThan(first.liveBytes() + SLACK_BYTES);
        assertThat(last.residentBytes()).as("resident").isLessThan(first.residentBytes() + SLACK_RESIDENT_BYTES);
        assertThat(last.threads()).as("threads").isLessThanOrEqualTo(first.threads() + SLACK_THREADS);
        assertThat(last.descriptors()).as("descriptors").isLessThanOrEqualTo(first.descriptors() + SLACK_DESCRIPTORS);
    }
}
