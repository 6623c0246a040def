package io.matriarch.sim.apache;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import org.junit.jupiter.api.Test;

/** What of its log an Apache leader gives a learner (zab.md 8.1, case 5), and what TRUNC leaves. */
class ApacheDiskTest {
    private final ApacheDisk disk = new ApacheDisk();

    private void logs(long epoch, int first, int last) {
        for (int counter = first; counter <= last; counter++) {
            disk.append(new LogEntry(Zxid.of(epoch, counter), Bytes.EMPTY));
        }
    }

    @Test
    void aLogThatReachesBackToTheLearnerGivesAllUpToWhatIsInMemory() {
        logs(1, 1, 9);
        assertThat(disk.entriesUpTo(Zxid.of(1, 7), Zxid.of(1, 3)))
                .extracting(entry -> entry.zxid().counter())
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void theFirstRecordMustNotBeAboveTheLearnersLast() {
        logs(1, 4, 9);
        assertThat(disk.entriesUpTo(Zxid.of(1, 7), Zxid.of(1, 3))).isNull();
    }

    @Test
    void aGapBeforeWhatIsInMemoryMakesItASnapshot() {
        logs(1, 1, 5);
        logs(1, 8, 9);
        assertThat(disk.entriesUpTo(Zxid.of(1, 7), Zxid.of(1, 3))).isNull();
    }

    @Test
    void nothingIsReadOverASnapshotOfALeader() {
        logs(1, 1, 5);
        disk.installed(Zxid.of(2, 0));
        logs(2, 1, 9);
        assertThat(disk.entriesUpTo(Zxid.of(2, 7), Zxid.of(1, 3))).isNull();
        assertThat(disk.entriesUpTo(Zxid.of(2, 7), Zxid.of(2, 1))).hasSize(12);
    }

    /** Seed 9003169: whoever is where that snapshot is has a transaction that the log lacks. */
    @Test
    void theLabelOfASnapshotIsNoRecord() {
        logs(1, 1, 5);
        disk.installed(Zxid.of(2, 1));
        logs(2, 2, 9);
        assertThat(disk.entriesUpTo(Zxid.of(2, 7), Zxid.of(2, 1))).isNull();
        assertThat(disk.entriesUpTo(Zxid.of(2, 7), Zxid.of(2, 2))).isNotNull();
    }

    /** Seed 30026805: cut with the snapshot that it had from a leader, a server was left with an empty tree. */
    @Test
    void aCutBelowTheLabelOfALeadersSnapshotKeepsWhatThatHolds() {
        DataTree tree = new DataTree();
        disk.takeSnapshot(tree, Zxid.of(2, 0));
        logs(2, 1, 1);
        disk.truncate(Zxid.of(1, 18), true);
        assertThat(disk.load().snapshotZxid()).isEqualTo(Zxid.of(1, 18));
        assertThat(disk.load().replayed()).isEmpty();
    }
}
