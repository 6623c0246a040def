package io.matriarch.storage;

import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.storage.LogReplay.Outcome;
import io.matriarch.wire.Zxid;
import java.io.IOException;

/**
 * Cuts the history back to a zxid (disk.md R9, zab.md R17): what remains must be a snapshot that holds nothing above it
 * and a contiguous log from there to it. Where there is no such base, all files are set aside, and the server asks for a
 * snapshot: it never keeps a history that is neither the old nor the wanted one.
 */
final class Truncation {
    private final FileSystem files;
    private final Layout layout;
    private final PendingChange pending;
    private final Notices notices;

    Truncation(FileSystem files, Layout layout, Notices notices) {
        this.files = files;
        this.layout = layout;
        this.pending = new PendingChange(files, layout);
        this.notices = notices;
    }

    /** Cuts everything above {@code to}; durable on return. False if no base was found and all was set aside. */
    boolean cutTo(Zxid to) throws IOException {
        boolean isPossible = leadsTo(to);
        if (!isPossible) {
            notices.add("set logs and snapshots in " + layout.snapshotDirectory()
                    + " aside: they were to be truncated to zxid " + to
                    + ", which no snapshot and log lead to; waiting for a leader's snapshot");
        }
        pending.begin(isPossible ? PendingChange.Kind.TRUNCATE : PendingChange.Kind.ASIDE, to);
        pending.finish();
        return isPossible;
    }

    private boolean leadsTo(Zxid to) throws IOException {
        for (NumberedFile snapshot : layout.snapshots()) {
            if (!pending.mayExceed(snapshot, to)) {
                return snapshot.zxid().equals(to) || logLeadsTo(to, snapshot.zxid());
            }
        }
        return false;
    }

    private boolean logLeadsTo(Zxid to, Zxid base) throws IOException {
        try {
            LogReplay replay = new LogReplay(
                    files, notices, (entry, file, offset) -> !entry.zxid().isAfter(to));
            Outcome outcome = replay.run(layout.logs(), base);
            // (e,0) is the label of a history, never a record in it.
            return outcome.last().equals(to) || to.counter() == 0;
        } catch (DamagedLogException damage) {
            notices.add(damage.getMessage());
            return false;
        }
    }
}
