package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.Event.LogRead.Progress;
import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** zab.md R11: what of the log may be given to a learner, and what not. */
class LogReadTest {
    private static final String MARK = Histories.DIR + "/contiguous";

    private static Zxid z(long epoch, long counter) {
        return Zxid.of(epoch, counter);
    }

    private static Effect.ReadLog ask(long id, Zxid after, Zxid upTo) {
        return new Effect.ReadLog(id, after, upTo, 0);
    }

    /** All that is there between the two, or null if it is not, or not certainly. */
    private static List<Zxid> read(StorageLane lane, Zxid after, Zxid upTo) {
        List<Zxid> zxids = new ArrayList<>();
        while (true) {
            Event.LogRead piece = lane.readLog(ask(1, after, upTo));
            piece.entries().forEach(entry -> zxids.add(entry.zxid()));
            if (piece.progress() != Progress.MORE) {
                return piece.progress() == Progress.DONE ? zxids : null;
            }
        }
    }

    private static List<Zxid> zxids(long epoch, long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(c -> z(epoch, c)).toList();
    }

    private static void append(StorageLane lane, Zxid zxid) {
        lane.perform(Histories.append(zxid.value(), Histories.entry(zxid.value())));
    }

    /** Epochs 1 and 2, five records each, in two files. */
    private static MemoryFileSystem twoEpochs() {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane = Histories.open(files);
        zxids(1, 1, 5).forEach(zxid -> append(lane, zxid));
        lane.perform(new Effect.RollLog(1));
        zxids(2, 1, 5).forEach(zxid -> append(lane, zxid));
        lane.force();
        lane.close();
        return files;
    }

    private static void snapshot(StorageLane lane, Zxid zxid) {
        Histories.writePieces(lane, zxid.value(), zxid, List.of("up to " + zxid));
        lane.finishSnapshot(new Effect.FinishSnapshot(zxid.value(), zxid));
    }

    @Test
    void whatWeWroteIsThereFromItsFirstRecordOnAcrossFilesEpochsAndRestarts() {
        MemoryFileSystem files = twoEpochs();
        for (int start = 0; start < 2; start++) {
            StorageLane lane = Histories.open(files);
            assertThat(read(lane, z(2, 2), z(2, 4))).isEqualTo(zxids(2, 3, 4));
            assertThat(read(lane, z(1, 4), z(2, 1))).containsExactly(z(1, 5), z(2, 1));
            assertThat(read(lane, Zxid.ZERO, z(1, 5))).as("the empty database").isEqualTo(zxids(1, 1, 5));
            assertThat(read(lane, z(2, 0), z(2, 5)))
                    .as("the beginning of an epoch")
                    .isEqualTo(zxids(2, 1, 5));
            snapshot(lane, z(2, 5));
            lane.close();
        }
    }

    @Test
    void whatIsAppendedWhileItIsReadIsSeen() {
        StorageLane lane = Histories.open(twoEpochs());
        lane.perform(Histories.append(20, Histories.entry(z(2, 6), 1, 400_000)));
        append(lane, z(2, 7));
        lane.force();
        Event.LogRead first = lane.readLog(ask(7, z(2, 4), z(2, 7)));
        assertThat(first.progress()).as("a piece is not longer than it must be").isEqualTo(Progress.MORE);
        assertThat(first.entries()).extracting(LogEntry::zxid).containsExactly(z(2, 5), z(2, 6));
        assertThat(read(lane, z(1, 5), z(2, 1))).as("another reading").containsExactly(z(2, 1));
        assertThat(lane.readLog(ask(7, z(2, 4), z(2, 7))).entries()).hasSize(1);
    }

    /** One thread reads and forces: four megabytes took longer than followers wait for a leader. */
    @Test
    void theSearchForThePositionIsInterruptedForForces() {
        StorageLane lane = Histories.open(twoEpochs());
        for (long counter = 6; counter <= 9; counter++) {
            lane.perform(Histories.append(counter, Histories.entry(z(2, counter), 1, 400_000)));
        }
        append(lane, z(2, 10));
        lane.force();
        for (int step = 0; step < 4; step++) {
            Event.LogRead searched = lane.readLog(ask(7, z(2, 9), z(2, 10)));
            assertThat(searched.progress()).isEqualTo(Progress.MORE);
            assertThat(searched.entries()).isEmpty();
        }
        assertThat(lane.readLog(ask(7, z(2, 9), z(2, 10))).progress()).isEqualTo(Progress.DONE);
    }

    /** Each record once brought the file's first bytes into the window, and then its own again: 5 MB in a second. */
    @Test
    void aLongLogIsReadOnce() {
        MemoryFileSystem files = twoEpochs();
        StorageLane lane = Histories.open(files);
        zxids(2, 6, 2000).forEach(zxid -> lane.perform(Histories.append(zxid.value(), Histories.entry(zxid, 1, 1000))));
        lane.force();
        long before = files.bytesRead();
        assertThat(read(lane, z(2, 1999), z(2, 2000))).containsExactly(z(2, 2000));
        assertThat(files.bytesRead() - before).isLessThan(3L * 2000 * 1000);
    }

    @Test
    void aPositionThatIsNoRecordIsNotThere() {
        StorageLane lane = Histories.open(twoEpochs());
        assertThat(read(lane, z(1, 7), z(2, 5))).as("a branch").isNull();
        assertThat(read(lane, z(3, 0), z(3, 2)))
                .as("an epoch that we have nothing of")
                .isNull();
        assertThat(read(lane, z(2, 4), z(2, 9)))
                .as("an end that is not written")
                .isNull();
    }

    @Test
    void r11_aDirectoryWithoutOurMarkIsUnknownBeforeItsNewestSnapshot() throws IOException {
        MemoryFileSystem files = twoEpochs();
        StorageLane ours = Histories.open(files);
        snapshot(ours, z(2, 3));
        ours.close();
        files.delete(MARK);
        StorageLane lane = Histories.open(files);
        assertThat(read(lane, z(2, 2), z(2, 5))).isNull();
        assertThat(read(lane, z(2, 3), z(2, 5))).isEqualTo(zxids(2, 4, 5));
        append(lane, z(2, 6));
        lane.force();
        assertThat(read(lane, z(2, 4), z(2, 6))).isEqualTo(zxids(2, 5, 6));
    }

    /** ZOOKEEPER-2846: the hole ends where an epoch begins, so that no zxid tells of it. */
    @Test
    void d15_aHoleThatAnotherServerLeftAtAnEpochsBeginningIsNotPassedOn() {
        MemoryFileSystem files = twoEpochs();
        StorageLane ours = Histories.open(files);
        assertThat(read(ours, z(1, 4), z(2, 5))).isNotNull();
        ours.close();
        // What Apache leaves that was sent a snapshot at (4,0), having missed the rest of epoch 2 and all of epoch 3.
        byte[] mark = files.bytes(MARK);
        StorageLane apache = Histories.open(files);
        snapshot(apache, z(4, 0));
        apache.perform(new Effect.RollLog(50));
        zxids(4, 1, 3).forEach(zxid -> append(apache, zxid));
        apache.force();
        apache.close();
        files.put(MARK, mark);
        StorageLane lane = Histories.open(files);
        assertThat(read(lane, z(2, 4), z(4, 3))).isNull();
        assertThat(read(lane, z(4, 0), z(4, 3))).isEqualTo(zxids(4, 1, 3));
    }

    /** At the beginning of an epoch no zxid would tell of the hole; in the middle of one only the mark says that all is there. */
    @Test
    void nothingIsKnownBeforeASnapshotThatWasInstalled() {
        for (int label = 0; label < 3; label += 2) {
            MemoryFileSystem files = twoEpochs();
            StorageLane lane = Histories.open(files);
            Histories.writePieces(lane, 1, z(4, label), List.of("installed"));
            lane.perform(new Effect.InstallSnapshot(1, 1, z(4, label)));
            zxids(4, label + 1, label + 3).forEach(zxid -> append(lane, zxid));
            lane.force();
            requireKnownFrom(z(4, label), lane);
            lane.close();
            requireKnownFrom(z(4, label), Histories.open(files));
        }
    }

    private static void requireKnownFrom(Zxid start, StorageLane lane) {
        Zxid last = z(4, start.counter() + 3);
        assertThat(read(lane, z(2, 5), last)).isNull();
        assertThat(read(lane, Zxid.ZERO, last)).as("the empty database").isNull();
        assertThat(read(lane, start, last)).isEqualTo(zxids(4, start.counter() + 1, last.counter()));
    }

    @Test
    void afterACutTheLogGoesOnWithoutAHole() {
        StorageLane lane = Histories.open(twoEpochs());
        lane.perform(new Effect.Truncate(1, z(2, 2)));
        zxids(3, 1, 2).forEach(zxid -> append(lane, zxid));
        lane.force();
        assertThat(read(lane, z(1, 5), z(3, 2))).containsExactly(z(2, 1), z(2, 2), z(3, 1), z(3, 2));
        assertThat(read(lane, z(2, 3), z(3, 2)))
                .as("what was cut is no position")
                .isNull();
    }

    @Test
    void aLogThatWasPurgedIsNotTakenForTheBeginning() throws IOException {
        MemoryFileSystem files = twoEpochs();
        StorageLane ours = Histories.open(files);
        snapshot(ours, z(2, 2));
        ours.close();
        files.delete(Histories.LOG_DIR + "/log.100000001");
        StorageLane lane = Histories.open(files);
        assertThat(read(lane, Zxid.ZERO, z(2, 5))).isNull();
        assertThat(read(lane, z(2, 1), z(2, 5))).isEqualTo(zxids(2, 2, 5));
    }

    @Test
    void moreThanItsShareOfTheSnapshotIsNotRead() {
        StorageLane lane = Histories.open(twoEpochs());
        snapshot(lane, z(2, 5));
        Effect.ReadLog tooLong = new Effect.ReadLog(1, z(1, 2), z(2, 5), 0.33);
        assertThat(lane.readLog(tooLong).progress()).isEqualTo(Progress.UNAVAILABLE);
        Effect.ReadLog inTheLastFile = new Effect.ReadLog(2, z(2, 2), z(2, 5), 0.33);
        assertThat(lane.readLog(inTheLastFile).progress())
                .as("Compat: the first file does not count")
                .isEqualTo(Progress.DONE);
    }
}
