package io.matriarch.storage;

import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which file lies where, by disk.md 1: {@code version-2/log.<hex zxid of its first record>} below the log directory,
 * {@code version-2/snapshot.<hex zxid it contains>[.gz|.snappy]} and all else below the data directory.
 *
 * <p>Files of our own have names that ZooKeeper ignores: {@code pending} ({@link PendingChange}), {@code contiguous} ({@link
 * Contiguity}), {@code incoming.<id>.tmp[.gz|.snappy]} (a snapshot being written), {@code aside.<old name>} ({@link
 * PendingChange.Kind#ASIDE}).
 */
final class Layout {
    static final String LOG_PREFIX = "log.";
    static final String SNAPSHOT_PREFIX = "snapshot.";
    static final String ASIDE_PREFIX = "aside.";
    static final String INCOMING_PREFIX = "incoming.";
    static final String TMP_SUFFIX = ".tmp";
    static final String GZIP_SUFFIX = ".gz";
    static final String SNAPPY_SUFFIX = ".snappy";

    static final String VERSION_DIRECTORY = "/version-2";
    private static final String INITIALIZE_MARKER = "/initialize";
    private static final int HEX = 16;

    private final FileSystem files;
    private final StorageOptions options;
    private final String snapshotDirectory;
    private final String logDirectory;

    Layout(FileSystem files, StorageOptions options) {
        this.files = files;
        this.options = options;
        this.snapshotDirectory = options.dataDir() + VERSION_DIRECTORY;
        this.logDirectory = options.logDir() + VERSION_DIRECTORY;
    }

    /** A log or snapshot by its name. */
    record NumberedFile(String directory, String name, Zxid zxid) {
        String path() {
            return directory + "/" + name;
        }

        boolean isGzip() {
            return name.endsWith(GZIP_SUFFIX);
        }

        boolean isSnappy() {
            return name.endsWith(SNAPPY_SUFFIX);
        }
    }

    /** Where snapshots and epoch files are. */
    String snapshotDirectory() {
        return snapshotDirectory;
    }

    /** Where logs are. */
    String logDirectory() {
        return logDirectory;
    }

    NumberedFile logStartingAt(Zxid first) {
        return new NumberedFile(logDirectory, LOG_PREFIX + Long.toHexString(first.value()), first);
    }

    /** What a snapshot written now is called. */
    NumberedFile snapshotAt(Zxid zxid) {
        String name = SNAPSHOT_PREFIX
                + Long.toHexString(zxid.value())
                + options.compression().suffix();
        return new NumberedFile(snapshotDirectory, name, zxid);
    }

    /** Where snapshot {@code id} grows; a name that ZooKeeper does not take for a snapshot. */
    String incomingPath(long id) {
        return snapshotDirectory + "/" + INCOMING_PREFIX + id + TMP_SUFFIX
                + options.compression().suffix();
    }

    /** All logs, by zxid. */
    List<NumberedFile> logs() throws IOException {
        List<NumberedFile> found = new ArrayList<>();
        for (String name : files.list(logDirectory)) {
            OptionalLong zxid = zxidIn(name, LOG_PREFIX, name.length());
            if (zxid.isPresent()) {
                found.add(new NumberedFile(logDirectory, name, new Zxid(zxid.getAsLong())));
            }
        }
        found.sort(Comparator.comparing(NumberedFile::zxid));
        return found;
    }

    /** All snapshots, newest first. */
    List<NumberedFile> snapshots() throws IOException {
        List<NumberedFile> found = new ArrayList<>();
        for (String name : files.list(snapshotDirectory)) {
            OptionalLong zxid = zxidIn(name, SNAPSHOT_PREFIX, name.length() - extensionLength(name));
            if (zxid.isPresent()) {
                found.add(new NumberedFile(snapshotDirectory, name, new Zxid(zxid.getAsLong())));
            }
        }
        found.sort(Comparator.comparing(NumberedFile::zxid).reversed().thenComparing(NumberedFile::name));
        return found;
    }

    /** Files set aside earlier, as paths. */
    List<String> asides() throws IOException {
        List<String> found = new ArrayList<>(pathsWith(snapshotDirectory, ASIDE_PREFIX));
        if (!logDirectory.equals(snapshotDirectory)) {
            found.addAll(pathsWith(logDirectory, ASIDE_PREFIX));
        }
        return found;
    }

    /** Snapshots that an earlier process did not finish, as paths. */
    List<String> incomings() throws IOException {
        return pathsWith(snapshotDirectory, INCOMING_PREFIX);
    }

    /** Places where the marker of disk.md 1.2 may be. */
    List<String> initializeMarkers() {
        return List.of(options.dataDir() + INITIALIZE_MARKER, options.logDir() + INITIALIZE_MARKER);
    }

    /**
     * Creates missing directories, and checks that no log is where snapshots belong and none the other way round. Names
     * that look like logs or snapshots but are not ours to read go to {@code notices}.
     */
    void prepare(Notices notices) throws IOException {
        files.createDirectories(snapshotDirectory);
        files.createDirectories(logDirectory);
        if (!logDirectory.equals(snapshotDirectory)) {
            refuseStrays(snapshotDirectory, LOG_PREFIX, "dataLogDir " + logDirectory);
            refuseStrays(logDirectory, SNAPSHOT_PREFIX, "dataDir " + snapshotDirectory);
        }
        for (String path : pathsWith(logDirectory, LOG_PREFIX)) {
            String name = path.substring(logDirectory.length() + 1);
            if (zxidIn(name, LOG_PREFIX, name.length()).isEmpty()) {
                // Deviation: ZooKeeper reads log.5.bak as a log; we only read names that a server writes.
                notices.add("ignored " + path + ": not a name of a log; ZooKeeper would read it, so move it away");
            }
        }
    }

    private void refuseStrays(String directory, String prefix, String home) throws IOException {
        List<String> strays = pathsWith(directory, prefix);
        if (!strays.isEmpty()) {
            throw new StorageException(strays.get(0) + " is in the wrong directory; move it to " + home
                    + " if it belongs to this server's history, else elsewhere");
        }
    }

    private List<String> pathsWith(String directory, String prefix) throws IOException {
        return files.list(directory).stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> directory + "/" + name)
                .toList();
    }

    /** Length of the extension that says how a snapshot is compressed; 0 without. */
    static int extensionLength(String name) {
        if (name.endsWith(GZIP_SUFFIX)) {
            return GZIP_SUFFIX.length();
        }
        return name.endsWith(SNAPPY_SUFFIX) ? SNAPPY_SUFFIX.length() : 0;
    }

    /** The zxid between {@code prefix} and {@code end} in {@code name}; empty if that is no log's or snapshot's name. */
    static OptionalLong zxidIn(String name, String prefix, int end) {
        if (!name.startsWith(prefix) || end <= prefix.length()) {
            return OptionalLong.empty();
        }
        for (int i = prefix.length(); i < end; i++) {
            if (Character.digit(name.charAt(i), HEX) < 0) {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(name, prefix.length(), end, HEX));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }
}
