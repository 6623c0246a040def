package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.FrozenTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.core.zab.DatabaseLoader;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server's storage holds: exactly what was made durable, so that a crash is to forget the server and keep this. */
public final class MemoryDisk {
    private final List<LogEntry> log = new ArrayList<>();
    private final Map<Long, List<SnapshotPiece>> unfinished = new LinkedHashMap<>();
    private final Map<Long, Zxid> readThrough = new LinkedHashMap<>();
    private Zxid unreadableFrom;
    private List<SnapshotPiece> snapshot = List.of();
    private Zxid snapshotZxid = Zxid.ZERO;
    private long acceptedEpoch;
    private long currentEpoch;
    private boolean isTrusted = true;
    private @Nullable Configuration committed;
    private @Nullable Configuration lastSeen;

    public MemoryDisk log(List<LogEntry> entries) {
        log.addAll(entries);
        return this;
    }

    public MemoryDisk epochs(long accepted, long current) {
        acceptedEpoch = accepted;
        currentEpoch = current;
        return this;
    }

    /** A snapshot at {@code zxid} with everything that {@code entries} did in it, and nothing of them in the log. */
    public MemoryDisk snapshot(Zxid zxid, List<LogEntry> entries) {
        snapshot = pieces(tree(entries));
        snapshotZxid = zxid;
        return this;
    }

    /** The configurations stored before. */
    public MemoryDisk configurations(Configuration agreed, Configuration seen) {
        committed = agreed;
        lastSeen = seen;
        return this;
    }

    /** The configuration that is stored as agreed; null if none was. */
    public @Nullable Configuration committed() {
        return committed;
    }

    /** The configuration that is stored as seen last; null if none was. */
    public @Nullable Configuration lastSeen() {
        return lastSeen;
    }

    /** The log is known to be broken. */
    public MemoryDisk distrusted() {
        isTrusted = false;
        return this;
    }

    /** The last zxid of the log, or of the snapshot if nothing is logged above it. */
    public Zxid last() {
        return log.isEmpty() ? snapshotZxid : log.get(log.size() - 1).zxid();
    }

    public long acceptedEpoch() {
        return acceptedEpoch;
    }

    public long currentEpoch() {
        return currentEpoch;
    }

    public Zxid snapshotZxid() {
        return snapshotZxid;
    }

    public Recovered recovered() {
        DatabaseLoader loader = new DatabaseLoader();
        loader.snapshotStarted(snapshotZxid);
        snapshot.forEach(loader::snapshotPiece);
        log.stream().filter(e -> e.zxid().isAfter(snapshotZxid)).forEach(loader::logEntry);
        loader.finished(acceptedEpoch, currentEpoch, isTrusted);
        return loader.recovered();
    }

    void perform(Effect.StorageEffect effect) {
        if (effect instanceof Effect.Append append) {
            log.add(append.entry());
        } else if (effect instanceof Effect.Truncate cut) {
            log.removeIf(e -> e.zxid().isAfter(cut.to()));
        } else if (effect instanceof Effect.StoreAcceptedEpoch store) {
            acceptedEpoch = store.epoch();
        } else if (effect instanceof Effect.StoreCurrentEpoch store) {
            currentEpoch = store.epoch();
        } else if (effect instanceof Effect.StoreConfiguration store) {
            configurations(store.committed(), store.lastSeen());
        } else if (effect instanceof Effect.InstallSnapshot install) {
            snapshot = unfinished.remove(install.snapshotId());
            snapshotZxid = install.zxid();
            log.clear();
        }
    }

    void write(Effect.WriteSnapshot effect) {
        unfinished.computeIfAbsent(effect.snapshotId(), id -> new ArrayList<>()).add(effect.piece());
    }

    void abandon(long snapshotId) {
        unfinished.remove(snapshotId);
    }

    /** Two entries of the log at a time, if it holds the position {@code after}. */
    Event.LogRead read(Effect.ReadLog effect) {
        Zxid from = readThrough.getOrDefault(effect.readId(), effect.after());
        boolean isKnown = effect.after().equals(Zxid.ZERO)
                || log.stream().anyMatch(e -> e.zxid().equals(effect.after()));
        List<LogEntry> rest = log.stream()
                .filter(e -> e.zxid().isAfter(from) && !e.zxid().isAfter(effect.upTo()))
                .toList();
        if (!isKnown || rest.isEmpty() || isUnreadableFrom(rest.get(0).zxid())) {
            return new Event.LogRead(effect.readId(), List.of(), Event.LogRead.Progress.UNAVAILABLE);
        }
        List<LogEntry> piece = rest.subList(0, Math.min(2, rest.size()));
        readThrough.put(effect.readId(), piece.get(piece.size() - 1).zxid());
        boolean isAll = piece.size() == rest.size();
        return new Event.LogRead(
                effect.readId(), piece, isAll ? Event.LogRead.Progress.DONE : Event.LogRead.Progress.MORE);
    }

    private boolean isUnreadableFrom(Zxid zxid) {
        return unreadableFrom != null && !unreadableFrom.isAfter(zxid);
    }

    void endRead(long readId) {
        readThrough.remove(readId);
    }

    /** Parts of the log that are being read. */
    public int openReads() {
        return readThrough.size();
    }

    /** Somebody removes the log from here on while it is read. */
    public void loseLogFrom(Zxid zxid) {
        unreadableFrom = zxid;
    }

    /** Snapshots begun and neither finished nor abandoned. */
    public int unfinishedSnapshots() {
        return unfinished.size();
    }

    public static DataTree tree(List<LogEntry> entries) {
        DataTree tree = new DataTree();
        entries.forEach(entry -> tree.apply(Txn.decode(entry.payload()), TreeListener.NONE));
        return tree;
    }

    /** {@code tree} as it travels: the end says nothing more (zab.md 9). */
    public static List<SnapshotPiece> pieces(DataTree tree) {
        List<SnapshotPiece> pieces = new ArrayList<>();
        try (FrozenTree view = tree.freeze()) {
            SnapshotPiece piece = view.next(1 << 20);
            while (!(piece instanceof SnapshotPiece.End)) {
                pieces.add(piece);
                piece = view.next(1 << 20);
            }
        }
        pieces.add(SnapshotPiece.End.BARE);
        return pieces;
    }
}
