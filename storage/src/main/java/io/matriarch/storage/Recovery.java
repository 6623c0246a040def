package io.matriarch.storage;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.RecoverySink;
import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.storage.LogReplay.Cut;
import io.matriarch.storage.LogReplay.Outcome;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * From files to a history: finishes what a crash interrupted, finds the newest whole snapshot, replays the log above it,
 * repairs a torn end, settles the epochs (disk.md 2.5, 3; zab.md R28).
 *
 * <p>Before anything is reported as known it is forced: a dead process leaves records in the page cache that a dead
 * machine would take with it (R6).
 */
final class Recovery {
    /** How many snapshots are tried, as many as Apache tries. */
    private static final int MAX_CANDIDATES = 100;

    private final FileSystem files;
    private final Layout layout;
    private final StorageOptions options;
    private final Notices notices;
    private final PendingChange pending;
    private final RecoverySink sink;

    /**
     * Where the history ends.
     *
     * @param base of the snapshot that replay began with
     * @param lastLogged the last zxid of log and snapshot; {@link Zxid#NONE} if there is no history to trust
     * @param behindLast where its record ends, to append there; null if the next record starts a file
     */
    record Position(Zxid base, Zxid lastLogged, @Nullable Cut behindLast) {
        /** Whether this server may vote with what it has. */
        boolean isTrusted() {
            return !lastLogged.equals(Zxid.NONE);
        }
    }

    Recovery(FileSystem files, Layout layout, StorageOptions options, Notices notices, RecoverySink sink) {
        this.files = files;
        this.layout = layout;
        this.options = options;
        this.notices = notices;
        this.pending = new PendingChange(files, layout);
        this.sink = sink;
    }

    /**
     * Recovers into the sink.
     *
     * @throws StorageException if the files do not form a history that is safe to use
     */
    Position run() throws IOException {
        layout.prepare(notices);
        pending.finishLeftover();
        for (String unfinished : layout.incomings()) {
            files.delete(unfinished);
        }
        Position position = recoverHistory();
        deleteInitializeMarkers();
        settleEpochs(position);
        return position;
    }

    private Position recoverHistory() throws IOException {
        if (!layout.snapshots().isEmpty()) {
            return recoverFromSnapshot();
        }
        String logWithRecords = logWithRecords();
        if (logWithRecords != null) {
            if (!options.trustsLogWithoutSnapshot()) {
                throw new StorageException("there is no snapshot in " + layout.snapshotDirectory() + ", but log "
                        + logWithRecords + " holds transactions: a part of the history is missing. Restore the"
                        + " snapshots, or move the log away to start from an empty database; for a directory of"
                        + " ZooKeeper 3.4 that never took a snapshot set snapshot.trust.empty=true once");
            }
            sink.snapshotStarted(Zxid.ZERO);
            Position replayed = replay(Zxid.ZERO, new LinkedHashMap<>());
            if (replayed.isTrusted()) {
                // From now on the directory is like any other: the log has the base that it was replayed on.
                createDatabase();
            }
            return replayed;
        }
        boolean mayCreate = layout.asides().isEmpty() && (options.createsDatabase() || hasInitializeMarker());
        if (!mayCreate) {
            notices.add("no history in " + layout.snapshotDirectory()
                    + (layout.asides().isEmpty()
                            ? ": neither db.autocreate nor a file named initialize allows an empty database"
                            : " but files set aside because they were damaged")
                    + "; waiting for a leader's snapshot");
            return withoutHistory();
        }
        createDatabase();
        return recoverFromSnapshot();
    }

    private Position withoutHistory() {
        sink.snapshotStarted(Zxid.ZERO);
        return new Position(Zxid.NONE, Zxid.NONE, null);
    }

    private void createDatabase() throws IOException {
        SnapshotStore store = new SnapshotStore(files, layout, options);
        store.writeWhole(Zxid.ZERO, EmptyDatabase.pieces());
    }

    private @Nullable String logWithRecords() throws IOException {
        for (NumberedFile log : layout.logs()) {
            try (LogReader reader = LogReader.open(files, log.path())) {
                if (reader.next() != null || reader.end().kind() == LogReader.EndKind.DAMAGED) {
                    return log.path();
                }
            }
        }
        return null;
    }

    private Position recoverFromSnapshot() throws IOException {
        Map<Zxid, String> broken = new LinkedHashMap<>();
        List<String> reasons = new ArrayList<>();
        for (NumberedFile candidate : layout.snapshots()) {
            if (reasons.size() == MAX_CANDIDATES) {
                break;
            }
            sink.snapshotStarted(candidate.zxid());
            try {
                SnapshotReader.read(files, candidate, sink::snapshotPiece);
                force(candidate);
                // Two files may have the same zxid, one of them compressed.
                broken.remove(candidate.zxid());
                return replay(candidate.zxid(), broken);
            } catch (MalformedException reason) {
                String line = "snapshot " + candidate.path() + " is damaged: " + reason.getMessage();
                notices.add(line);
                reasons.add(line);
                broken.put(candidate.zxid(), candidate.path());
            }
        }
        throw new StorageException("no snapshot can be read, so there is no base for the log: " + reasons.get(0)
                + (reasons.size() > 1 ? ", and " + (reasons.size() - 1) + " older ones too" : "")
                + ". If other servers of the ensemble are healthy, move version-2 away (keep acceptedEpoch and"
                + " currentEpoch in place) and start again; a single server needs a backup");
    }

    /** Replays the log above {@code base}; the newer, broken snapshots must have been only copies of what it holds. */
    private Position replay(Zxid base, Map<Zxid, String> broken) throws IOException {
        Outcome outcome;
        try {
            LogReplay replay = new LogReplay(files, notices, (entry, file, offset) -> {
                broken.remove(entry.zxid());
                give(entry, file, offset);
                return true;
            });
            outcome = replay.run(layout.logs(), base);
            if (!broken.isEmpty()) {
                Map.Entry<Zxid, String> newest = broken.entrySet().iterator().next();
                throw new DamagedLogException("snapshot " + newest.getValue()
                        + " is damaged, and from the older one at zxid " + base + " the log leads to "
                        + outcome.last() + " without passing zxid " + newest.getKey());
            }
        } catch (DamagedLogException damage) {
            if (!options.setsDamageAside()) {
                throw damage;
            }
            notices.add("set logs and snapshots aside: " + damage.getMessage());
            pending.begin(PendingChange.Kind.ASIDE, Zxid.ZERO);
            pending.finish();
            return withoutHistory();
        }
        repair(outcome);
        return new Position(base, outcome.last(), outcome.behindLast());
    }

    private void give(LogEntry entry, NumberedFile file, long offset) {
        try {
            sink.logEntry(entry);
        } catch (MalformedException unreadable) {
            throw new DamagedLogException("log " + file.path() + " has a record of zxid " + entry.zxid() + " at offset "
                    + offset + " that cannot be applied: " + unreadable.getMessage());
        }
    }

    /** R3 and R6. */
    private void repair(Outcome outcome) throws IOException {
        for (Cut cut : outcome.cuts()) {
            pending.cut(cut.file(), cut.offset());
        }
        for (int i = outcome.empties().size() - 1; i >= 0; i--) {
            files.delete(outcome.empties().get(i).path());
        }
        List<NumberedFile> logs = layout.logs();
        if (!logs.isEmpty()) {
            force(logs.get(logs.size() - 1));
        }
        files.forceDirectory(layout.logDirectory());
        files.forceDirectory(layout.snapshotDirectory());
    }

    private void force(NumberedFile file) throws IOException {
        try (FileSystem.WritableFile opened = files.openForWriting(file.path())) {
            opened.force();
        }
    }

    private boolean hasInitializeMarker() throws IOException {
        for (String marker : layout.initializeMarkers()) {
            if (files.exists(marker)) {
                return true;
            }
        }
        return false;
    }

    private void deleteInitializeMarkers() throws IOException {
        for (String marker : layout.initializeMarkers()) {
            if (files.exists(marker)) {
                files.delete(marker);
                files.forceDirectory(marker.substring(0, marker.lastIndexOf('/')));
            }
        }
    }

    /**
     * zab.md R28: a record or snapshot of an epoch proves that its initial history is here. acceptedEpoch is written
     * first, so that it is never the lower one.
     */
    private void settleEpochs(Position position) throws IOException {
        EpochFile acceptedFile = new EpochFile(files, layout, EpochFile.ACCEPTED);
        EpochFile currentFile = new EpochFile(files, layout, EpochFile.CURRENT);
        OptionalLong storedAccepted = acceptedFile.readPromise(notices);
        OptionalLong storedCurrent = currentFile.read(notices);
        if (storedAccepted.isPresent() && storedAccepted.getAsLong() < storedCurrent.orElse(0)) {
            throw new StorageException(acceptedFile.path() + " holds " + storedAccepted.getAsLong() + ", less than "
                    + storedCurrent.getAsLong() + " in " + currentFile.path()
                    + ": one of them was changed by hand or comes from another server; restore the right one");
        }
        long current = Math.max(
                storedCurrent.orElse(0), Math.max(0, position.lastLogged().epoch()));
        long accepted = Math.max(storedAccepted.orElse(0), current);
        acceptedFile.settle(accepted);
        currentFile.settle(current);
        try {
            sink.finished(accepted, current, position.isTrusted());
        } catch (MalformedException unusable) {
            throw new StorageException(
                    "the snapshot and log in " + layout.snapshotDirectory() + " are whole, but make no database: "
                            + unusable.getMessage()
                            + "; this is a defect of the server that wrote them: please report it",
                    unusable);
        }
    }
}
