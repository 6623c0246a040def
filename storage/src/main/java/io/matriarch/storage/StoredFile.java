package io.matriarch.storage;

import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A log or snapshot, for tools that look at files and change none (disk.md 1).
 *
 * @param directory where it lies
 * @param name its name there
 * @param zxid the one in its name: the first record of a log, what a snapshot contains at least; null if the name is not
 *     one that a server gives
 */
public record StoredFile(
        String directory, String name, @Nullable Zxid zxid) {
    /** The log or snapshot at {@code path}, whatever its name. */
    public static StoredFile at(String path) {
        int slash = path.lastIndexOf('/');
        String directory = slash < 0 ? "." : path.substring(0, Math.max(1, slash));
        String name = path.substring(slash + 1);
        Zxid asLog = zxidOf(name, Layout.LOG_PREFIX, name.length());
        return new StoredFile(directory, name, asLog != null ? asLog : snapshotZxid(name));
    }

    /** The logs in a data directory or its {@code version-2}, ascending by zxid. */
    public static List<StoredFile> logsIn(FileSystem files, String directory) throws IOException {
        List<StoredFile> found = new ArrayList<>();
        String place = placeOf(files, directory);
        for (String name : files.list(place)) {
            Zxid zxid = zxidOf(name, Layout.LOG_PREFIX, name.length());
            if (zxid != null) {
                found.add(new StoredFile(place, name, zxid));
            }
        }
        return ascending(found);
    }

    /** The snapshots in a data directory or its {@code version-2}, ascending by zxid. */
    public static List<StoredFile> snapshotsIn(FileSystem files, String directory) throws IOException {
        List<StoredFile> found = new ArrayList<>();
        String place = placeOf(files, directory);
        for (String name : files.list(place)) {
            Zxid zxid = snapshotZxid(name);
            if (zxid != null) {
                found.add(new StoredFile(place, name, zxid));
            }
        }
        return ascending(found);
    }

    /** Directory and name. */
    public String path() {
        return directory + "/" + name;
    }

    /** The zxid in the name; 0 if there is none. */
    public Zxid zxidOrZero() {
        return zxid == null ? Zxid.ZERO : zxid;
    }

    NumberedFile numbered() {
        return new NumberedFile(directory, name, zxidOrZero());
    }

    private static String placeOf(FileSystem files, String directory) throws IOException {
        String below = directory + Layout.VERSION_DIRECTORY;
        return files.list(below).isEmpty() ? directory : below;
    }

    private static @Nullable Zxid snapshotZxid(String name) {
        return zxidOf(name, Layout.SNAPSHOT_PREFIX, name.length() - Layout.extensionLength(name));
    }

    private static @Nullable Zxid zxidOf(String name, String prefix, int end) {
        OptionalLong zxid = Layout.zxidIn(name, prefix, end);
        return zxid.isPresent() ? new Zxid(zxid.getAsLong()) : null;
    }

    private static List<StoredFile> ascending(List<StoredFile> files) {
        files.sort(Comparator.comparing(StoredFile::zxidOrZero).thenComparing(StoredFile::name));
        return files;
    }
}
