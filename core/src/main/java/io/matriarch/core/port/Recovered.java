package io.matriarch.core.port;

import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Zxid;
import java.util.List;

/**
 * What a server knows when it starts, or after it rebuilt its tree from disk.
 *
 * @param tree the tree with every logged transaction applied, committed or not
 * @param snapshotZxid zxid of the snapshot the tree was built from; 0 for an empty database
 * @param lastLogged zxid of the last log record, or of the snapshot if that is newer
 * @param replayedCount log records that were applied above that snapshot
 * @param replayedBytes their length in the log
 * @param recent the last log entries, contiguous, oldest first, ending at {@code lastLogged}; may be empty
 * @param recentBase the position just before the first of {@code recent}; {@code lastLogged} if there is none
 * @param acceptedEpoch highest epoch promised
 * @param currentEpoch epoch of the last leader whose history was taken over in full
 * @param isTrusted false if the log is known to be incomplete: the server must not vote with it (disk.md R4)
 */
public record Recovered(
        DataTree tree,
        Zxid snapshotZxid,
        Zxid lastLogged,
        long replayedCount,
        long replayedBytes,
        List<LogEntry> recent,
        Zxid recentBase,
        long acceptedEpoch,
        long currentEpoch,
        boolean isTrusted) {
    public Recovered {
        recent = List.copyOf(recent);
    }
}
