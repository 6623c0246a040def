package io.matriarch.core.zab;

import io.matriarch.wire.Zxid;

/**
 * How the history is kept and passed on.
 *
 * @param isDigesting whether a leader writes the tree's digest into each transaction, and everybody compares
 *     ({@code zookeeper.digest.enabled}, zab.md 6.2)
 * @param windowEntries committed transactions kept in memory for learners that were away for a moment ({@code
 *     zookeeper.commitLogCount})
 * @param snapshotSizeFactor a learner that missed more than memory holds gets it from the log if that is not longer than so
 *     many times a snapshot; 0 for any length, negative for never ({@code zookeeper.snapshotSizeFactor}, zab.md 8.1)
 * @param rollOverAt the counter from which on a leader goes into the next epoch, if a quorum can follow it there
 */
public record ReplicationConfig(boolean isDigesting, int windowEntries, double snapshotSizeFactor, long rollOverAt) {
    /** Apache's defaults, but for a longer window, which is bounded in bytes too. */
    public static final ReplicationConfig DEFAULT =
            new ReplicationConfig(true, 5_000, 0.33, Zxid.LAST_COUNTER - (1 << 20));

    /** Refuses a window without entries. */
    public ReplicationConfig {
        if (windowEntries < 1) {
            throw new IllegalArgumentException("the window must have at least 1 entry, not " + windowEntries);
        }
    }

    /** Whether a learner may be given what is in the log on disk and no more in memory. */
    boolean readsLog() {
        return snapshotSizeFactor >= 0;
    }
}
