package io.matriarch.core.zab;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.port.RecoverySink;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the database from what storage finds on disk: a snapshot, and the log above it replayed onto it. */
public final class DatabaseLoader implements RecoverySink {
    /** Entries handed over for the window, which takes what it wants of them. */
    private static final int MAX_RECENT = 5_000;

    private final Deque<LogEntry> recent = new ArrayDeque<>();
    private long recentBytes;
    private DataTree.Loader loader = new DataTree.Loader();
    private @Nullable DataTree tree;
    private Zxid snapshotZxid = Zxid.ZERO;
    private Zxid recentBase = Zxid.ZERO;
    private Zxid lastLogged = Zxid.ZERO;
    private long replayedCount;
    private long replayedBytes;
    private @Nullable Recovered recovered;

    @Override
    public void snapshotStarted(Zxid zxid) {
        loader = new DataTree.Loader();
        tree = null;
        snapshotZxid = zxid;
        recentBase = zxid;
        lastLogged = zxid;
        recent.clear();
        recentBytes = 0;
        replayedCount = 0;
        replayedBytes = 0;
    }

    @Override
    public void snapshotPiece(SnapshotPiece piece) {
        loader.accept(piece);
        if (piece instanceof SnapshotPiece.End) {
            tree = loader.finish(snapshotZxid); // here, so that storage can fall back to an older one if it is bad
        }
    }

    @Override
    public void logEntry(LogEntry entry) {
        Txn txn = Txn.decode(entry.payload());
        tree().apply(txn, TreeListener.NONE);
        lastLogged = entry.zxid();
        recent.addLast(entry);
        recentBytes += entry.payload().length();
        replayedCount++;
        replayedBytes += entry.payload().length();
        while (recent.size() > MAX_RECENT || recentBytes > Window.MAX_BYTES) {
            LogEntry oldest = recent.removeFirst();
            recentBytes -= oldest.payload().length();
            recentBase = oldest.zxid();
        }
    }

    @Override
    public void finished(long acceptedEpoch, long currentEpoch, boolean isTrusted) {
        recovered = new Recovered(
                tree(),
                snapshotZxid,
                lastLogged,
                replayedCount,
                replayedBytes,
                List.copyOf(recent),
                recentBase,
                acceptedEpoch,
                currentEpoch,
                isTrusted);
    }

    /** The database. Throws IllegalStateException before {@link #finished}. */
    public Recovered recovered() {
        if (recovered == null) {
            throw new IllegalStateException("recovery has not finished");
        }
        return recovered;
    }

    private DataTree tree() {
        if (tree == null) {
            tree = new DataTree();
        }
        return tree;
    }
}
