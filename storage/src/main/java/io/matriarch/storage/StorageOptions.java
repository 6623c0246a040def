package io.matriarch.storage;

/**
 * Where a server keeps its files, and how.
 *
 * @param dataDir directory of snapshots and epoch files as in zoo.cfg, without {@code version-2}
 * @param logDir directory of the transaction log as in zoo.cfg (dataLogDir); the same as dataDir if not separate
 * @param preAllocBytes by how much a log file grows at once ({@code zookeeper.preAllocSize}, disk.md 2.2); 0 or less: not
 * @param writesTrailers whether snapshots carry the digest and last-zxid trailers (disk.md 5.6); without, every release
 *     reads them whatever its settings
 * @param createsDatabase whether an empty directory is a new, empty database ({@code zookeeper.db.autocreate}, disk.md
 *     1.2); otherwise only with the marker file {@code initialize}
 * @param trustsLogWithoutSnapshot whether a log without any snapshot is replayed onto the empty tree
 *     ({@code zookeeper.snapshot.trust.empty}, for directories of ZooKeeper 3.4)
 * @param setsDamageAside what to do with a log damaged below its tail: true keeps its files aside and starts as a server
 *     that must be given a snapshot by a leader (disk.md R4); false refuses the start by name
 */
public record StorageOptions(
        String dataDir,
        String logDir,
        long preAllocBytes,
        boolean writesTrailers,
        boolean createsDatabase,
        boolean trustsLogWithoutSnapshot,
        boolean setsDamageAside) {
    /** Growth of a log file unless set otherwise: 64 MiB. */
    public static final long DEFAULT_PRE_ALLOC_BYTES = 64L << 20;

    /** Everything in {@code dataDir}, with Apache's defaults. */
    public static StorageOptions in(String dataDir) {
        return new StorageOptions(dataDir, dataDir, DEFAULT_PRE_ALLOC_BYTES, true, true, false, false);
    }

    /** The same with the log in {@code directory}. */
    public StorageOptions withLogDir(String directory) {
        return new StorageOptions(
                dataDir,
                directory,
                preAllocBytes,
                writesTrailers,
                createsDatabase,
                trustsLogWithoutSnapshot,
                setsDamageAside);
    }

    /** The same with another growth of log files. */
    public StorageOptions withPreAllocBytes(long bytes) {
        return new StorageOptions(
                dataDir, logDir, bytes, writesTrailers, createsDatabase, trustsLogWithoutSnapshot, setsDamageAside);
    }

    /** The same with or without trailers in snapshots. */
    public StorageOptions withTrailers(boolean isWriting) {
        return new StorageOptions(
                dataDir, logDir, preAllocBytes, isWriting, createsDatabase, trustsLogWithoutSnapshot, setsDamageAside);
    }

    /** The same with or without creating an empty database. */
    public StorageOptions withCreatesDatabase(boolean isCreating) {
        return new StorageOptions(
                dataDir, logDir, preAllocBytes, writesTrailers, isCreating, trustsLogWithoutSnapshot, setsDamageAside);
    }

    /** The same with or without trust in a log that has no snapshot. */
    public StorageOptions withTrustInLogWithoutSnapshot(boolean isTrusting) {
        return new StorageOptions(
                dataDir, logDir, preAllocBytes, writesTrailers, createsDatabase, isTrusting, setsDamageAside);
    }

    /** The same with or without setting damaged files aside. */
    public StorageOptions withDamageSetAside(boolean isSetAside) {
        return new StorageOptions(
                dataDir, logDir, preAllocBytes, writesTrailers, createsDatabase, trustsLogWithoutSnapshot, isSetAside);
    }
}
