package io.matriarch.cli.disk;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.tree.DataTree;
import io.matriarch.storage.FileSystem;
import io.matriarch.storage.LogScan;
import io.matriarch.storage.SnapshotScan;
import io.matriarch.storage.StoredFile;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.Txn;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one snapshot, prints what it holds and what is wrong with it. */
final class SnapshotReading {
    private static final String ANOTHER_BASE =
            "a start falls back to the next older snapshot and the log above it, if that reaches as far; keep those, move"
                    + " this file away; if there is none older: " + Finding.GET_A_SNAPSHOT;

    private final FileSystem files;
    private final StoredFile file;
    private final List<StoredFile> logs;
    private final ZxidRange range;
    private final Appearance appearance;
    private final Report report;
    private final DataTree.Loader loader = new DataTree.Loader();

    private long sessionCount;
    private long aclCount;
    private long nodeCount;
    private long dataBytes;

    /** A reading of {@code file}, with the logs, ascending, that may go on from it. */
    SnapshotReading(
            FileSystem files,
            StoredFile file,
            List<StoredFile> logs,
            ZxidRange range,
            Appearance appearance,
            Report report) {
        this.files = files;
        this.file = file;
        this.logs = logs;
        this.range = range;
        this.appearance = appearance;
        this.report = report;
    }

    void read() throws IOException {
        if (!appearance.isJson()) {
            report.print(new Line("file").bare("file", file.path()));
        }
        SnapshotScan scan = SnapshotScan.read(files, file, this::take);
        if (scan.damage() != null) {
            report.print(Finding.wrong(file, scan.goodBytes(), file.zxid(), scan.damage(), ANOTHER_BASE));
            report.print(summary(scan));
            return;
        }
        DataTree tree = loader.finish(file.zxidOrZero());
        long digest = tree.digest();
        String verdict = verdict(scan, tree, digest);
        report.print(summary(scan).named("digest", Report.hex(digest)).bare("verdict", verdict));
    }

    private void take(SnapshotPiece piece) {
        loader.accept(piece);
        if (piece instanceof SnapshotPiece.Tables tables) {
            sessionCount = tables.sessions().size();
            aclCount = tables.acls().size();
            tables.sessions()
                    .forEach((id, timeout) -> print(
                            new Line("session").named("session", Report.hex(id)).named("timeoutMillis", timeout)));
            tables.acls()
                    .forEach((id, acl) -> print(new Line("acl").named("acl", id).bare("entries", Operation.text(acl))));
        } else if (piece instanceof SnapshotPiece.Nodes nodes) {
            for (NodeRecord node : nodes.nodes()) {
                nodeCount++;
                dataBytes += node.data() == null ? 0 : node.data().length();
                if (range.contains(new Zxid(Math.max(node.mzxid(), node.pzxid())))) {
                    print(line(node));
                }
            }
        }
    }

    private void print(Line line) {
        if (!appearance.isSummary()) {
            report.print(line.json("file", file.path()));
        }
    }

    private Line line(NodeRecord node) {
        Line line = new Line("znode")
                .bare("path", node.path().isEmpty() ? "/" : node.path())
                .data(node.data(), appearance.isWithData())
                .named("acl", node.aclId())
                .named("czxid", Report.hex(node.czxid()))
                .named("mzxid", Report.hex(node.mzxid()))
                .named("pzxid", Report.hex(node.pzxid()))
                .named("ctime", Instant.ofEpochMilli(node.ctime()).toString())
                .named("mtime", Instant.ofEpochMilli(node.mtime()).toString())
                .named("version", node.version())
                .named("cversion", node.cversion())
                .named("aversion", node.aversion());
        String owner = Report.hex(node.ephemeralOwner());
        return node.ephemeralOwner() == 0 ? line.json("owner", owner) : line.named("owner", owner);
    }

    /** What the trailer and the log above say of the tree's digest. */
    private String verdict(SnapshotScan scan, DataTree tree, long digest) throws IOException {
        long wrongBefore = report.wrongCount();
        boolean isNamed = file.zxid() != null;
        Zxid digestZxid = scan.digestZxid();
        boolean isByTrailer = digestZxid != null && digestZxid.equals(file.zxid()) && scan.digest() == digest;
        Replay replay = new Replay(files, List.of(), report::print);
        replay.begin(file, scan, tree);
        if (isNamed) {
            replayOnto(replay);
        }
        if (report.wrongCount() > wrongBefore) {
            return "digest is wrong";
        }
        boolean isByLog = replay.verifiedCount() > 0;
        if (!isByLog) {
            requireAcls(tree);
        }
        if (isByTrailer || isByLog) {
            return "digest verified by " + (isByTrailer ? isByLog ? "trailer and log" : "trailer" : "log");
        }
        if (digestZxid != null && digestZxid.equals(file.zxid()) && scan.digest() != 0) {
            report.print(
                    Finding.note(
                            file,
                            -1,
                            file.zxid(),
                            "the trailer gives the digest " + Report.hex(scan.digest()) + ", the znodes make "
                                    + Report.hex(digest)
                                    + ": a busy ZooKeeper writes such ones; only the log above it could tell, and is not here"));
        }
        return "digest not verified";
    }

    private void replayOnto(Replay replay) throws IOException {
        for (int i = firstNeeded(); i < logs.size() && !replay.isDecided(); i++) {
            StoredFile log = logs.get(i);
            LogScan.read(files, log, new LogScan.Visitor() {
                @Override
                public boolean takeRecord(LogEntry entry, long offset, int sizeBytes) throws IOException {
                    if (!entry.zxid().isAfter(replay.last())) {
                        return true;
                    }
                    if (!replay.goesOnWith(entry.zxid())) {
                        // The log goes on from a later snapshot: it says nothing of this one.
                        replay.giveUp();
                        return false;
                    }
                    replay.take(log, offset, entry.zxid(), decoded(entry));
                    return !replay.isDecided();
                }

                @Override
                public void takeDamage(LogScan.Damage damage) {
                    // For bin/matriarch log to report.
                }
            });
        }
    }

    /** The newest log that starts at or below the zxid after the snapshot's (disk.md 3.3). */
    private int firstNeeded() {
        int first = 0;
        Zxid next = file.zxidOrZero().next();
        for (int i = 0; i < logs.size() && !logs.get(i).zxidOrZero().isAfter(next); i++) {
            first = i;
        }
        return first;
    }

    private static @Nullable Txn decoded(LogEntry entry) {
        try {
            return Txn.decode(entry.payload());
        } catch (MalformedException unreadable) {
            return null;
        }
    }

    private void requireAcls(DataTree tree) {
        try {
            tree.requireResolvedAcls();
        } catch (MalformedException missing) {
            report.print(Finding.wrong(file, -1, file.zxid(), missing.getMessage(), ANOTHER_BASE));
        }
    }

    private Line summary(SnapshotScan scan) {
        Line line = new Line("summary")
                .json("file", file.path())
                .shown("sessions", sessionCount, sessionCount + " sessions")
                .shown("acls", aclCount, aclCount + " access lists")
                .shown("znodes", nodeCount, nodeCount + " znodes")
                .shown("dataBytes", dataBytes, dataBytes + " bytes of data");
        Zxid end = scan.endOf(file.zxidOrZero());
        if (file.zxid() != null && end.isAfter(file.zxidOrZero())) {
            line.shown("fuzzyUntil", end.toString(), "fuzzy until " + end);
        }
        return line;
    }
}
