package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.FrozenTree;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes a snapshot of the committed tree every so many transactions or bytes, piece by piece while the server works on.
 * The number is drawn anew each time, so that the servers of an ensemble do not all write at once (disk.md 4).
 */
public final class Snapshots {
    private final Zab zab;
    private final SnapshotPace pace;
    private @Nullable Running running;

    private static final class Running {
        final long id;
        final DataTree tree;
        final FrozenTree view;
        final Zxid zxid;
        boolean isEndWritten;

        Running(long id, DataTree tree) {
            this.id = id;
            this.tree = tree;
            this.view = tree.freeze();
            this.zxid = view.zxid();
        }
    }

    /**
     * Snapshots every {@code snapCount} transactions (as in zoo.cfg, at least 2) or {@code snapSizeBytes} of them (0 or
     * less: any), or a little sooner.
     */
    public Snapshots(Zab zab, int snapCount, long snapSizeBytes, Random random) {
        this.zab = zab;
        this.pace = new SnapshotPace(snapCount, snapSizeBytes, random);
    }

    /** Begins a snapshot if it is time for one. Called at the end of a step of a server that serves. */
    public void beginIfDue() {
        if (zab.isObserver() && !zab.observers().isLogging()) {
            return;
        }
        long appliedCount = zab.history().appliedCount();
        long appliedBytes = zab.history().appliedBytes();
        if (running != null || !pace.isDue(appliedCount, appliedBytes)) {
            return;
        }
        pace.begun(appliedCount, appliedBytes);
        begin();
    }

    /** Begins a snapshot of what is in the tree, unless one is being written. */
    public void begin() {
        if (running != null) {
            return;
        }
        zab.gate().rollLog();
        Running begun = new Running(zab.nextSnapshotId(), zab.history().tree());
        running = begun;
        zab.out().trace(new TraceEvent.SnapshotTaken(begun.zxid, false));
        writeNext(begun);
    }

    public void pieceWritten(long snapshotId) {
        Running current = running;
        if (current == null || current.id != snapshotId) {
            return;
        }
        if (current.tree != zab.history().tree()) {
            zab.out().emit(new Effect.AbandonSnapshot(current.id));
            end(current);
        } else if (current.isEndWritten) {
            zab.out().emit(new Effect.FinishSnapshot(current.id, current.zxid));
            end(current);
        } else {
            writeNext(current);
        }
    }

    private void writeNext(Running current) {
        SnapshotPiece piece = current.view.next(zab.history().config().pieceBytes());
        if (piece == null) {
            throw new IllegalStateException("nothing follows the end of a snapshot");
        }
        current.isEndWritten = piece instanceof SnapshotPiece.End;
        zab.out().emit(new Effect.WriteSnapshot(current.id, current.zxid, piece));
    }

    private void end(Running current) {
        current.view.close();
        running = null;
    }
}
