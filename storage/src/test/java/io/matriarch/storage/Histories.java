package io.matriarch.storage;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Made-up transactions and snapshots. A transaction is known by its mark, "zxid:author"; a snapshot holds the marks of
 * all transactions in it as the data of one znode.
 */
final class Histories {
    static final String CONTENT_PATH = "/content";
    static final String DIR = "/d/version-2";
    static final String LOG_DIR = "/l/version-2";

    private Histories() {}

    /** Snapshots in {@code /d}, logs in {@code /l}, and little preallocation so that files grow often. */
    static StorageOptions options() {
        return StorageOptions.in("/d").withLogDir("/l").withPreAllocBytes(8192);
    }

    /** A transaction by {@code author} with {@code bodyBytes} bytes that are never zero. */
    static LogEntry entry(Zxid zxid, int author, int bodyBytes) {
        JuteWriter out = new JuteWriter();
        out.writeLong(author);
        out.writeInt(7);
        out.writeLong(zxid.value());
        out.writeLong(1_700_000_000_000L);
        out.writeInt(1);
        Random random = new Random(zxid.value() * 31 + author);
        for (int i = 0; i < bodyBytes; i++) {
            out.writeByte(1 + random.nextInt(255));
        }
        return new LogEntry(zxid, out.toBytes());
    }

    static LogEntry entry(long zxid) {
        return entry(new Zxid(zxid), 1, 40);
    }

    static String markOf(LogEntry entry) {
        return entry.zxid() + ":" + new JuteReader(entry.payload()).readLong();
    }

    static Effect.Append append(long ticket, LogEntry entry) {
        return new Effect.Append(ticket, entry);
    }

    /** The pieces of a snapshot that contains the transactions with these marks. */
    static List<SnapshotPiece> snapshotOf(List<String> marks) {
        return List.of(
                new SnapshotPiece.Tables(Map.of(0x1000L, 30_000), Map.of()),
                new SnapshotPiece.Nodes(
                        List.of(node("", Bytes.EMPTY), node(CONTENT_PATH, Bytes.utf8(String.join(",", marks))))),
                SnapshotPiece.End.BARE);
    }

    static List<String> marksIn(Bytes data) {
        return data.isEmpty() ? List.of() : List.of(data.asUtf8().split(","));
    }

    static NodeRecord node(String path, Bytes data) {
        return new NodeRecord(path, data, NodeRecord.OPEN_ACL_ID, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** A lane on {@code files} into which nothing has to be recovered. */
    static StorageLane open(FileSystem files) {
        return StorageLane.open(files, options(), new RecoveredHistory());
    }

    static RecoveredHistory recover(FileSystem files) {
        return recover(files, options());
    }

    static RecoveredHistory recover(FileSystem files, StorageOptions options) {
        RecoveredHistory history = new RecoveredHistory();
        StorageLane.open(files, options, history).close();
        return history;
    }

    /** A directory with snapshot.0 and one log of {@code count} records from 0x100000001, forced. */
    static MemoryFileSystem directoryWith(int count) {
        MemoryFileSystem files = new MemoryFileSystem();
        StorageLane lane = open(files);
        appendRange(lane, 0x1_0000_0001L, 0x1_0000_0000L + count);
        lane.close();
        return files;
    }

    static void appendRange(StorageLane lane, long from, long to) {
        for (long zxid = from; zxid <= to; zxid++) {
            lane.perform(append(zxid, entry(zxid)));
        }
        lane.force();
    }

    /** Writes a snapshot of {@code marks} under {@code id} up to, not including, its finish or install. */
    static void writePieces(StorageLane lane, long id, Zxid zxid, List<String> marks) {
        for (SnapshotPiece piece : snapshotOf(marks)) {
            lane.writeSnapshot(new Effect.WriteSnapshot(id, zxid, piece));
        }
    }
}
