package io.matriarch.storage;

import java.util.function.Consumer;

/** Where a server keeps its files, and how. Never changes; the {@code with} methods answer another. */
public final class StorageOptions {
    /** Growth of a log file unless set otherwise: 64 MiB. */
    public static final long DEFAULT_PRE_ALLOC_BYTES = 64L << 20;

    private String dataDir;
    private String logDir;
    private long preAllocBytes = DEFAULT_PRE_ALLOC_BYTES;
    private long maxLogFileBytes;
    private SnapshotCompression compression = SnapshotCompression.NONE;
    private boolean writesTrailers = true;
    private boolean createsDatabase = true;
    private boolean trustsLogWithoutSnapshot;
    private boolean setsDamageAside;

    private StorageOptions(String dataDir, String logDir) {
        this.dataDir = dataDir;
        this.logDir = logDir;
    }

    /** Everything in {@code dataDir}, with Apache's defaults. */
    public static StorageOptions in(String dataDir) {
        return new StorageOptions(dataDir, dataDir);
    }

    /** Directory of snapshots and epoch files as in zoo.cfg, without {@code version-2}. */
    public String dataDir() {
        return dataDir;
    }

    /** Directory of the transaction log as in zoo.cfg (dataLogDir); the same as dataDir if not separate. */
    public String logDir() {
        return logDir;
    }

    /** By how much a log file grows at once ({@code zookeeper.preAllocSize}, disk.md 2.2); 0 or less: not. */
    public long preAllocBytes() {
        return preAllocBytes;
    }

    /** From this size on a log file is followed by another ({@code txnLogSizeLimitInKb}, disk.md 2.3); 0 or less: never. */
    public long maxLogFileBytes() {
        return maxLogFileBytes;
    }

    /** How snapshots are written; one is read however it is compressed. */
    public SnapshotCompression compression() {
        return compression;
    }

    /**
     * Whether snapshots carry the digest and last-zxid trailers (disk.md 5.6); without, every release reads them whatever
     * its settings.
     */
    public boolean writesTrailers() {
        return writesTrailers;
    }

    /**
     * Whether an empty directory is a new, empty database ({@code zookeeper.db.autocreate}, disk.md 1.2); otherwise only
     * with the marker file {@code initialize}.
     */
    public boolean createsDatabase() {
        return createsDatabase;
    }

    /**
     * Whether a log without any snapshot is replayed onto the empty tree ({@code zookeeper.snapshot.trust.empty}, for
     * directories of ZooKeeper 3.4).
     */
    public boolean trustsLogWithoutSnapshot() {
        return trustsLogWithoutSnapshot;
    }

    /**
     * What to do with a log damaged below its tail: true keeps its files aside and starts as a server that must be given
     * a snapshot by a leader (disk.md R4); false refuses the start by name.
     */
    public boolean setsDamageAside() {
        return setsDamageAside;
    }

    /** The same with the log in {@code directory}. */
    public StorageOptions withLogDir(String directory) {
        return with(options -> options.logDir = directory);
    }

    /** The same with another growth of log files. */
    public StorageOptions withPreAllocBytes(long bytes) {
        return with(options -> options.preAllocBytes = bytes);
    }

    /** The same with another limit of log files. */
    public StorageOptions withMaxLogFileBytes(long bytes) {
        return with(options -> options.maxLogFileBytes = bytes);
    }

    /** The same with another way of writing snapshots. */
    public StorageOptions withCompression(SnapshotCompression method) {
        return with(options -> options.compression = method);
    }

    /** The same with or without trailers in snapshots. */
    public StorageOptions withTrailers(boolean isWriting) {
        return with(options -> options.writesTrailers = isWriting);
    }

    /** The same with or without creating an empty database. */
    public StorageOptions withCreatesDatabase(boolean isCreating) {
        return with(options -> options.createsDatabase = isCreating);
    }

    /** The same with or without trust in a log that has no snapshot. */
    public StorageOptions withTrustInLogWithoutSnapshot(boolean isTrusting) {
        return with(options -> options.trustsLogWithoutSnapshot = isTrusting);
    }

    /** The same with or without setting damaged files aside. */
    public StorageOptions withDamageSetAside(boolean isSetAside) {
        return with(options -> options.setsDamageAside = isSetAside);
    }

    private StorageOptions with(Consumer<StorageOptions> change) {
        StorageOptions other = new StorageOptions(dataDir, logDir);
        other.preAllocBytes = preAllocBytes;
        other.maxLogFileBytes = maxLogFileBytes;
        other.compression = compression;
        other.writesTrailers = writesTrailers;
        other.createsDatabase = createsDatabase;
        other.trustsLogWithoutSnapshot = trustsLogWithoutSnapshot;
        other.setsDamageAside = setsDamageAside;
        change.accept(other);
        return other;
    }
}
