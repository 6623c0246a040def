package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.entries;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.port.Effect;
import org.junit.jupiter.api.Test;

/** disk.md 4: between two snapshots there are snapCount transactions at most, however often the server was started meanwhile. */
class SnapshotClausesTest {
    private static final int SNAP_COUNT = 20;

    private static boolean takesSnapshotAtOnce(MemoryDisk disk) {
        PeerFixture alone = new PeerFixture(1, 1, disk.epochs(1, 1)).withSnapCount(SNAP_COUNT);
        assertThat(alone.status().isServing()).isTrue();
        return alone.effects().stream().anyMatch(Effect.FinishSnapshot.class::isInstance);
    }

    @Test
    void whatAStartReplaysCounts() {
        assertThat(takesSnapshotAtOnce(new MemoryDisk().log(entries(1, 1, SNAP_COUNT))))
                .isTrue();
        assertThat(takesSnapshotAtOnce(new MemoryDisk().log(entries(1, 1, SNAP_COUNT / 2 - 1))))
                .isFalse();
    }

    @Test
    void whatTheSnapshotHoldsDoesNotCount() {
        MemoryDisk disk =
                new MemoryDisk().snapshot(z(1, 100), entries(1, 1, 100)).log(entries(1, 101, 105));
        assertThat(takesSnapshotAtOnce(disk)).isFalse();
    }
}
