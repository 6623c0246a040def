package io.matriarch.storage;

import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From which zxid on the log on disk is one history without holes (zab.md R11). A snapshot that came from a leader leaves a
 * hole before it, which nobody sees who finds an epoch's end before it and an epoch's beginning behind it
 * (ZOOKEEPER-2846). So it is written down, in a file that ZooKeeper ignores:
 *
 * <pre>
 * 0 100000001 2000000f1 2000000f0     hexadecimal: the start; the log with the first record above it, 0 while there is
 *                                     none; our newest log; our newest snapshot
 * </pre>
 *
 * <p>A newer log or snapshot is the work of another server on this directory, which may have left a hole: then the start is
 * where replay began, since that server leaves a snapshot behind every hole. Each name is written down before its file gets
 * it. Without the file less is known, never more.
 */
final class Contiguity {
    private static final String NAME = "contiguous";
    private static final int HEX = 16;

    private final AtomicFile file;
    private final Layout layout;
    private Zxid start = Zxid.NONE;
    private Zxid firstLog = Zxid.ZERO;
    private Zxid newestLog = Zxid.ZERO;
    private Zxid newestSnapshot = Zxid.ZERO;

    Contiguity(FileSystem files, Layout layout) {
        this.file = new AtomicFile(files, layout.snapshotDirectory(), NAME);
        this.layout = layout;
    }

    /** Everything logged above it is there; NONE if nothing is known. */
    Zxid start() {
        return start;
    }

    /**
     * Whether the record that follows {@link #start} must be the first above it in {@code logs}: the file that it was
     * written to is still there. Were it purged, the first record of a later epoch could be taken for it.
     */
    boolean isStartIn(List<NumberedFile> logs) {
        return logs.stream().anyMatch(log -> log.zxid().equals(firstLog));
    }

    /** Replay began at the snapshot {@code base} and found the log above it whole. Durable on return. */
    void recovered(Zxid base) throws IOException {
        String line = file.read();
        Zxid[] mark = line == null ? null : parse(line);
        Zxid log = newestLogOnDisk();
        Zxid snapshot = newestSnapshotOnDisk();
        boolean isOurs = mark != null && !log.isAfter(mark[2]) && !snapshot.isAfter(mark[3]);
        boolean reachesBack = isOurs && !mark[0].isAfter(base);
        start = reachesBack ? mark[0] : base;
        firstLog = reachesBack ? mark[1] : firstAbove(base);
        newestLog = log;
        newestSnapshot = snapshot;
        if (!text().equals(line)) {
            file.replace(text());
        }
    }

    /** A log with this name is about to be created. Durable on return. */
    void logComing(Zxid first) throws IOException {
        newestLog = first;
        firstLog = firstLog.equals(Zxid.ZERO) ? first : firstLog;
        file.replace(text());
    }

    /** A snapshot of our own tree is about to get this name. Durable on return. */
    void snapshotComing(Zxid zxid) throws IOException {
        if (zxid.isAfter(newestSnapshot)) {
            newestSnapshot = zxid;
            file.replace(text());
        }
    }

    /** The history was replaced by the snapshot {@code zxid}: there is no log below it or above it. Durable on return. */
    void installed(Zxid zxid) throws IOException {
        start = zxid;
        firstLog = Zxid.ZERO;
        changed();
    }

    /** The log was cut above {@code zxid}. Durable on return. */
    void truncated(Zxid zxid) throws IOException {
        if (!zxid.isAfter(start)) {
            start = zxid;
            firstLog = Zxid.ZERO;
        }
        changed();
    }

    private void changed() throws IOException {
        newestLog = newestLogOnDisk();
        newestSnapshot = newestSnapshotOnDisk();
        file.replace(text());
    }

    /** The newest log that starts at or below the one after {@code base}, else the first (disk.md 3.3). */
    private Zxid firstAbove(Zxid base) throws IOException {
        List<NumberedFile> logs = LogCursor.logsFrom(layout.logs(), base.next());
        return logs.isEmpty() ? Zxid.ZERO : logs.get(0).zxid();
    }

    private Zxid newestLogOnDisk() throws IOException {
        List<NumberedFile> logs = layout.logs();
        return logs.isEmpty() ? Zxid.ZERO : logs.get(logs.size() - 1).zxid();
    }

    private Zxid newestSnapshotOnDisk() throws IOException {
        List<NumberedFile> snapshots = layout.snapshots();
        return snapshots.isEmpty() ? Zxid.ZERO : snapshots.get(0).zxid();
    }

    private String text() {
        return hex(start) + " " + hex(firstLog) + " " + hex(newestLog) + " " + hex(newestSnapshot);
    }

    private static String hex(Zxid zxid) {
        return Long.toHexString(zxid.value());
    }

    private static Zxid @Nullable [] parse(String line) {
        String[] words = line.split(" ");
        Zxid[] mark = new Zxid[4];
        if (words.length != mark.length) {
            return null;
        }
        for (int i = 0; i < mark.length; i++) {
            try {
                mark[i] = new Zxid(Long.parseLong(words[i], HEX));
            } catch (NumberFormatException notHex) {
                return null;
            }
        }
        return mark;
    }
}
