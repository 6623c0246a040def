package io.matriarch.sim.apache;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How Apache's leader, or a follower that serves observers, brings a learner to its history: DIFF from memory or from disk, TRUNC, or SNAP (zab.md 8.1, 8.2). */
final class ApacheSynchronization {
    private static final long MILLI = 1_000_000;
    /** How often the files of a log are shorter than a third of the newest snapshot (zab.md 8.1). */
    private static final double SHORT_LOGS = 0.7;

    private final LearnerMaster master;
    private final ApacheServer server;
    private final ApacheSurroundings around;

    ApacheSynchronization(LearnerMaster master, ApacheServer server) {
        this.master = master;
        this.server = server;
        this.around = server.around();
    }

    /** Sends what the learner lacks, and NEWLEADER. */
    void begin(LearnerHandler handler) {
        Zxid last = master.lastCommitted();
        ArrayDeque<LogEntry> window = server.committed();
        Zxid min = window.isEmpty() ? last : window.peekFirst().zxid();
        Zxid max = window.isEmpty() ? last : window.peekLast().zxid();
        Zxid p = handler.history;
        if (p.equals(last)) {
            handler.send(PacketType.DIFF, p.value(), null);
            master.forward(handler, last);
        } else if (p.isAfter(max) && p.counter() != 0) {
            handler.send(PacketType.TRUNC, max.value(), null);
            master.forward(handler, max);
        } else if (!min.isAfter(p) && !p.isAfter(max) && walk(handler, server.committed(), p, max)) {
            master.forward(handler, max);
        } else if (min.isAfter(p) && walkFromDisk(handler, p, min, max)) {
            master.forward(handler, max);
        } else {
            snapshot(handler);
        }
    }

    /** Over the log on disk, if it is not too long beside a snapshot, and then over what is in memory. */
    private boolean walkFromDisk(LearnerHandler handler, Zxid p, Zxid min, Zxid max) {
        List<LogEntry> onDisk = server.disk().entriesUpTo(min, p);
        if (onDisk == null || !around.chance().hits(SHORT_LOGS)) {
            return false;
        }
        List<LogEntry> entries = new ArrayList<>(onDisk);
        server.committed().stream().filter(entry -> entry.zxid().isAfter(min)).forEach(entries::add);
        return walk(handler, entries, p, max);
    }

    /** Over committed transactions; false if they do not help. */
    private boolean walk(LearnerHandler handler, Collection<LogEntry> entries, Zxid p, Zxid max) {
        boolean isBegun = false;
        Zxid before = Zxid.ZERO;
        for (LogEntry entry : entries) {
            Zxid zxid = entry.zxid();
            if (!isBegun && p.isAfter(zxid)) {
                before = zxid;
                continue;
            }
            if (!isBegun) {
                isBegun = true;
                if (zxid.equals(p) || p.counter() == 0) {
                    handler.send(PacketType.DIFF, max.value(), null);
                } else if (zxid.epoch() != p.epoch()) {
                    return false;
                } else {
                    handler.send(PacketType.TRUNC, before.value(), null);
                }
                if (zxid.equals(p)) {
                    continue;
                }
            }
            handler.send(PacketType.PROPOSAL, zxid.value(), entry.payload());
            handler.send(PacketType.COMMIT, zxid.value(), null);
        }
        return isBegun;
    }

    /** What is forwarded from the decision on comes behind the snapshot, which may hold it already (fuzzy). */
    private void snapshot(LearnerHandler handler) {
        Zxid from = master.lastCommitted();
        handler.snapshotBegins();
        master.forward(handler, from);
        around.after(around.chance().between(0, 10) * MILLI, () -> {
            if (handler.state == LearnerHandler.State.GONE || master.isOver()) {
                return;
            }
            Zxid label = master.lastCommitted();
            handler.link.send(PacketType.SNAP, label.value(), null);
            for (SnapshotPiece piece : ApacheDisk.pieces(server.tree())) {
                handler.link.sendRaw(piece);
            }
            handler.snapshotWritten();
        });
    }
}
