package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots written compressed (disk.md 5.8). That Apache reads them is shown in compat. */
class SnapshotCompressionTest {
    private static final Zxid FIVE = Zxid.of(1, 5);

    private static StorageLane open(MemoryFileSystem files, SnapshotCompression compression) {
        return StorageLane.open(files, Histories.options().withCompression(compression), new RecoveredHistory());
    }

    private static void snapshot(StorageLane lane, long id) {
        lane.writeSnapshot(new Effect.WriteSnapshot(id, FIVE, new SnapshotPiece.Tables(Map.of(), Map.of())));
        lane.writeSnapshot(new Effect.WriteSnapshot(id, FIVE, new SnapshotPiece.Nodes(nodes())));
        lane.writeSnapshot(new Effect.WriteSnapshot(id, FIVE, SnapshotPiece.End.BARE));
    }

    /** About 200 KB, half of which can be compressed. */
    private static List<NodeRecord> nodes() {
        Random random = new Random(5);
        List<NodeRecord> nodes = new ArrayList<>();
        nodes.add(Histories.node("", Bytes.EMPTY));
        for (int i = 0; i < 200; i++) {
            byte[] data = new byte[1000];
            if (i % 2 == 0) {
                random.nextBytes(data);
            }
            nodes.add(Histories.node("/n" + i, Bytes.wrap(data)));
        }
        return nodes;
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotComesBackWhateverTheSettingIsThen(SnapshotCompression compression) {
        for (SnapshotCompression later : SnapshotCompression.values()) {
            MemoryFileSystem files = Histories.directoryWith(7);
            StorageLane lane = open(files, compression);
            snapshot(lane, 1);
            lane.finishSnapshot(new Effect.FinishSnapshot(1, FIVE));
            lane.close();

            RecoveredHistory found =
                    Histories.recover(files, Histories.options().withCompression(later));

            assertThat(files.list(Histories.DIR)).contains("snapshot.100000005" + compression.suffix());
            assertThat(found.base).isEqualTo(FIVE);
            assertThat(found.nodes()).isEqualTo(nodes());
            assertThat(found.zxids()).containsExactly(Zxid.of(1, 6), Zxid.of(1, 7));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotOfTheLeaderReplacesTheHistory(SnapshotCompression compression) {
        MemoryFileSystem files = Histories.directoryWith(7);
        StorageLane lane = open(files, compression);
        snapshot(lane, 1);
        lane.perform(new Effect.InstallSnapshot(2, 1, FIVE));
        lane.close();

        assertThat(files.list(Histories.DIR))
                .contains("snapshot.100000005" + compression.suffix())
                .doesNotContain("snapshot.0");
        assertThat(files.list(Histories.LOG_DIR)).isEmpty();
        assertThat(Histories.recover(files).nodes()).isEqualTo(nodes());
    }

    @ParameterizedTest
    @EnumSource
    void anInstallationInterruptedBeforeItsEndIsFinishedUnderAnotherSetting(SnapshotCompression compression) {
        MemoryFileSystem files = Histories.directoryWith(7);
        StorageLane lane = open(files, compression);
        snapshot(lane, 1);
        lane.finishSnapshot(new Effect.FinishSnapshot(1, FIVE));
        lane.close();
        files.put(Histories.DIR + "/pending", "install 100000005".getBytes(StandardCharsets.US_ASCII));

        for (SnapshotCompression later : SnapshotCompression.values()) {
            RecoveredHistory found =
                    Histories.recover(files, Histories.options().withCompression(later));
            assertThat(found.base).isEqualTo(FIVE);
            assertThat(found.entries).isEmpty();
        }
        assertThat(files.list(Histories.DIR)).doesNotContain("snapshot.0", "pending");
    }

    @Test
    void anUnfinishedCompressedSnapshotIsRemovedAtTheNextStart() {
        MemoryFileSystem files = Histories.directoryWith(7);
        StorageLane lane = open(files, SnapshotCompression.GZIP);
        snapshot(lane, 1);
        lane.close();
        assertThat(files.list(Histories.DIR)).contains("incoming.1.tmp.gz");
        Histories.recover(files);
        assertThat(files.list(Histories.DIR)).doesNotContain("incoming.1.tmp.gz");
    }

    @Test
    void whatCanBeCompressedIs() {
        int[] sizes = new int[SnapshotCompression.values().length];
        for (SnapshotCompression compression : SnapshotCompression.values()) {
            MemoryFileSystem files = Histories.directoryWith(7);
            StorageLane lane = open(files, compression);
            snapshot(lane, 1);
            lane.finishSnapshot(new Effect.FinishSnapshot(1, FIVE));
            sizes[compression.ordinal()] =
                    files.bytes(Histories.DIR + "/snapshot.100000005" + compression.suffix()).length;
        }
        assertThat(sizes[SnapshotCompression.SNAPPY.ordinal()]).isLessThan(sizes[0] * 6 / 10);
        assertThat(sizes[SnapshotCompression.GZIP.ordinal()]).isLessThan(sizes[SnapshotCompression.SNAPPY.ordinal()]);
    }

    @Test
    void snappyGivesBackAnyBytesInWhateverPiecesTheyCame() throws IOException {
        Random random = new Random(17);
        for (int round = 0; round < 400; round++) {
            byte[] input = new byte[round < 100 ? round : random.nextInt(100_000)];
            int alphabet = 1 + random.nextInt(round % 4 == 0 ? 256 : 4);
            for (int i = 0; i < input.length; i++) {
                input[i] = (byte) (random.nextInt(50) == 0 ? random.nextInt() : random.nextInt(alphabet));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (SnappyOutput out = new SnappyOutput(bytes)) {
                for (int at = 0; at < input.length; ) {
                    int count = Math.min(input.length - at, 1 + random.nextInt(40_000));
                    out.write(input, at, count);
                    at += count;
                }
            }
            try (SnappyInput in = new SnappyInput(new ByteArrayInputStream(bytes.toByteArray()))) {
                assertThat(in.readAllBytes()).as("round %d", round).isEqualTo(input);
            }
        }
    }
}
