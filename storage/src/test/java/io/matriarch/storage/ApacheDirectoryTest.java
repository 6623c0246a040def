package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.zab.DatabaseLoader;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Directories that an Apache ZooKeeper 3.9.5 server wrote: two sessions' worth of every kind of write, snapshots every 15
 * to 30 transactions, killed twice ({@code plain}) or once ({@code gz}, compressed snapshots) with kill -9; {@code snappy}
 * likewise, with a znode of more than one block, and ended at once without any closing.
 */
class ApacheDirectoryTest {
    private static final List<String> PLAIN = List.of(
            "log.1",
            "log.1e",
            "log.37",
            "log.4c",
            "log.5a",
            "log.71",
            "log.82",
            "snapshot.0",
            "snapshot.1c",
            "snapshot.35",
            "snapshot.4a",
            "snapshot.59",
            "snapshot.6f",
            "snapshot.80");
    private static final List<String> GZ = List.of("log.1", "log.1e", "snapshot.0.gz", "snapshot.1c.gz");
    private static final List<String> SNAPPY =
            List.of("log.1", "log.1a", "log.36", "snapshot.0.snappy", "snapshot.18.snappy", "snapshot.34.snappy");
    private static final StorageOptions OPTIONS = StorageOptions.in("/d").withPreAllocBytes(8192);
    private static final long LAST = 0x85;
    private static final long DIGEST_OF_80 = 0x31362b8c4aL;

    private static MemoryFileSystem directory(String kind, List<String> names) {
        MemoryFileSystem files = new MemoryFileSystem();
        for (String name : names) {
            files.put(Histories.DIR + "/" + name, bytes(kind + "/" + name));
        }
        return files;
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = ApacheDirectoryTest.class.getResourceAsStream("/apache-3.9.5/" + resource + ".gz");
                GZIPInputStream unpacked = new GZIPInputStream(in)) {
            return unpacked.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteSnapshotsAbove(MemoryFileSystem files, String kept) {
        for (String name : PLAIN.subList(PLAIN.indexOf(kept) + 1, PLAIN.size())) {
            files.remove(Histories.DIR + "/" + name);
        }
    }

    @Test
    void scenario1NewestSnapshotAndTheLogAboveIt() {
        RecoveredHistory found = Histories.recover(directory("plain", PLAIN), OPTIONS);
        assertThat(found.base).isEqualTo(new Zxid(0x80));
        assertThat(found.zxids())
                .containsExactly(new Zxid(0x81), new Zxid(0x82), new Zxid(0x83), new Zxid(0x84), new Zxid(LAST));
        assertThat(found.isTrusted).isTrue();
        assertThat(found.nodes()).extracting(NodeRecord::path).contains("", "/zookeeper/config", "/a1", "/a3/p20");
        assertThat(found.nodes().stream().filter(node -> node.ephemeralOwner() == 0x1000024694d0001L))
                .hasSize(8);
    }

    @Test
    void everyRecordOfAllFilesIsReadAndDecodes() {
        MemoryFileSystem files = directory("plain", PLAIN);
        deleteSnapshotsAbove(files, "snapshot.0");
        RecoveredHistory found = Histories.recover(files, OPTIONS);
        assertThat(found.base).isEqualTo(Zxid.ZERO);
        assertThat(found.entries).hasSize((int) LAST);
        for (LogEntry entry : found.entries) {
            assertThat(Txn.decode(entry.payload()).header().zxid()).isEqualTo(entry.zxid());
        }
    }

    @Test
    void scenario6TheEndOfAFuzzySnapshotSaysUntilWhen() {
        MemoryFileSystem files = directory("plain", PLAIN);
        deleteSnapshotsAbove(files, "snapshot.4a");
        RecoveredHistory found = Histories.recover(files, OPTIONS);
        SnapshotPiece.End end = (SnapshotPiece.End) found.pieces.get(found.pieces.size() - 1);
        Txn txn = Txn.decode(found.entries.get(0).payload());
        assertThat(end.zxid()).isEqualTo(new Zxid(0x4b));
        assertThat(txn.header().zxid()).isEqualTo(new Zxid(0x4b));
        assertThat(txn.digest()).isNotNull();
    }

    @Test
    void fromEverySnapshotTheSameTreeIsReached() {
        for (String newest : List.of("0", "1c", "35", "4a", "59", "6f", "80")) {
            MemoryFileSystem files = directory("plain", PLAIN);
            deleteSnapshotsAbove(files, "snapshot." + newest);
            DatabaseLoader loader = new DatabaseLoader();
            StorageLane.open(files, OPTIONS, loader).close();
            Recovered recovered = loader.recovered();
            List<LogEntry> recent = recovered.recent();
            TxnDigest expected =
                    Txn.decode(recent.get(recent.size() - 1).payload()).digest();
            assertThat(expected).isNotNull();
            assertThat(recovered.lastLogged()).isEqualTo(new Zxid(LAST));
            assertThat(recovered.tree().digest()).as("from snapshot.%s", newest).isEqualTo(expected.value());
        }
    }

    @Test
    void scenario3CompressedSnapshotsLoad() {
        RecoveredHistory found = Histories.recover(directory("gz", GZ), OPTIONS);
        assertThat(found.base).isEqualTo(new Zxid(0x1c));
        assertThat(found.nodes()).extracting(NodeRecord::path).contains("/a1/nul");
    }

    @Test
    void scenario3SnappySnapshotsLoad() {
        MemoryFileSystem files = directory("snappy", SNAPPY);
        DatabaseLoader loader = new DatabaseLoader();
        StorageLane.open(files, OPTIONS, loader).close();
        Recovered recovered = loader.recovered();
        List<LogEntry> recent = recovered.recent();
        TxnDigest expected = Txn.decode(recent.get(recent.size() - 1).payload()).digest();
        assertThat(recovered.snapshotZxid()).isEqualTo(new Zxid(0x34));
        assertThat(expected).isNotNull();
        assertThat(recovered.tree().digest()).isEqualTo(expected.value());
    }

    @Test
    void scenario3AChangedSnappyByteIsNoticedUnlessItDecodesToTheSame() throws IOException {
        byte[] whole = bytes("snappy/snapshot.34.snappy");
        List<SnapshotPiece> pieces = new ArrayList<>();
        assertThat(scanSnappy(whole, pieces).damage()).isNull();
        int noticed = 0;
        // From the first block on; what a header says of versions is not a part of the content.
        for (int at = 16; at < whole.length; at += 7) {
            byte[] broken = whole.clone();
            broken[at] ^= 0x10;
            List<SnapshotPiece> found = new ArrayList<>();
            if (scanSnappy(broken, found).damage() != null) {
                noticed++;
            } else {
                // In a pattern that repeats, a copy from another distance is the same.
                assertThat(found).as("byte %d", at).isEqualTo(pieces);
            }
        }
        assertThat(noticed).isGreaterThan(whole.length / 10);
    }

    private static SnapshotScan scanSnappy(byte[] content, List<SnapshotPiece> pieces) throws IOException {
        MemoryFileSystem files = new MemoryFileSystem();
        files.put(Histories.DIR + "/snapshot.34.snappy", content);
        return SnapshotScan.read(files, StoredFile.at(Histories.DIR + "/snapshot.34.snappy"), pieces::add);
    }

    @Test
    void ourFirstSnapshotIsByteForByteTheirs() {
        MemoryFileSystem ours = new MemoryFileSystem();
        Histories.recover(ours, OPTIONS);
        assertThat(ours.bytes(Histories.DIR + "/snapshot.0")).isEqualTo(bytes("plain/snapshot.0"));
    }

    @Test
    void aSnapshotOfTheirsIsWrittenAgainByteForByte() {
        RecoveredHistory found = Histories.recover(directory("plain", PLAIN), OPTIONS);
        MemoryFileSystem ours = new MemoryFileSystem();
        StorageLane lane = StorageLane.open(ours, OPTIONS, new RecoveredHistory());
        for (SnapshotPiece piece : found.pieces.subList(0, found.pieces.size() - 1)) {
            lane.writeSnapshot(new Effect.WriteSnapshot(1, found.base, piece));
        }
        SnapshotPiece end = new SnapshotPiece.End(found.base, DIGEST_OF_80);
        lane.writeSnapshot(new Effect.WriteSnapshot(1, found.base, end));
        lane.finishSnapshot(new Effect.FinishSnapshot(1, found.base));
        byte[] theirs = bytes("plain/snapshot.80");
        byte[] written = ours.bytes(Histories.DIR + "/snapshot.80");
        assertThat(written).isEqualTo(theirs);
    }

    @Test
    void ourLogIsByteForByteTheirsUpToTheZeros() {
        MemoryFileSystem files = directory("plain", PLAIN);
        deleteSnapshotsAbove(files, "snapshot.0");
        RecoveredHistory found = Histories.recover(files, OPTIONS);
        MemoryFileSystem ours = new MemoryFileSystem();
        StorageLane lane = StorageLane.open(ours, OPTIONS, new RecoveredHistory());
        for (LogEntry entry : found.entries.subList(0, 0x1d)) {
            lane.perform(new Effect.Append(1, entry));
        }
        lane.force();
        byte[] theirs = bytes("plain/log.1");
        byte[] written = ours.bytes(Histories.DIR + "/log.1");
        int shorter = Math.min(theirs.length, written.length);
        assertThat(Arrays.copyOf(written, shorter)).isEqualTo(Arrays.copyOf(theirs, shorter));
    }

    @Test
    void r9AFuzzySnapshotThatEndsAboveTheTargetIsNoBaseForATruncation() {
        MemoryFileSystem files = directory("plain", PLAIN);
        StorageLane lane = StorageLane.open(files, OPTIONS, new RecoveredHistory());
        // snapshot.4a was written while 0x4b was applied; snapshot.35 ends at 0x36.
        lane.perform(new Effect.Truncate(1, new Zxid(0x4a)));
        assertThat(files.list(Histories.DIR))
                .doesNotContain("snapshot.4a", "log.4c")
                .contains("snapshot.35");
        RecoveredHistory found = new RecoveredHistory();
        lane.reload(found);
        assertThat(found.base).isEqualTo(new Zxid(0x35));
        assertThat(found.zxids()).last().isEqualTo(new Zxid(0x4a));
    }
}
