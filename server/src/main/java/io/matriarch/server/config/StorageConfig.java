package io.matriarch.server.config;

import io.matriarch.storage.Purge;
import io.matriarch.storage.SnapshotCompression;

/**
 * What few operators change about files (operations.md 1.2 and 1.3).
 *
 * @param maxLogFileBytes from this size on a log file is followed by another; 0 or less: only at snapshots
 * @param maxBytesBetweenSnapshots how much may be logged between two snapshots; 0 or less: any
 * @param compression how snapshots are written
 * @param slowForceMillis a longer force of the log is told to the operator
 * @param createsDatabase whether an empty directory is an empty database; otherwise only with the file
 *     {@code initialize}, so that a member whose disk was lost cannot outvote those who know better
 * @param trustsLogWithoutSnapshot whether a log without any snapshot is the whole history
 * @param retainedSnapshots how many snapshots a purge keeps, at least 3
 * @param purgeIntervalHours hours between purges; 0 or less: none
 */
public record StorageConfig(
        long maxLogFileBytes,
        long maxBytesBetweenSnapshots,
        SnapshotCompression compression,
        int slowForceMillis,
        boolean createsDatabase,
        boolean trustsLogWithoutSnapshot,
        int retainedSnapshots,
        int purgeIntervalHours) {
    /** As in a zoo.cfg that names none of them. */
    public static final StorageConfig DEFAULT =
            new StorageConfig(0, 4L << 30, SnapshotCompression.NONE, 1000, true, false, Purge.MIN_RETAINED, 0);

    /** The same with purges every so many hours, 0 for none. */
    public StorageConfig withPurge(int retained, int intervalHours) {
        return new StorageConfig(
                maxLogFileBytes,
                maxBytesBetweenSnapshots,
                compression,
                slowForceMillis,
                createsDatabase,
                trustsLogWithoutSnapshot,
                retained,
                intervalHours);
    }

    /** The same, with or without creating a database in an empty directory. */
    public StorageConfig withCreatesDatabase(boolean isCreating) {
        return new StorageConfig(
                maxLogFileBytes,
                maxBytesBetweenSnapshots,
                compression,
                slowForceMillis,
                isCreating,
                trustsLogWithoutSnapshot,
                retainedSnapshots,
                purgeIntervalHours);
    }

    /** The same with snapshots written that way. */
    public StorageConfig withCompression(SnapshotCompression method) {
        return new StorageConfig(
                maxLogFileBytes,
                maxBytesBetweenSnapshots,
                method,
                slowForceMillis,
                createsDatabase,
                trustsLogWithoutSnapshot,
                retainedSnapshots,
                purgeIntervalHours);
    }
}
