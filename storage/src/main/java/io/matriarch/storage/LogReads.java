package io.matriarch.storage;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.Event.LogRead.Progress;
import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of the log that are being read for learners, each by a cursor of its own. */
final class LogReads {
    /** Compat: larger factors count as this one (zab.md 8.1). */
    private static final double LARGEST_FACTOR = 0.33;

    private final FileSystem files;
    private final Layout layout;
    private final Contiguity contiguity;
    private final Map<Long, LogCursor> cursors = new LinkedHashMap<>();

    LogReads(FileSystem files, Layout layout, Contiguity contiguity) {
        this.files = files;
        this.layout = layout;
        this.contiguity = contiguity;
    }

    /** The next piece. A file that cannot be read, or was purged meanwhile, makes the rest unavailable. */
    Event.LogRead next(Effect.ReadLog effect) throws IOException {
        long id = effect.readId();
        Event.LogRead piece;
        try {
            LogCursor cursor = cursors.get(id);
            if (cursor == null) {
                cursor = open(effect);
            }
            piece = cursor == null ? unavailable(id) : cursor.next(id);
        } catch (IOException unreadable) {
            piece = unavailable(id);
        }
        if (piece.progress() != Progress.MORE) {
            end(id);
        }
        return piece;
    }

    private @Nullable LogCursor open(Effect.ReadLog effect) throws IOException {
        Zxid start = contiguity.start();
        if (start.equals(Zxid.NONE) || start.isAfter(effect.after())) {
            return null;
        }
        List<NumberedFile> all = layout.logs();
        List<NumberedFile> logs = LogCursor.logsFrom(all, effect.after());
        if (logs.isEmpty() || isTooLong(logs, effect.sizeFactor())) {
            return null;
        }
        boolean isStart = effect.after().equals(start) && contiguity.isStartIn(all);
        LogCursor cursor = new LogCursor(files, logs, effect.after(), effect.upTo(), isStart);
        cursors.put(effect.readId(), cursor);
        return cursor;
    }

    /** Whether a snapshot would be shorter: Apache's rule, by the sizes of all files but the first (zab.md 8.1). */
    private boolean isTooLong(List<NumberedFile> logs, double sizeFactor) throws IOException {
        List<NumberedFile> snapshots = layout.snapshots();
        if (sizeFactor == 0 || snapshots.isEmpty()) {
            return false;
        }
        double limit = Math.min(sizeFactor, LARGEST_FACTOR) * size(snapshots.get(0));
        long total = 0;
        for (NumberedFile log : logs.subList(1, logs.size())) {
            total += size(log);
        }
        return total > limit;
    }

    private long size(NumberedFile file) throws IOException {
        try (FileSystem.ReadableFile opened = files.openForReading(file.path())) {
            return opened.size();
        }
    }

    private static Event.LogRead unavailable(long id) {
        return new Event.LogRead(id, List.of(), Progress.UNAVAILABLE);
    }

    /** Nothing more is wanted of this read. */
    void end(long id) throws IOException {
        LogCursor cursor = cursors.remove(id);
        if (cursor != null) {
            cursor.close();
        }
    }

    /** Closes all files. */
    void close() throws IOException {
        for (LogCursor cursor : cursors.values()) {
            cursor.close();
        }
        cursors.clear();
    }
}
