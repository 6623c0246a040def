package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import io.matriarch.wire.Zxid;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Truncation, installation of a snapshot, and a disk that fails (disk.md R9, zab.md R16 and R17). */
class HistoryChangeTest {
    private static Zxid zxid(int counter) {
        return Zxid.of(1, counter);
    }

    /** Records 1 to 9 in three files, snapshots at 0, 3 and 6. */
    private static MemoryFileSystem threeFiles() {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane = Histories.open(files);
        for (int part = 0; part < 3; part++) {
            Histories.appendRange(
                    lane, zxid(3 * part + 1).value(), zxid(3 * part + 3).value());
            lane.perform(new Effect.RollLog(100 + part));
            if (part < 2) {
                Histories.writePieces(lane, part, lane.lastLogged(), List.of("up to " + lane.lastLogged()));
                lane.finishSnapshot(new Effect.FinishSnapshot(part, lane.lastLogged()));
            }
        }
        lane.close();
        return files;
    }

    @Test
    void scenario27TruncationRemovesAllThatIsAboveTheTarget() {
        MemoryFileSystem files = threeFiles();
        StorageLane lane = Histories.open(files);
        lane.perform(new Effect.Truncate(1, zxid(5)));
        assertThat(files.list(Histories.LOG_DIR)).containsExactly("log.100000001", "log.100000004");
        assertThat(files.list(Histories.DIR)).contains("snapshot.100000003").doesNotContain("snapshot.100000006");
        assertThat(files.bytes(Histories.LOG_DIR + "/log.100000004")).hasSize(16 + 2 * 85);
        RecoveredHistory found = new RecoveredHistory();
        lane.reload(found);
        assertThat(found.base).isEqualTo(zxid(3));
        assertThat(found.zxids()).containsExactly(zxid(4), zxid(5));
        assertThat(lane.lastLogged()).isEqualTo(zxid(5));
    }

    @Test
    void truncationToASnapshotKeepsExactlyIt() {
        MemoryFileSystem files = threeFiles();
        StorageLane lane = Histories.open(files);
        lane.perform(new Effect.Truncate(1, zxid(6)));
        RecoveredHistory found = new RecoveredHistory();
        lane.reload(found);
        assertThat(found.base).isEqualTo(zxid(6));
        assertThat(found.entries).isEmpty();
    }

    @Test
    void afterTruncationTheSameZxidsAreWrittenAnew() {
        MemoryFileSystem files = threeFiles();
        StorageLane lane = Histories.open(files);
        lane.perform(new Effect.Truncate(1, zxid(5)));
        lane.perform(Histories.append(2, Histories.entry(zxid(6), 2, 10)));
        lane.force();
        assertThat(Histories.recover(files).history()).endsWith(zxid(6) + ":2");
    }

    @Test
    void r17WithoutABaseBelowTheTargetTheServerHasNoHistory() {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane = Histories.open(files);
        lane.perform(new Effect.StoreAcceptedEpoch(0, 1));
        lane.perform(new Effect.StoreCurrentEpoch(0, 1));
        Histories.writePieces(lane, 1, zxid(5), List.of("installed"));
        lane.perform(new Effect.InstallSnapshot(1, 1, zxid(5)));
        Histories.appendRange(lane, zxid(6).value(), zxid(8).value());
        lane.perform(new Effect.Truncate(2, zxid(4)));
        RecoveredHistory found = new RecoveredHistory();
        lane.reload(found);
        assertThat(found.isTrusted).isFalse();
        assertThat(found.history()).isEmpty();
        assertThat(found.currentEpoch).isEqualTo(1);
        assertThat(files.list(Histories.DIR)).contains("aside.snapshot.100000005");
        assertThatThrownBy(() -> lane.perform(Histories.append(3, Histories.entry(zxid(5).value()))))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void aServerWithoutHistoryIsRepairedByASnapshot() {
        MemoryFileSystem files = threeFiles();
        byte[] log = files.bytes(Histories.LOG_DIR + "/log.100000007");
        log[40] ^= 1;
        files.put(Histories.LOG_DIR + "/log.100000007", log);
        StorageOptions options = Histories.options().withDamageSetAside(true);
        RecoveredHistory broken = new RecoveredHistory();
        StorageLane lane = StorageLane.open(files, options, broken);
        assertThat(broken.isTrusted).isFalse();
        Histories.writePieces(lane, 1, Zxid.of(2, 0), List.of("repaired"));
        lane.perform(new Effect.InstallSnapshot(1, 1, Zxid.of(2, 0)));
        lane.perform(Histories.append(2, Histories.entry(Zxid.of(2, 1), 1, 10)));
        assertThat(lane.force()).isEqualTo(2);
        RecoveredHistory found = Histories.recover(files);
        assertThat(found.isTrusted).isTrue();
        assertThat(found.history()).containsExactly("repaired", "0x200000001:1");
    }

    @Test
    void r16NoOlderRecordIsReplayedAboveAnInstalledSnapshot() {
        MemoryFileSystem files = threeFiles();
        StorageLane lane = Histories.open(files);
        Histories.writePieces(lane, 7, zxid(7), List.of("leader"));
        lane.perform(new Effect.InstallSnapshot(1, 7, zxid(7)));
        assertThat(files.list(Histories.LOG_DIR)).isEmpty();
        lane.perform(Histories.append(2, Histories.entry(zxid(8), 2, 10)));
        lane.force();
        RecoveredHistory found = Histories.recover(files);
        assertThat(found.history()).containsExactly("leader", zxid(8) + ":2");
        assertThat(files.list(Histories.LOG_DIR)).containsExactly("log.100000008");
    }

    @Test
    void anUnfinishedSnapshotIsNotInstalled() {
        MemoryFileSystem files = threeFiles();
        StorageLane lane = Histories.open(files);
        lane.writeSnapshot(new Effect.WriteSnapshot(
                7, zxid(7), Histories.snapshotOf(List.of()).get(0)));
        assertThatThrownBy(() -> lane.perform(new Effect.InstallSnapshot(1, 7, zxid(7))))
                .isInstanceOf(StorageException.class);
        assertThat(Histories.recover(files).zxids()).last().isEqualTo(zxid(9));
    }

    @Test
    void aSnapshotOfOurOwnIsForgottenWhenTheHistoryIsReplaced() {
        MemoryFileSystem files = threeFiles();
        StorageLane lane = Histories.open(files);
        Histories.writePieces(lane, 8, zxid(9), List.of("old history"));
        lane.perform(new Effect.Truncate(1, zxid(5)));
        lane.finishSnapshot(new Effect.FinishSnapshot(8, zxid(9)));
        assertThat(files.list(Histories.DIR)).doesNotContain("snapshot.100000009");
    }

    @Test
    void afterAFailedWriteTheLaneDoesNothingMore() {
        MemoryFileSystem files = Histories.directoryWith(3);
        StorageLane lane = Histories.open(files);
        lane.perform(Histories.append(1, Histories.entry(zxid(4), 1, 10)));
        files.failNext();
        assertThatThrownBy(lane::force)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("log.100000001")
                .hasMessageContaining("No space left");
        assertThatThrownBy(lane::force).hasMessageContaining("No space left");
        assertThatThrownBy(() -> lane.perform(new Effect.StoreCurrentEpoch(2, 9)))
                .hasMessageContaining("No space left");
    }

    @Test
    void scenario22ADiskFullAtAnyMomentOfAChangeLeavesADirectoryThatOpens() {
        for (int n = 1; n < 60; n++) {
            MemoryFileSystem files = threeFiles();
            StorageLane lane = Histories.open(files);
            files.failAt(n);
            List<String> before = Histories.recover(files.copy()).history();
            try {
                Histories.writePieces(lane, 8, zxid(9), before);
                lane.perform(new Effect.Truncate(1, zxid(5)));
                Histories.writePieces(lane, 9, Zxid.of(2, 0), List.of("leader"));
                lane.perform(new Effect.InstallSnapshot(2, 9, Zxid.of(2, 0)));
            } catch (StorageException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
            RecoveredHistory found = Histories.recover(files.afterProcessDeath());
            assertThat(found.isTrusted).isTrue();
            assertThat(found.history())
                    .isIn(before, List.of("up to " + zxid(3), zxid(4) + ":1", zxid(5) + ":1"), List.of("leader"));
        }
    }

    @Test
    void appendsAscend() {
        MemoryFileSystem files = Histories.directoryWith(3);
        StorageLane lane = Histories.open(files);
        assertThatThrownBy(() -> lane.perform(Histories.append(1, Histories.entry(zxid(3).value()))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(zxid(3).toString());
    }

    @Test
    void aGroupIsOneWriteAndOneForce() {
        MemoryFileSystem files = Histories.directoryWith(3);
        StorageLane lane = Histories.open(files);
        Histories.appendRange(lane, zxid(4).value(), zxid(4).value());
        long before = files.operations();
        Histories.appendRange(lane, zxid(5).value(), zxid(24).value());
        assertThat(files.operations() - before).isEqualTo(2);
    }

    @Test
    void forceReturnsTheTicketOfTheLastEffect() {
        StorageLane lane = Histories.open(Histories.directoryWith(0));
        assertThat(lane.force()).isZero();
        lane.perform(Histories.append(7, Histories.entry(zxid(1).value())));
        assertThat(lane.force()).isEqualTo(7);
        lane.perform(new Effect.StoreAcceptedEpoch(8, 3));
        assertThat(lane.force()).isEqualTo(8);
    }
}
