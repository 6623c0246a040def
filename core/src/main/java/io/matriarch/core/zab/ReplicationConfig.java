package io.matriarch.core.zab;

import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.QuorumPacket;

/**
 * How the history is kept and passed on.
 *
 * @param isDigesting whether a leader writes the tree's digest into each transaction, and everybody compares
 *     ({@code zookeeper.digest.enabled}, zab.md 6.2)
 * @param windowEntries committed transactions kept in memory for learners that were away for a moment ({@code
 *     zookeeper.commitLogCount})
 * @param snapshotSizeFactor a learner that missed more than memory holds gets it from the log if that is not longer than so
 *     many times a snapshot; 0 for any length, negative for never ({@code zookeeper.snapshotSizeFactor}, zab.md 8.1)
 * @param maxTxnBytes longest transaction that a leader proposes: what every server can read from the wire and from its log
 *     ({@code jute.maxbuffer}, zab.md 1, D16)
 * @param pieceBytes of a snapshot that are written, or sent before the link has to take them; also the longest slice of work
 *     for one. Others only in tests
 * @param rollOverAt the counter from which on a leader goes into the next epoch, if a quorum can follow it there
 * @param lastCounter the counter after which a leader steps down, if none could ({@code testingonly.lastCounter}); lower than
 *     {@link Zxid#LAST_COUNTER} only to see the end of an epoch without four billion transactions
 */
public record ReplicationConfig(
        boolean isDigesting,
        int windowEntries,
        double snapshotSizeFactor,
        int maxTxnBytes,
        int pieceBytes,
        long rollOverAt,
        long lastCounter) {
    /** Ids that are left when a leader goes into the next epoch: minutes of writes, in which a quorum can come together. */
    private static final long RESERVE = 1 << 20;

    /** Bytes that the smallest limit leaves to a transaction: no session could be opened with less. */
    private static final int MIN_TXN_BYTES = 64;

    /** Apache's defaults, but for a longer window, which is bounded in bytes too. */
    public static final ReplicationConfig DEFAULT = new ReplicationConfig(
            true,
            5_000,
            0.33,
            QuorumPacket.DEFAULT_LENGTH_LIMIT,
            256 << 10,
            Zxid.LAST_COUNTER - RESERVE,
            Zxid.LAST_COUNTER);

    /** Refuses a window without entries, a limit below what a session takes, and an epoch that ends nowhere. */
    public ReplicationConfig {
        if (lastCounter < 1 || lastCounter > Zxid.LAST_COUNTER) {
            throw new IllegalArgumentException("an epoch cannot end at counter " + lastCounter);
        }
        if (windowEntries < 1) {
            throw new IllegalArgumentException("the window must have at least 1 entry, not " + windowEntries);
        }
        if (maxTxnBytes < MIN_TXN_BYTES) {
            throw new IllegalArgumentException(
                    "transactions need " + MIN_TXN_BYTES + " bytes at least, not " + maxTxnBytes);
        }
    }

    /** The same with another limit to the length of transactions. */
    public ReplicationConfig withMaxTxnBytes(int bytes) {
        return new ReplicationConfig(
                isDigesting, windowEntries, snapshotSizeFactor, bytes, pieceBytes, rollOverAt, lastCounter);
    }

    /** The same with another window, and another rule of what learners are given from the log. */
    public ReplicationConfig withWindow(int entries, double sizeFactor) {
        return new ReplicationConfig(
                isDigesting, entries, sizeFactor, maxTxnBytes, pieceBytes, rollOverAt, lastCounter);
    }

    /** The same with pieces of snapshots of another size. */
    public ReplicationConfig withPieceBytes(int bytes) {
        return new ReplicationConfig(
                isDigesting, windowEntries, snapshotSizeFactor, maxTxnBytes, bytes, rollOverAt, lastCounter);
    }

    /** The same with epochs that end at this counter; of few ids at most half are the reserve. */
    public ReplicationConfig withLastCounter(long counter) {
        return new ReplicationConfig(
                isDigesting,
                windowEntries,
                snapshotSizeFactor,
                maxTxnBytes,
                pieceBytes,
                counter - Math.min(RESERVE, counter / 2),
                counter);
    }

    /** Whether a learner may be given what is in the log on disk and no more in memory. */
    boolean readsLog() {
        return snapshotSizeFactor >= 0;
    }
}
