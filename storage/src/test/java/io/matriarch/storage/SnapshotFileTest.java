package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotEncoder;
import io.matriarch.wire.disk.SnapshotFormat;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;

/** Snapshot files: seals, trailers, and which of them is taken (disk.md 3 and 5). */
class SnapshotFileTest {
    private static final Zxid FIVE = Zxid.of(1, 5);
    private static final String PATH = Histories.DIR + "/snapshot.100000005";

    /** Five records and a snapshot of them. */
    private static MemoryFileSystem withSnapshot() {
        MemoryFileSystem files = Histories.directoryWith(5);
        StorageLane lane = Histories.open(files);
        Histories.writePieces(lane, 1, FIVE, List.of("five"));
        lane.finishSnapshot(new Effect.FinishSnapshot(1, FIVE));
        lane.close();
        return files;
    }

    private static byte[] file(boolean hasDigest, boolean hasLastZxid) {
        JuteWriter out = new JuteWriter();
        SnapshotFormat.encodeHeader(out);
        for (SnapshotPiece piece : Histories.snapshotOf(List.of("five"))) {
            SnapshotEncoder.encode(piece, out);
        }
        seal(out);
        if (hasDigest) {
            SnapshotFormat.encodeDigest(out, Zxid.of(1, 6), 77);
            seal(out);
        }
        if (hasLastZxid) {
            SnapshotFormat.encodeLastZxid(out, Zxid.of(1, 7));
            seal(out);
        }
        return out.toBytes().toByteArray();
    }

    private static void seal(JuteWriter out) {
        Adler32 adler = new Adler32();
        adler.update(out.array(), 0, out.length());
        SnapshotFormat.encodeSeal(out, adler.getValue());
    }

    @Test
    void scenario2AllCombinationsOfTrailersLoad() {
        for (boolean hasDigest : new boolean[] {false, true}) {
            for (boolean hasLastZxid : new boolean[] {false, true}) {
                MemoryFileSystem files = Histories.directoryWith(7);
                files.put(PATH, file(hasDigest, hasLastZxid));
                RecoveredHistory found = Histories.recover(files);
                assertThat(found.base).isEqualTo(FIVE);
                assertThat(found.pieces)
                        .last()
                        .isEqualTo(hasDigest ? new SnapshotPiece.End(Zxid.of(1, 6), 77) : SnapshotPiece.End.BARE);
            }
        }
    }

    @Test
    void writtenWithoutTrailersASnapshotEndsAtItsFirstSeal() {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageOptions options = Histories.options().withTrailers(false);
        StorageLane lane = StorageLane.open(files, options, new RecoveredHistory());
        Histories.writePieces(lane, 1, FIVE, List.of("five"));
        lane.finishSnapshot(new Effect.FinishSnapshot(1, FIVE));
        assertThat(files.bytes(PATH)).isEqualTo(file(false, false));
        assertThat(Histories.recover(files).base).isEqualTo(FIVE);
    }

    @Test
    void scenario3AnyFlippedByteMakesTheNextOlderSnapshotCount() {
        byte[] whole = file(true, true);
        int lastSealText = whole.length - 5;
        for (int at = 0; at < lastSealText; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 0x11;
            MemoryFileSystem files = Histories.directoryWith(7);
            files.put(PATH, bytes);
            RecoveredHistory found = Histories.recover(files);
            assertThat(found.base).as("byte %d", at).isEqualTo(Zxid.ZERO);
            assertThat(found.entries).hasSize(7);
            assertThat(found.nodes()).extracting(NodeRecord::path).doesNotContain(Histories.CONTENT_PATH);
        }
    }

    @Test
    void aSnapshotCutAtAnyByteIsNotTaken() {
        byte[] whole = file(true, true);
        int afterFirstSeal = file(false, false).length;
        int afterDigest = file(true, false).length;
        for (int cut = 0; cut < whole.length - 5; cut++) {
            MemoryFileSystem files = Histories.directoryWith(7);
            files.put(PATH, Arrays.copyOf(whole, cut));
            boolean isWholeWithFewerTrailers = cut == afterFirstSeal || cut == afterDigest;
            assertThat(Histories.recover(files).base)
                    .as("cut at %d", cut)
                    .isEqualTo(isWholeWithFewerTrailers ? FIVE : Zxid.ZERO);
        }
    }

    @Test
    void aDamagedSnapshotThatTheLogDoesNotReachIsRefusedByName() {
        MemoryFileSystem files = Histories.directoryWith(4);
        byte[] bytes = file(true, true);
        bytes[100] ^= 1;
        files.put(PATH, bytes);
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(PATH)
                .hasMessageContaining("leads to 0x100000004");
    }

    @Test
    void withoutAnyReadableSnapshotTheStartIsRefusedByName() {
        MemoryFileSystem files = Histories.directoryWith(4);
        files.put(Histories.DIR + "/snapshot.0", new byte[40]);
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("snapshot.0");
    }

    @Test
    void scenario10ALogWithoutSnapshotIsRefusedUnlessTrusted() {
        MemoryFileSystem files = Histories.directoryWith(4);
        files.remove(Histories.DIR + "/snapshot.0");
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("log.100000001")
                .hasMessageContaining("trust.empty");
        RecoveredHistory found = Histories.recover(files, Histories.options().withTrustInLogWithoutSnapshot(true));
        assertThat(found.entries).hasSize(4);
        // Once is enough: the base that it was replayed on is there from now on.
        assertThat(Histories.recover(files).entries).hasSize(4);
    }

    @Test
    void scenario11AnEmptyDirectoryIsADatabaseOnlyWhereAllowed() {
        StorageOptions strict = Histories.options().withCreatesDatabase(false);
        MemoryFileSystem files = new MemoryFileSystem();
        assertThat(Histories.recover(files, strict).isTrusted).isFalse();
        assertThat(files.list(Histories.DIR)).doesNotContain("snapshot.0");
        for (String marker : List.of("/d/initialize", "/l/initialize")) {
            MemoryFileSystem marked = new MemoryFileSystem();
            marked.put(marker, new byte[0]);
            assertThat(Histories.recover(marked, strict).isTrusted).isTrue();
            assertThat(marked.exists(marker)).isFalse();
            assertThat(Histories.recover(marked, strict).isTrusted).isTrue();
        }
    }

    @Test
    void aLogAmongTheSnapshotsIsRefusedByName() {
        MemoryFileSystem files = Histories.directoryWith(4);
        files.put(Histories.DIR + "/log.5", new byte[3]);
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(Histories.DIR + "/log.5");
    }

    @Test
    void scenario30AllSessionsAndZnodesComeBack() {
        Map<Long, Integer> sessions = new LinkedHashMap<>();
        for (long id = 0; id < 10_000; id++) {
            sessions.put(id << 20, 4_000 + (int) id);
        }
        List<SnapshotPiece> pieces = new ArrayList<>();
        pieces.add(new SnapshotPiece.Tables(sessions, Map.of()));
        List<NodeRecord> all = new ArrayList<>();
        all.add(Histories.node("", Bytes.EMPTY));
        pieces.add(new SnapshotPiece.Nodes(List.copyOf(all)));
        for (int piece = 0; piece < 20; piece++) {
            List<NodeRecord> nodes = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                nodes.add(Histories.node("/n" + piece + "-" + i, Bytes.utf8("x".repeat(i))));
            }
            pieces.add(new SnapshotPiece.Nodes(nodes));
            all.addAll(nodes);
        }
        pieces.add(new SnapshotPiece.End(Zxid.of(1, 6), 0xABCDEFL));
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane = Histories.open(files);
        pieces.forEach(piece -> lane.writeSnapshot(new Effect.WriteSnapshot(1, FIVE, piece)));
        lane.finishSnapshot(new Effect.FinishSnapshot(1, FIVE));
        RecoveredHistory found = Histories.recover(files);
        assertThat(found.nodes()).isEqualTo(all);
        assertThat(((SnapshotPiece.Tables) found.pieces.get(0)).sessions()).isEqualTo(sessions);
        assertThat(found.pieces).last().isEqualTo(new SnapshotPiece.End(Zxid.of(1, 6), 0xABCDEFL));
    }

    @Test
    void anAbandonedSnapshotLeavesNothing() {
        MemoryFileSystem files = withSnapshot();
        StorageLane lane = Histories.open(files);
        List<String> before = files.list(Histories.DIR);
        List<SnapshotPiece> pieces = Histories.snapshotOf(List.of("x"));
        lane.writeSnapshot(new Effect.WriteSnapshot(2, FIVE, pieces.get(0)));
        assertThat(files.list(Histories.DIR)).hasSizeGreaterThan(before.size());
        lane.abandonSnapshot(2);
        lane.writeSnapshot(new Effect.WriteSnapshot(2, FIVE, pieces.get(1)));
        assertThat(files.list(Histories.DIR)).isEqualTo(before);
        lane.writeSnapshot(new Effect.WriteSnapshot(3, FIVE, pieces.get(0)));
        lane.close();
        Histories.recover(files);
        assertThat(files.list(Histories.DIR)).isEqualTo(before);
    }
}
