package io.matriarch.server.config;

import io.matriarch.storage.Purge;
import io.matriarch.storage.SnapshotCompression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What concerns files: where they are, how they grow, when they are forced, when they go. */
final class StorageReader {
    private static final int KILO = 1024;

    private final Settings settings;
    private final ConfigValues values;

    StorageReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        values.dataDir = settings.path("dataDir");
        values.dataLogDir = settings.path("dataLogDir");
        values.snapCount = settings.number("snapCount", values.snapCount);
        values.preAllocBytes = 1L * KILO * settings.number("preAllocSize", (int) (values.preAllocBytes / KILO));
        values.forcesLog = readForceSync();
        StorageConfig standard = StorageConfig.DEFAULT;
        values.storage = new StorageConfig(
                1L * KILO * settings.number("txnLogSizeLimitInKb", 0),
                1L * KILO * settings.number("snapSizeLimitInKb", (int) (standard.maxBytesBetweenSnapshots() / KILO)),
                readCompression(),
                readSlowForceMillis(),
                settings.isTrue("db.autocreate", true),
                settings.isTrue("snapshot.trust.empty", false),
                readRetained(),
                settings.number("autopurge.purgeInterval", 0));
        if (!settings.isTrue("datadir.autocreate", true)) {
            requireVersioned("dataDir", values.dataDir);
            requireVersioned("dataLogDir", values.dataLogDir);
        }
    }

    /** Deviation: Apache takes every text but "yes" for no, so that a slip of the pen costs durability. */
    private boolean readForceSync() {
        String text = settings.textOr("forceSync", "yes").toLowerCase(Locale.ROOT);
        if (!text.equals("yes") && !text.equals("no")) {
            settings.warn("forceSync", "must be yes or no; the log is forced");
        } else if (text.equals("no")) {
            settings.warn("forceSync", "a power failure can lose what clients were told is written");
        }
        return !text.equals("no");
    }

    private SnapshotCompression readCompression() {
        String method = settings.textOr("snapshot.compression.method", "");
        return switch (method) {
            case "" -> SnapshotCompression.NONE;
            case "gz" -> SnapshotCompression.GZIP;
            case "snappy" -> SnapshotCompression.SNAPPY;
            default -> {
                settings.add("snapshot.compression.method", "must be gz, snappy or empty");
                yield SnapshotCompression.NONE;
            }
        };
    }

    /** Compat: also an option of the JVM without the usual prefix. */
    private int readSlowForceMillis() {
        String key = "fsync.warningthresholdms";
        int otherwise = StorageConfig.DEFAULT.slowForceMillis();
        String plain = settings.systemProperty(key);
        if (settings.has(key) || settings.systemProperty(Settings.PREFIX + key) != null || plain == null) {
            return settings.number(key, otherwise);
        }
        try {
            return Integer.parseInt(plain.strip());
        } catch (NumberFormatException e) {
            settings.add(key, "must be a whole number");
            return otherwise;
        }
    }

    private int readRetained() {
        int retained = settings.number("autopurge.snapRetainCount", Purge.MIN_RETAINED);
        if (retained < Purge.MIN_RETAINED) {
            // Compat: Apache keeps three then, too.
            settings.warn("autopurge.snapRetainCount", "at least " + Purge.MIN_RETAINED + " are kept");
        }
        return Math.max(Purge.MIN_RETAINED, retained);
    }

    private void requireVersioned(String key, @Nullable Path dir) {
        if (dir != null && !Files.exists(dir.resolve(DirectoryRules.VERSIONED))) {
            settings.addDirectory(
                    key,
                    dir.resolve(DirectoryRules.VERSIONED)
                            + " does not exist, and datadir.autocreate=false; create it if"
                            + " this is a new server, or mount the disk that it should be on");
        }
    }
}
