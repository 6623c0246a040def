package io.matriarch.core.port;

import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;

/**
 * Takes what storage finds on disk, in this order: {@code snapshotStarted}, its pieces, then the log entries above it,
 * ascending. A snapshot that turns out to be broken is followed by another {@code snapshotStarted}: everything taken so
 * far is then forgotten.
 */
public interface RecoverySink {
    /** A snapshot follows; {@code zxid} 0 without any piece is the empty database. */
    void snapshotStarted(Zxid zxid);

    void snapshotPiece(SnapshotPiece piece);

    void logEntry(LogEntry entry);

    /** All is read. {@code isTrusted} false: the log is broken at or below what may have been acknowledged. */
    void finished(long acceptedEpoch, long currentEpoch, boolean isTrusted);
}
