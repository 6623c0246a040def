package io.matriarch.storage;

import io.matriarch.core.port.LogEntry;
import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.storage.LogReader.EndKind;
import io.matriarch.storage.LogReader.Identity;
import io.matriarch.storage.LogReader.LogEnd;
import io.matriarch.storage.LogReader.LogRecord;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history above a base through all log files that hold a part of it, and refuses whatever is not contiguous
 * (disk.md R1, R2, R4, R7). Changes nothing on disk; {@link Outcome} says what should be.
 *
 * <p>Contiguous means: each zxid is the one before plus one, or has counter 1 in a later epoch. That one rule also
 * decides whether a torn end in the middle of the files lost anything.
 */
final class LogReplay {
    /** How many zxids back a duplicate can be recognised for what it is. */
    private static final int REMEMBERED = 1024;

    private static final int ERROR_TYPE = -1;

    private final FileSystem files;
    private final Notices notices;
    private final Taker taker;
    private final Map<Zxid, Identity> remembered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Zxid, Identity> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final List<Cut> cuts = new ArrayList<>();
    private final List<NumberedFile> empties = new ArrayList<>();

    private Zxid last = Zxid.NONE;
    private boolean isStopped;
    private @Nullable Cut behindLast;

    /** Takes the records above the base, ascending; false ends the reading. */
    @FunctionalInterface
    interface Taker {
        boolean take(LogEntry entry, NumberedFile file, long offset);
    }

    /** A file and the offset behind its last good record. */
    record Cut(NumberedFile file, long offset) {}

    /**
     * What was read.
     *
     * @param last the last zxid taken, or the base
     * @param cuts files that end in something torn, and where to cut them
     * @param empties files without any record
     * @param behindLast where the record {@code last} ends, if nothing but zeros or a cut follows; null if there is none
     */
    record Outcome(
            Zxid last,
            List<Cut> cuts,
            List<NumberedFile> empties,
            @Nullable Cut behindLast) {}

    LogReplay(FileSystem files, Notices notices, Taker taker) {
        this.files = files;
        this.notices = notices;
        this.taker = taker;
    }

    /**
     * Reads {@code logs}, ascending by name, above {@code base}.
     *
     * @throws DamagedLogException if something above {@code base} is damaged or missing
     */
    Outcome run(List<NumberedFile> logs, Zxid base) throws IOException {
        last = base;
        for (int i = firstNeeded(logs, base); i < logs.size() && !isStopped; i++) {
            NumberedFile file = logs.get(i);
            try (LogReader reader = LogReader.open(files, file.path())) {
                read(reader, file, base, i == logs.size() - 1);
            }
        }
        return new Outcome(last, List.copyOf(cuts), List.copyOf(empties), behindLast);
    }

    /** The newest file that starts at or below base + 1 (disk.md 3.3). */
    private static int firstNeeded(List<NumberedFile> logs, Zxid base) {
        int first = 0;
        for (int i = 0; i < logs.size() && !logs.get(i).zxid().isAfter(base.next()); i++) {
            first = i;
        }
        return first;
    }

    private void read(LogReader reader, NumberedFile file, Zxid base, boolean isLastFile) throws IOException {
        long end = 0;
        while (!isStopped) {
            for (LogRecord record = reader.next(); record != null && !isStopped; record = reader.next()) {
                take(record, file, base);
                end = record.end();
            }
            if (isStopped) {
                return;
            }
            LogEnd what = reader.end();
            LogRecord later = what.later();
            if (what.kind() != EndKind.DAMAGED || (isLastFile && what.isLostSector())) {
                close(what, file, end);
                return;
            }
            if (later == null || later.entry().zxid().isAfter(base.next())) {
                throw damaged(file, what);
            }
            // All that is lost here is in the base.
            notices.add("ignored damage in " + file.path() + " at offset " + what.offset() + ": " + what.reason()
                    + "; the snapshot holds everything up to " + base);
            reader.resumeAt(later);
        }
    }

    private void close(LogEnd what, NumberedFile file, long end) {
        boolean isEmpty = end == 0;
        if (isEmpty) {
            empties.add(file);
        }
        if (what.kind() == EndKind.CLEAN) {
            return;
        }
        if (!isEmpty) {
            cuts.add(new Cut(file, end));
        }
        notices.add("torn end of " + file.path() + " behind " + last + " at offset " + what.offset() + ": "
                + what.reason() + (isEmpty ? "; the file holds no record" : ""));
    }

    private static DamagedLogException damaged(NumberedFile file, LogEnd what) {
        LogRecord later = what.later();
        return new DamagedLogException("log " + file.path() + " is damaged at offset " + what.offset() + ": "
                + what.reason()
                + (later == null
                        ? ""
                        : ", and the record of zxid " + later.entry().zxid() + " follows at offset " + later.offset()));
    }

    private void take(LogRecord record, NumberedFile file, Zxid base) {
        Zxid zxid = record.entry().zxid();
        if (!zxid.isAfter(base)) {
            behindLast = zxid.equals(base) ? new Cut(file, record.end()) : null;
            return;
        }
        if (!zxid.isAfter(last)) {
            skipDuplicate(record, file);
            behindLast = behindLast == null ? null : new Cut(file, record.end());
            return;
        }
        boolean isContiguous = zxid.equals(last.next()) || (zxid.epoch() > last.epoch() && zxid.counter() == 1);
        if (!isContiguous) {
            throw new DamagedLogException("records are missing: log " + file.path() + " has zxid " + zxid
                    + " at offset " + record.offset() + ", but the history before it ends at " + last);
        }
        if (!taker.take(record.entry(), file, record.offset())) {
            isStopped = true;
            return;
        }
        last = zxid;
        remembered.put(zxid, record.identity());
        behindLast = new Cut(file, record.end());
    }

    /** R7. Compat: Apache leaves duplicates behind when a role change is cut short, and error records by D1 of zab.md. */
    private void skipDuplicate(LogRecord record, NumberedFile file) {
        Zxid zxid = record.entry().zxid();
        Identity first = remembered.get(zxid);
        Identity second = record.identity();
        boolean isForgotten = first == null && remembered.size() == REMEMBERED;
        if (!isForgotten && !second.equals(first) && (first == null || second.type() != ERROR_TYPE)) {
            throw new DamagedLogException("log " + file.path() + " has a second, different record of zxid " + zxid
                    + " at offset " + record.offset() + ", behind " + last);
        }
        notices.add("skipped a second record of zxid " + zxid + " in " + file.path() + " at offset " + record.offset());
    }
}
