package io.matriarch.sim.apache;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.FrozenTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.sim.time.Chance;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an Apache server has on disk, as far as its peers can tell: a log whose end may not be forced, snapshots, two
 * epochs. Outlives processes.
 */
public final class ApacheDisk {
    private static final int PIECE_BYTES = 64 << 10;

    /** A snapshot file: {@code label} is its name, {@code tree} what is in it. */
    private record Snapshot(Zxid label, List<SnapshotPiece> tree) {}

    /** What a start or a reload finds. */
    record Loaded(DataTree tree, Zxid snapshotZxid, List<LogEntry> replayed) {
        Zxid last() {
            return replayed.isEmpty()
                    ? snapshotZxid
                    : replayed.get(replayed.size() - 1).zxid();
        }
    }

    private final List<LogEntry> log = new ArrayList<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    /** The newest snapshot that was written instead of a leader's transactions: before it the log may have a hole. */
    private Zxid wholeAbove = Zxid.ZERO;

    private int forced;
    private long acceptedEpoch;
    private long currentEpoch;
    private @Nullable Configuration committed;
    private @Nullable Configuration lastSeen;

    /** What a file of this name reads: {@code acceptedEpoch} or {@code currentEpoch}. */
    public long epoch(String name) {
        return name.equals("acceptedEpoch") ? acceptedEpoch : currentEpoch;
    }

    long acceptedEpoch() {
        return acceptedEpoch;
    }

    long currentEpoch() {
        return currentEpoch;
    }

    /** Durable at once: written aside, forced, renamed. */
    void storeAcceptedEpoch(long epoch) {
        acceptedEpoch = epoch;
    }

    /** Durable at once. */
    void storeCurrentEpoch(long epoch) {
        currentEpoch = epoch;
    }

    /** The members that the dynamic file names; null if none was ever written. */
    @Nullable
    Configuration committed() {
        return committed;
    }

    /** Those in the file {@code .next}, or the committed ones if there is none. */
    @Nullable
    Configuration lastSeen() {
        return lastSeen;
    }

    /** Durable at once. */
    void storeConfigurations(Configuration agreed, Configuration proposed) {
        committed = agreed;
        lastSeen = proposed;
    }

    /** The file {@code .next} is gone. */
    public void forgetProposed() {
        lastSeen = committed;
    }

    void append(LogEntry entry) {
        log.add(entry);
    }

    void force() {
        forced = log.size();
    }

    /** The machine stops: of what was not forced, some is lost. */
    public void losePower(Chance chance) {
        int kept = forced + chance.below(log.size() - forced + 1);
        log.subList(kept, log.size()).clear();
        forced = kept;
    }

    /** Writes a snapshot of {@code tree}; durable when this returns. */
    void takeSnapshot(DataTree tree, Zxid label) {
        snapshots.removeIf(snapshot -> snapshot.label.equals(label));
        snapshots.add(new Snapshot(label, pieces(tree)));
    }

    static List<SnapshotPiece> pieces(DataTree tree) {
        List<SnapshotPiece> pieces = new ArrayList<>();
        try (FrozenTree frozen = tree.freeze()) {
            for (SnapshotPiece piece = frozen.next(PIECE_BYTES); piece != null; piece = frozen.next(PIECE_BYTES)) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    /**
     * TRUNC. Apache cuts behind the first record at or above {@code to}, so one above it stays where {@code to} is no
     * record, and it leaves newer snapshots where they are (zab.md R12).
     *
     * @param isPrecise without these two faults
     */
    void truncate(Zxid to, boolean isPrecise) {
        int keep = 0;
        while (keep < log.size() && !log.get(keep).zxid().isAfter(to)) {
            keep++;
        }
        boolean isRecord = keep > 0 && log.get(keep - 1).zxid().equals(to);
        if (!isPrecise && !isRecord && keep < log.size()) {
            keep++;
        }
        log.subList(keep, log.size()).clear();
        forced = log.size();
        if (isPrecise) {
            Optional<Snapshot> above = snapshots.stream()
                    .filter(snapshot -> snapshot.label.isAfter(to))
                    .min(Comparator.comparing(Snapshot::label));
            snapshots.removeIf(snapshot -> snapshot.label.isAfter(to));
            if (!isRecord) {
                // It came from a leader, whose history ended at or before this, under the zxid at which its epoch
                // began.
                above.ifPresent(snapshot -> snapshots.add(new Snapshot(to, snapshot.tree)));
            }
        }
    }

    /** Drops what the log holds above {@code label}: see {@link ApacheServer}. */
    void forgetTail(Zxid label) {
        while (!log.isEmpty() && log.get(log.size() - 1).zxid().isAfter(label)) {
            log.remove(log.size() - 1);
        }
        forced = Math.min(forced, log.size());
    }

    /** What a leader sent is in a snapshot and not in the log, which stays as it was before (zab.md R11, 2846). */
    void installed(Zxid label) {
        wholeAbove = label;
    }

    /**
     * What the log holds up to and with the record {@code upTo}, if it reaches back to {@code p} or further without a hole (zab.md
     * 8.1, case 5); null if not.
     */
    @Nullable
    List<LogEntry> entriesUpTo(Zxid upTo, Zxid p) {
        boolean isWhole = wholeAbove.equals(Zxid.ZERO) || p.isAfter(wholeAbove); // the label itself is no record
        boolean isLongEnough = !log.isEmpty() && !log.get(0).zxid().isAfter(p) && isWhole;
        if (!isLongEnough) {
            return null;
        }
        List<LogEntry> entries = new ArrayList<>();
        for (LogEntry entry : log) {
            if (!entry.zxid().isAfter(upTo)) {
                entries.add(entry);
            }
        }
        return entries.get(entries.size() - 1).zxid().equals(upTo) ? entries : null;
    }

    List<LogEntry> entriesAbove(Zxid zxid) {
        int from = log.size();
        while (from > 0 && log.get(from - 1).zxid().isAfter(zxid)) {
            from--;
        }
        return List.copyOf(log.subList(from, log.size()));
    }

    /** The newest snapshot, and the log above it. */
    Loaded load() {
        Snapshot newest =
                snapshots.stream().max(Comparator.comparing(Snapshot::label)).orElse(null);
        Zxid base = newest == null ? Zxid.ZERO : newest.label;
        DataTree tree;
        if (newest == null) {
            tree = new DataTree();
        } else {
            DataTree.Loader loader = new DataTree.Loader();
            newest.tree.forEach(loader::accept);
            tree = loader.finish(base);
        }
        List<LogEntry> replayed = new ArrayList<>();
        for (LogEntry entry : log) {
            if (entry.zxid().isAfter(base)) {
                tree.apply(Txn.decode(entry.payload()), TreeListener.NONE);
                replayed.add(entry);
            }
        }
        return new Loaded(tree, base, replayed);
    }
}
