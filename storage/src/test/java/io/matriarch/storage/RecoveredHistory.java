package io.matriarch.storage;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.RecoverySink;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.ArrayList;
import java.util.List;

/** What a recovery found. */
final class RecoveredHistory implements RecoverySink {
    Zxid base = Zxid.NONE;
    final List<SnapshotPiece> pieces = new ArrayList<>();
    final List<LogEntry> entries = new ArrayList<>();
    long acceptedEpoch = -1;
    long currentEpoch = -1;
    boolean isTrusted;
    boolean isFinished;

    @Override
    public void snapshotStarted(Zxid zxid) {
        base = zxid;
        pieces.clear();
        entries.clear();
    }

    @Override
    public void snapshotPiece(SnapshotPiece piece) {
        pieces.add(piece);
    }

    @Override
    public void logEntry(LogEntry entry) {
        entries.add(entry);
    }

    @Override
    public void finished(long accepted, long current, boolean trusted) {
        acceptedEpoch = accepted;
        currentEpoch = current;
        isTrusted = trusted;
        isFinished = true;
    }

    /** All znodes of the snapshot. */
    List<NodeRecord> nodes() {
        List<NodeRecord> nodes = new ArrayList<>();
        for (SnapshotPiece piece : pieces) {
            if (piece instanceof SnapshotPiece.Nodes some) {
                nodes.addAll(some.nodes());
            }
        }
        return nodes;
    }

    List<Zxid> zxids() {
        return entries.stream().map(LogEntry::zxid).toList();
    }

    /** The transactions in snapshot and log as {@link Histories} marks them, oldest first. */
    List<String> history() {
        List<String> all = new ArrayList<>();
        for (NodeRecord node : nodes()) {
            if (node.path().equals(Histories.CONTENT_PATH) && node.data() != null) {
                all.addAll(Histories.marksIn(node.data()));
            }
        }
        entries.forEach(entry -> all.add(Histories.markOf(entry)));
        return all;
    }
}
