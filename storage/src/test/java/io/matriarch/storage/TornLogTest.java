package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.LogFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The end of a log after a crash, and damage that is no such end (disk.md 2.5, scenarios 14 to 18). */
class TornLogTest {
    @Test
    void aLogAboveItsSizeLimitIsFollowedByAnotherAfterTheForce() {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane =
                StorageLane.open(files, Histories.options().withMaxLogFileBytes(400), new RecoveredHistory());
        for (long zxid = 0x1_0000_0001L; zxid <= 0x1_0000_0014L; zxid++) {
            lane.perform(Histories.append(zxid, Histories.entry(zxid)));
            if (new Zxid(zxid).counter() % 5 == 0) {
                lane.force();
            }
        }
        lane.force();
        lane.close();
        assertThat(files.list(Histories.LOG_DIR))
                .containsExactly("log.100000001", "log.100000006", "log.10000000b", "log.100000010");
        assertThat(Histories.recover(files).entries).hasSize(20);
    }

    private static final String LOG = Histories.LOG_DIR + "/log.100000001";
    /** 13 bytes of frame, 32 of header, 40 of body. */
    private static final int RECORD_BYTES = 85;

    private static final int RECORDS = 5;

    private static int startOf(int record) {
        return LogFormat.HEADER_BYTES + record * RECORD_BYTES;
    }

    private static MemoryFileSystem with(byte[] log) {
        MemoryFileSystem files = Histories.directoryWith(RECORDS);
        files.put(LOG, log);
        return files;
    }

    private static byte[] log() {
        return Histories.directoryWith(RECORDS).bytes(LOG);
    }

    private static Zxid zxid(int counter) {
        return Zxid.of(1, counter);
    }

    @Test
    void scenario14ARecordCutAtAnyByteIsCutOff() {
        byte[] whole = log();
        for (int cut = startOf(4); cut < startOf(5); cut++) {
            for (boolean hasZeros : new boolean[] {false, true}) {
                byte[] log = Arrays.copyOf(Arrays.copyOf(whole, cut), hasZeros ? whole.length : cut);
                MemoryFileSystem files = with(log);
                RecoveredHistory found = Histories.recover(files);
                assertThat(found.zxids()).as("cut at %d", cut).last().isEqualTo(zxid(4));
                assertThat(files.bytes(LOG)).startsWith(Arrays.copyOf(whole, startOf(4)));
                assertThat(onlyZeros(files.bytes(LOG), startOf(4))).isTrue();
                assertThat(files.afterPowerLoss(MemoryFileSystem.Loss.ALL, new Random(0))
                                .bytes(LOG))
                        .isEqualTo(files.bytes(LOG));
            }
        }
    }

    private static boolean onlyZeros(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void scenario15ALastRecordWithGoodEndMarkAndBadChecksumIsCutOff() {
        byte[] log = log();
        log[startOf(4) + 30] ^= 1;
        MemoryFileSystem files = with(log);
        assertThat(Histories.recover(files).zxids()).last().isEqualTo(zxid(4));
        assertThat(files.bytes(LOG)).hasSize(startOf(4));
    }

    @Test
    void scenario16AnyFlippedByteBeforeTheLastRecordIsRefusedByName() {
        byte[] whole = log();
        for (int at = startOf(1); at < startOf(4); at++) {
            byte[] log = whole.clone();
            log[at] ^= (byte) 0xA5;
            int record = (at - LogFormat.HEADER_BYTES) / RECORD_BYTES;
            MemoryFileSystem files = with(log);
            assertThatThrownBy(() -> Histories.recover(files))
                    .as("byte %d", at)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(LOG)
                    .hasMessageContaining("offset " + startOf(record))
                    .hasMessageContaining("zxid " + zxid(record + 2));
            assertThat(files.bytes(LOG)).isEqualTo(log);
        }
    }

    @Test
    void aFlippedBitOfAnyPositionIsRefusedToo() {
        byte[] whole = log();
        for (int bit = startOf(2) * 8; bit < startOf(3) * 8; bit++) {
            byte[] log = whole.clone();
            log[bit / 8] ^= (byte) (1 << bit % 8);
            MemoryFileSystem files = with(log);
            assertThatThrownBy(() -> Histories.recover(files)).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void aFlippedByteAmongZerosIsStillRefused() {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane = Histories.open(files);
        for (int counter = 1; counter <= 3; counter++) {
            JuteWriter out = new JuteWriter();
            out.writeRaw(Histories.entry(zxid(counter), 1, 0).payload());
            out.writeRaw(Bytes.wrap(new byte[2000]));
            lane.perform(Histories.append(counter, new LogEntry(zxid(counter), out.toBytes())));
        }
        lane.force();
        byte[] whole = files.bytes(LOG);
        int recordBytes = LogFormat.RECORD_OVERHEAD_BYTES + 2032;
        for (int at = startOf(0) + recordBytes; at < startOf(0) + 2 * recordBytes; at++) {
            byte[] log = whole.clone();
            log[at] ^= 0x24;
            MemoryFileSystem damaged = with(log);
            assertThatThrownBy(() -> Histories.recover(damaged))
                    .as("byte %d", at)
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void damageInTheHeaderIsRefusedByName() {
        byte[] log = log();
        log[1] = 0;
        MemoryFileSystem files = with(log);
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(LOG)
                .hasMessageContaining("magic");
    }

    @Test
    void r4DamageMaySetEverythingAsideAndLeaveAServerWithoutHistory() {
        byte[] log = log();
        log[startOf(1) + 20] ^= 1;
        MemoryFileSystem files = with(log);
        StorageOptions options = Histories.options().withDamageSetAside(true);
        for (int start = 0; start < 2; start++) {
            RecoveredHistory found = Histories.recover(files, options);
            assertThat(found.isTrusted).isFalse();
            assertThat(found.base).isEqualTo(Zxid.ZERO);
            assertThat(found.history()).isEmpty();
            assertThat(found.acceptedEpoch).isEqualTo(0);
        }
        assertThat(files.bytes(Histories.LOG_DIR + "/aside.log.100000001")).isEqualTo(log);
        assertThat(Histories.recover(files).isTrusted).isFalse();
    }

    @Test
    void scenario18AnEmptyOrShortLastLogIsRemoved() {
        for (int size : new int[] {0, 1, 8, 15, 16}) {
            MemoryFileSystem files = Histories.directoryWith(RECORDS);
            String last = Histories.LOG_DIR + "/log.100000006";
            files.put(last, Arrays.copyOf(log(), size));
            assertThat(Histories.recover(files).zxids()).as("%d bytes", size).hasSize(RECORDS);
            assertThat(files.exists(last)).isFalse();
        }
    }

    @Test
    void aLastLogWithAPartOfItsHeaderAndZerosIsRemoved() {
        for (int written = 0; written < LogFormat.HEADER_BYTES; written++) {
            MemoryFileSystem files = Histories.directoryWith(RECORDS);
            String last = Histories.LOG_DIR + "/log.100000006";
            files.put(last, Arrays.copyOf(Arrays.copyOf(log(), written), 4096));
            assertThat(Histories.recover(files).zxids()).as("%d bytes", written).hasSize(RECORDS);
            assertThat(files.exists(last)).isFalse();
        }
    }

    @Test
    void aLastLogWhoseFirstSectorWasNeverWrittenIsRemoved() {
        MemoryFileSystem files = Histories.directoryWith(RECORDS);
        String last = Histories.LOG_DIR + "/log.100000006";
        byte[] torn = new byte[4096];
        Arrays.fill(torn, 512, 700, (byte) 'x');
        files.put(last, torn);
        assertThat(Histories.recover(files).zxids()).hasSize(RECORDS);
        assertThat(files.exists(last)).isFalse();
    }

    @Test
    void aLastLogOfZerosOnlyIsRemoved() {
        MemoryFileSystem files = Histories.directoryWith(RECORDS);
        String last = Histories.LOG_DIR + "/log.100000006";
        files.put(last, new byte[100_000]);
        assertThat(Histories.recover(files).zxids()).hasSize(RECORDS);
        assertThat(files.exists(last)).isFalse();
    }

    @Test
    void scenario17ATornTailBeforeAFileThatGoesOnLosesNothing() {
        MemoryFileSystem files = with(Arrays.copyOf(log(), startOf(4) + 50));
        files.put(Histories.LOG_DIR + "/log.100000005", fileWith(5, 7));
        RecoveredHistory found = Histories.recover(files);
        assertThat(found.zxids()).containsExactly(zxid(1), zxid(2), zxid(3), zxid(4), zxid(5), zxid(6), zxid(7));
        assertThat(files.bytes(LOG)).hasSize(startOf(4));
    }

    @Test
    void scenario17AMissingRecordBetweenFilesIsRefusedByName() {
        MemoryFileSystem files = with(Arrays.copyOf(log(), startOf(4) + 50));
        files.put(Histories.LOG_DIR + "/log.100000006", fileWith(6, 7));
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("log.100000006")
                .hasMessageContaining("offset 16")
                .hasMessageContaining("ends at 0x100000004");
    }

    @Test
    void r2DamageBelowTheSnapshotHurtsNobody() {
        MemoryFileSystem files = Histories.directoryWith(RECORDS);
        StorageLane lane = Histories.open(files);
        Histories.writePieces(lane, 1, zxid(5), List.of("all"));
        lane.finishSnapshot(new Effect.FinishSnapshot(1, zxid(5)));
        Histories.appendRange(lane, 0x1_0000_0006L, 0x1_0000_0007L);
        lane.close();
        byte[] log = files.bytes(LOG);
        log[startOf(2) + 20] ^= 1;
        files.put(LOG, log);
        RecoveredHistory found = Histories.recover(files);
        assertThat(found.base).isEqualTo(zxid(5));
        assertThat(found.zxids()).containsExactly(zxid(6), zxid(7));
    }

    @Test
    void aSectorThatACrashLeftUnwrittenIsATornGroupAndNotDamage() {
        MemoryFileSystem files = Histories.directoryWith(30);
        byte[] log = files.bytes(LOG);
        Arrays.fill(log, 1024, 1536, (byte) 0);
        files.put(LOG, log);
        RecoveredHistory found = Histories.recover(files);
        int lastWhole = (1024 - LogFormat.HEADER_BYTES) / RECORD_BYTES;
        assertThat(found.zxids()).last().isEqualTo(zxid(lastWhole));
        assertThat(files.bytes(LOG)).hasSize(startOf(lastWhole));
    }

    @Test
    void r8TheOwnFileIsContinuedAfterACut() {
        MemoryFileSystem files = with(Arrays.copyOf(log(), startOf(5) + 20));
        StorageLane lane = Histories.open(files);
        Histories.appendRange(lane, 0x1_0000_0006L, 0x1_0000_0008L);
        lane.close();
        assertThat(files.list(Histories.LOG_DIR)).containsExactly("log.100000001");
        assertThat(Histories.recover(files).zxids()).hasSize(8);
    }

    @Test
    void scenario13ASecondErrorRecordOfAZxidIsSkipped() {
        byte[] log = Arrays.copyOf(log(), startOf(6));
        JuteWriter out = new JuteWriter();
        out.writeLong(99);
        out.writeInt(1);
        out.writeLong(zxid(5).value());
        out.writeLong(0);
        out.writeInt(-1);
        out.writeRaw(Bytes.copyOf(new byte[40]));
        System.arraycopy(framed(out.toBytes()), 0, log, startOf(5), RECORD_BYTES);
        assertThat(Histories.recover(with(log)).zxids()).hasSize(5);
    }

    @Test
    void r7ASecondDifferentRecordOfAZxidIsRefused() {
        byte[] log = Arrays.copyOf(log(), startOf(6));
        byte[] other = framed(Histories.entry(zxid(5), 2, 40).payload());
        System.arraycopy(other, 0, log, startOf(5), RECORD_BYTES);
        assertThatThrownBy(() -> Histories.recover(with(log)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("second, different record of zxid " + zxid(5));
        System.arraycopy(log, startOf(4), log, startOf(5), RECORD_BYTES);
        assertThat(Histories.recover(with(log)).zxids()).hasSize(5);
    }

    @Test
    void scenario4FilesWithOtherNamesAreIgnoredWithANotice() {
        MemoryFileSystem files = Histories.directoryWith(RECORDS);
        files.put(Histories.LOG_DIR + "/log.9.bak", new byte[3]);
        files.put(Histories.DIR + "/snapshot.100000009.tmp", new byte[30]);
        StorageLane lane = Histories.open(files);
        assertThat(lane.lastLogged()).isEqualTo(zxid(5));
        assertThat(lane.notices()).anyMatch(line -> line.contains("log.9.bak"));
    }

    @Test
    void aHugeLengthIsNeverAllocated() {
        byte[] log = Arrays.copyOf(log(), startOf(5) + 100);
        log[startOf(5) + 8] = 0x7F;
        assertThat(Histories.recover(with(log)).zxids()).hasSize(5);
    }

    private static byte[] fileWith(int from, int to) {
        JuteWriter out = new JuteWriter();
        LogFormat.encodeHeader(out);
        for (int counter = from; counter <= to; counter++) {
            LogFormat.encodeRecord(out, Histories.entry(zxid(counter), 1, 40).payload());
        }
        return out.toBytes().toByteArray();
    }

    private static byte[] framed(Bytes payload) {
        JuteWriter out = new JuteWriter();
        LogFormat.encodeRecord(out, payload);
        return out.toBytes().toByteArray();
    }
}
