package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import io.matriarch.storage.MemoryFileSystem.Loss;
import io.matriarch.storage.MemoryFileSystem.Stopped;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a purge removes and what never (disk.md 6, scenarios 19 and 28; LESSONS 37). */
class PurgeTest {
    /** Snapshots at 0, 4, 8, 12, 16 and logs from 1, 5, 9, 13, 17, the last up to 18; all of epoch 1. */
    private static MemoryFileSystem directory() {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane = Histories.open(files);
        for (int snapshot = 1; snapshot <= 4; snapshot++) {
            appendFrom(lane, 4 * snapshot - 3, 4 * snapshot);
            lane.perform(new Effect.RollLog(100 + snapshot));
            Zxid zxid = Zxid.of(1, 4L * snapshot);
            Histories.writePieces(lane, snapshot, zxid, List.of("to" + snapshot));
            lane.finishSnapshot(new Effect.FinishSnapshot(snapshot, zxid));
        }
        appendFrom(lane, 17, 18);
        lane.close();
        return files;
    }

    private static void appendFrom(StorageLane lane, int from, int to) {
        Histories.appendRange(lane, Zxid.of(1, from).value(), Zxid.of(1, to).value());
    }

    private static Purge purge(FileSystem files, int retained) {
        return new Purge(files, Histories.options(), retained);
    }

    private static int run(FileSystem files, int retained) throws IOException {
        Purge purge = purge(files, retained);
        return purge.perform(purge.plan());
    }

    private static void damage(MemoryFileSystem files, String name) {
        byte[] bytes = files.bytes(Histories.DIR + "/" + name);
        bytes[bytes.length / 2] ^= 1;
        files.put(Histories.DIR + "/" + name, bytes);
    }

    @Test
    void scenario28TheNewestSnapshotsStayWithTheLogsThatLeadOnFromTheOldestOfThem() throws IOException {
        MemoryFileSystem files = directory();
        assertThat(run(files, 3)).isEqualTo(3);
        assertThat(files.list(Histories.DIR))
                .contains("snapshot.10000000c", "snapshot.100000010", "snapshot.100000008")
                .doesNotContain("snapshot.0", "snapshot.100000004");
        // log.100000005 is the newest that starts at or below the oldest snapshot, and ends there.
        assertThat(files.list(Histories.LOG_DIR))
                .containsExactly("log.100000005", "log.100000009", "log.10000000d", "log.100000011");
        assertThat(Histories.recover(files).history()).containsExactly("to4", "0x100000011:1", "0x100000012:1");
        assertThat(run(files, 3)).isZero();
    }

    @Test
    void aDirectoryWithFewerSnapshotsLosesNothing() throws IOException {
        MemoryFileSystem files = directory();
        assertThat(purge(files, 5).plan().removable()).isEmpty();
        assertThat(purge(files, 100).plan().removable()).isEmpty();
    }

    @Test
    void brokenSnapshotsDoNotCountSoThatTheWholeOnesBelowThemStay() throws IOException {
        MemoryFileSystem files = directory();
        damage(files, "snapshot.100000010");
        damage(files, "snapshot.10000000c");
        Purge.Plan plan = purge(files, 3).plan();
        assertThat(plan.kept())
                .containsExactly(
                        Histories.DIR + "/snapshot.100000008",
                        Histories.DIR + "/snapshot.100000004",
                        Histories.DIR + "/snapshot.0");
        assertThat(plan.broken())
                .containsExactly(Histories.DIR + "/snapshot.100000010", Histories.DIR + "/snapshot.10000000c");
        assertThat(plan.removable()).isEmpty();
    }

    @Test
    void whereOnlyBrokenSnapshotsAreNothingGoes() throws IOException {
        MemoryFileSystem files = directory();
        for (String name : List.of("snapshot.0", "snapshot.100000004", "snapshot.100000008", "snapshot.10000000c")) {
            damage(files, name);
        }
        damage(files, "snapshot.100000010");
        assertThat(purge(files, 3).plan().removable()).isEmpty();
    }

    @Test
    void aSnapshotThatWasWholeIsReadAgainWhenItChanged() throws IOException {
        MemoryFileSystem files = directory();
        Purge purge = purge(files, 3);
        assertThat(purge.plan().broken()).isEmpty();
        files.put(Histories.DIR + "/snapshot.100000010", new byte[20]);
        assertThat(purge.plan().broken()).containsExactly(Histories.DIR + "/snapshot.100000010");
    }

    @Test
    void filesThatVanishedMeanwhileAreNoError() throws IOException {
        MemoryFileSystem files = directory();
        Purge purge = purge(files, 3);
        Purge.Plan plan = purge.plan();
        files.remove(Histories.DIR + "/snapshot.0");
        assertThat(purge.perform(plan)).isEqualTo(2);
    }

    @Test
    void nothingGoesWhenTheHistoryWasReplacedMeanwhile() throws IOException {
        MemoryFileSystem files = directory();
        Purge purge = purge(files, 3);
        Purge.Plan plan = purge.plan();
        StorageLane lane = Histories.open(files);
        Zxid older = Zxid.of(1, 4);
        Histories.writePieces(lane, 1, older, List.of("another"));
        lane.perform(new Effect.InstallSnapshot(1, 1, older));
        lane.close();

        assertThat(purge.perform(plan)).isZero();
        assertThat(Histories.recover(files).history()).containsExactly("another");
    }

    @Test
    void fewerThanThreeAreNeverKept() {
        assertThatThrownBy(() -> purge(directory(), 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scenario19WhereverThePowerGoesNothingNeededIsMissing() throws IOException {
        List<String> expected = Histories.recover(directory()).history();
        for (long n = 1; n <= 4; n++) {
            MemoryFileSystem files = directory().stopAt(n);
            try {
                run(files, 3);
                assertThat(n).isGreaterThan(3);
            } catch (Stopped stopped) {
                assertThat(n).isLessThanOrEqualTo(3);
            }
            for (int seed = 0; seed < 50; seed++) {
                MemoryFileSystem after = files.afterPowerLoss(Loss.SOME, new Random(seed));
                assertThat(Histories.recover(after).history())
                        .as("stopped at operation %d, seed %d", n, seed)
                        .isEqualTo(expected);
            }
        }
    }
}
