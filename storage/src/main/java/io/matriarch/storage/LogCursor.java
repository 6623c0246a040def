package io.matriarch.storage;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.Event.LogRead.Progress;
import io.matriarch.core.port.LogEntry;
import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.storage.LogReader.LogRecord;
import io.matriarch.wire.Zxid;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of the log for a learner, piece by piece, while the log grows (zab.md 8.1 case 5, R10, R11). It begins
 * right behind a position that the log must hold: the record of that zxid, the start of the known history, or the beginning
 * of an epoch of which the first record is there. Every entry must follow the one before it.
 */
final class LogCursor implements Closeable {
    /** Bytes of entries in a piece, if one entry is not longer. */
    private static final int PIECE_BYTES = 256 << 10;

    /** Bytes of records passed over in search of the position before the reading is interrupted: forces wait for it. */
    private static final int SEARCH_BYTES = 256 << 10;

    private final FileSystem files;
    private final Iterator<NumberedFile> logs;
    private final Zxid upTo;
    private Zxid last;
    private boolean isFound;
    private @Nullable LogReader reader;

    /**
     * Begins behind {@code after}.
     *
     * @param logs the file that holds the position, and all later ones
     * @param upTo the last zxid that is wanted
     * @param isStart whether {@code after} is where the known history begins
     */
    LogCursor(FileSystem files, List<NumberedFile> logs, Zxid after, Zxid upTo, boolean isStart) {
        this.files = files;
        this.logs = logs.iterator();
        this.upTo = upTo;
        this.last = after;
        this.isFound = isStart;
    }

    /** The newest log that starts at or below {@code zxid}, or the first, and all behind it. */
    static List<NumberedFile> logsFrom(List<NumberedFile> all, Zxid zxid) {
        int first = 0;
        for (int i = 0; i < all.size() && !all.get(i).zxid().isAfter(zxid); i++) {
            first = i;
        }
        return all.subList(first, all.size());
    }

    /** The next piece, perhaps without entries. Nothing is to be read after one that is not {@link Progress#MORE}. */
    Event.LogRead next(long readId) throws IOException {
        List<LogEntry> entries = new ArrayList<>();
        long pieceBytes = 0;
        long searchedBytes = 0;
        while (pieceBytes < PIECE_BYTES && searchedBytes < SEARCH_BYTES) {
            LogRecord record = nextRecord();
            if (record == null || record.entry().zxid().isAfter(upTo)) {
                // The label of a snapshot, (e,0), is the end of a history without being a record of it.
                boolean isWhole = isFound && (last.equals(upTo) || upTo.counter() == 0);
                return new Event.LogRead(readId, entries, isWhole ? Progress.DONE : Progress.UNAVAILABLE);
            }
            Zxid zxid = record.entry().zxid();
            int bytes = record.entry().payload().length();
            if (!zxid.isAfter(last)) {
                isFound |= zxid.equals(last);
                searchedBytes += bytes;
            } else if (follows(zxid)) {
                isFound = true;
                entries.add(record.entry());
                pieceBytes += bytes;
                last = zxid;
                if (zxid.equals(upTo)) {
                    return new Event.LogRead(readId, entries, Progress.DONE);
                }
            } else {
                return new Event.LogRead(readId, List.of(), Progress.UNAVAILABLE);
            }
        }
        return new Event.LogRead(readId, entries, Progress.MORE);
    }

    private boolean follows(Zxid zxid) {
        boolean isNext = zxid.equals(last.next());
        if (!isFound) {
            // (e,0) stands for all before (e,1).
            return isNext && last.counter() == 0;
        }
        return isNext || (zxid.epoch() > last.epoch() && zxid.counter() == 1);
    }

    private @Nullable LogRecord nextRecord() throws IOException {
        while (true) {
            LogReader current = reader;
            LogRecord record = current == null ? null : current.next();
            if (record != null || !logs.hasNext()) {
                return record;
            }
            close();
            reader = LogReader.open(files, logs.next().path());
        }
    }

    @Override
    public void close() throws IOException {
        LogReader closing = reader;
        reader = null;
        if (closing != null) {
            closing.close();
        }
    }
}
