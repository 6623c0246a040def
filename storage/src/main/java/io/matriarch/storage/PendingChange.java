package io.matriarch.storage;

import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.storage.LogReader.LogRecord;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A change of several files that must happen as one. The file {@code pending} is made durable first and says what is to
 * be done; whoever finds it at a start does it, or does it again; when all is durable it goes. So no crash leaves a
 * history made of old and new files (disk.md 11.6, R9, R16).
 *
 * <pre>
 * install 200000000     snapshot.200000000 is the base: all logs and all other snapshots go
 * truncate 100000005    log records, logs and snapshots above it go
 * aside 0               logs and snapshots get names starting with "aside.": this server has no history (R4)
 * </pre>
 */
final class PendingChange {
    private static final String NAME = "pending";
    private static final int HEX = 16;

    private final FileSystem files;
    private final Layout layout;
    private final AtomicFile mark;

    /** What is to be done. */
    enum Kind {
        INSTALL,
        TRUNCATE,
        ASIDE
    }

    PendingChange(FileSystem files, Layout layout) {
        this.files = files;
        this.layout = layout;
        this.mark = new AtomicFile(files, layout.snapshotDirectory(), NAME);
    }

    /** From here on the change will be done, whatever happens; durable on return. */
    void begin(Kind kind, Zxid zxid) throws IOException {
        mark.replace(kind.name().toLowerCase(Locale.ROOT) + " " + Long.toHexString(zxid.value()));
    }

    /** Does what an earlier process announced, if anything; durable on return. */
    void finishLeftover() throws IOException {
        finish(false);
    }

    /** Does what {@link #begin} announced; durable on return. The snapshot of an installation was verified and named. */
    void finish() throws IOException {
        finish(true);
    }

    private void finish(boolean isVerified) throws IOException {
        String line = mark.read();
        if (line == null) {
            return;
        }
        String[] words = line.split(" ", 2);
        Kind kind = kindNamed(words[0]);
        Zxid zxid = words.length == 2 ? zxidFrom(words[1]) : null;
        if (kind == null || zxid == null) {
            throw new StorageException(mark.path() + " holds '" + line
                    + "', which is no change that a server begins; it is not safe to guess: restore the file or move"
                    + " version-2 away");
        }
        switch (kind) {
            case INSTALL -> install(zxid, isVerified);
            case TRUNCATE -> truncate(zxid);
            case ASIDE -> setAside();
        }
        files.forceDirectory(layout.logDirectory());
        files.forceDirectory(layout.snapshotDirectory());
        mark.delete();
    }

    private void install(Zxid zxid, boolean isVerified) throws IOException {
        NumberedFile base = isVerified ? layout.snapshotAt(zxid) : readableAt(zxid);
        if (base == null) {
            // The crash came before the rename: the old history stands.
            return;
        }
        for (NumberedFile log : layout.logs()) {
            files.delete(log.path());
        }
        for (NumberedFile snapshot : layout.snapshots()) {
            if (!snapshot.name().equals(base.name())) {
                files.delete(snapshot.path());
            }
        }
    }

    /** However it is compressed: the setting may have changed since. */
    private @Nullable NumberedFile readableAt(Zxid zxid) throws IOException {
        for (NumberedFile snapshot : layout.snapshots()) {
            if (snapshot.zxid().equals(zxid) && SnapshotReader.isWhole(files, snapshot)) {
                return snapshot;
            }
        }
        return null;
    }

    private void truncate(Zxid to) throws IOException {
        for (NumberedFile snapshot : layout.snapshots()) {
            if (mayExceed(snapshot, to)) {
                files.delete(snapshot.path());
            }
        }
        List<NumberedFile> logs = layout.logs();
        for (int i = logs.size() - 1; i >= 0; i--) {
            NumberedFile log = logs.get(i);
            if (!log.zxid().isAfter(to)) {
                cutAbove(log, to);
                return;
            }
            files.delete(log.path());
        }
    }

    /** Whether the snapshot may hold effects above {@code to}: by its name, or by where a fuzzy one ended. */
    boolean mayExceed(NumberedFile snapshot, Zxid to) throws IOException {
        if (snapshot.zxid().isAfter(to)) {
            return true;
        }
        try {
            return SnapshotReader.read(files, snapshot, piece -> {})
                    .endOf(snapshot.zxid())
                    .isAfter(to);
        } catch (MalformedException broken) {
            return true;
        }
    }

    private void cutAbove(NumberedFile log, Zxid to) throws IOException {
        long firstAbove = -1;
        long kept = 0;
        try (LogReader reader = LogReader.open(files, log.path())) {
            for (LogRecord record = reader.next(); record != null && firstAbove < 0; record = reader.next()) {
                if (record.entry().zxid().isAfter(to)) {
                    firstAbove = record.offset();
                } else {
                    kept++;
                }
            }
        }
        if (kept == 0) {
            files.delete(log.path());
        } else if (firstAbove >= 0) {
            cut(log, firstAbove);
        }
    }

    /** Cuts a file; durable on return. */
    void cut(NumberedFile log, long offset) throws IOException {
        try (FileSystem.WritableFile file = files.openForWriting(log.path())) {
            file.truncate(offset);
            file.force();
        }
    }

    private void setAside() throws IOException {
        for (NumberedFile snapshot : layout.snapshots()) {
            files.rename(snapshot.path(), asidePath(snapshot));
        }
        for (NumberedFile log : layout.logs()) {
            files.rename(log.path(), asidePath(log));
        }
    }

    private static String asidePath(NumberedFile file) {
        return file.directory() + "/" + Layout.ASIDE_PREFIX + file.name();
    }

    private static @Nullable Kind kindNamed(String word) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return kind;
            }
        }
        return null;
    }

    private static @Nullable Zxid zxidFrom(String word) {
        try {
            return new Zxid(Long.parseLong(word, HEX));
        } catch (NumberFormatException notHex) {
            return null;
        }
    }
}
