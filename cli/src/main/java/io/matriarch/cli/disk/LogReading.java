package io.matriarch.cli.disk;

import io.matriarch.core.port.LogEntry;
import io.matriarch.storage.FileSystem;
import io.matriarch.storage.LogScan;
import io.matriarch.storage.StoredFile;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnDigest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the logs of one directory in their order, prints their records and what is wrong with them. */
final class LogReading implements LogScan.Visitor {
    private static final String CRASH_TAIL =
            "harmless if the server crashed while it wrote: Matriarch cuts the file there at its next start, which ZooKeeper"
                    + " can read then too; if the machine did not crash, suspect the disk";
    private static final String EMPTY_FILE =
            "harmless: Matriarch removes it at its next start; before ZooKeeper starts on it, move it away";

    private final FileSystem files;
    private final ZxidRange range;
    private final Appearance appearance;
    private final Report report;
    private final Replay replay;

    private StoredFile file = StoredFile.at("none");
    private boolean isAsked;
    private boolean isLastFile;
    private @Nullable Zxid first;
    private @Nullable Zxid last;
    private long count;

    /** A reading that replays from {@code snapshots}, ascending. */
    LogReading(FileSystem files, List<StoredFile> snapshots, ZxidRange range, Appearance appearance, Report report) {
        this.files = files;
        this.range = range;
        this.appearance = appearance;
        this.report = report;
        this.replay = new Replay(files, snapshots, this::find);
    }

    /** Reads the next file; one that was not asked for is only replayed, and nothing is said of it. */
    void read(StoredFile next, boolean isReported, boolean isLast) throws IOException {
        file = next;
        isAsked = isReported;
        isLastFile = isLast;
        first = null;
        last = null;
        count = 0;
        long verifiedBefore = replay.verifiedCount();
        if (isAsked && !appearance.isJson()) {
            report.print(new Line("file").bare("file", file.path()));
        }
        LogScan.read(files, file, this);
        if (isAsked) {
            summarize(replay.verifiedCount() - verifiedBefore);
        }
    }

    @Override
    public boolean takeRecord(LogEntry entry, long offset, int sizeBytes) throws IOException {
        Zxid zxid = entry.zxid();
        first = first == null ? zxid : first;
        last = zxid;
        count++;
        Txn txn = null;
        try {
            txn = Txn.decode(entry.payload());
        } catch (MalformedException unreadable) {
            find(Finding.wrong(
                    file,
                    offset,
                    zxid,
                    "the checksum is right, but it is no transaction: " + unreadable.getMessage(),
                    Finding.GET_A_SNAPSHOT));
        }
        if (txn != null && isAsked && !appearance.isSummary() && range.contains(zxid)) {
            report.print(line(txn, offset, sizeBytes));
        }
        replay.take(file, offset, zxid, txn);
        return true;
    }

    @Override
    public void takeDamage(LogScan.Damage damage) {
        Zxid next = damage.next();
        if (next != null) {
            String what = damage.what() + "; the record of zxid " + next + " follows at offset " + damage.nextOffset();
            StoredFile holder = replay.holderOfAllBefore(next);
            String remedy = holder == null
                    ? Finding.GET_A_SNAPSHOT
                    : "a start does not need it as long as " + holder.path()
                            + " or a newer snapshot is whole; check the disk";
            find(Finding.wrong(file, damage.offset(), last, what, remedy));
            return;
        }
        String what = damage.what() + (last == null ? "; the file holds no record" : "; no record follows");
        String remedy = isLastFile
                ? damage.hasRecords() ? CRASH_TAIL : EMPTY_FILE
                : "harmless if the next file goes on with the next zxid; else that is reported there";
        find(Finding.wrong(file, damage.offset(), last, what, remedy));
    }

    private void find(Finding finding) {
        if (isAsked) {
            report.print(finding);
        }
    }

    private Line line(Txn txn, long offset, int sizeBytes) {
        Operation operation = Operation.of(txn.header().type(), txn.body());
        Line line = new Line("transaction")
                .json("file", file.path())
                .json("offset", offset)
                .bare("zxid", txn.header().zxid().toString())
                .bare("time", Instant.ofEpochMilli(txn.header().timeMillis()).toString())
                .named("session", Report.hex(txn.header().clientId()))
                .named("cxid", txn.header().cxid());
        describe(line, operation);
        if (!operation.parts().isEmpty()) {
            List<Line> parts = operation.parts().stream()
                    .map(part -> describe(new Line("part"), part))
                    .toList();
            line.shown(
                    "parts",
                    parts.stream().map(Line::fields).toList(),
                    "[" + String.join("; ", parts.stream().map(Line::toString).toList()) + "]");
        }
        TxnDigest digest = txn.digest();
        if (digest != null) {
            line.named("digest", Report.hex(digest.value()));
            line.json("digestVersion", digest.version());
        }
        return line.shown("sizeBytes", sizeBytes, sizeBytes + " bytes at " + offset);
    }

    private Line describe(Line line, Operation operation) {
        line.bare("type", operation.type());
        String path = operation.path();
        if (path != null) {
            line.bare("path", path);
        }
        if (operation.hasData()) {
            line.data(operation.data(), appearance.isWithData());
        }
        return line.all(operation.details());
    }

    private void summarize(long verified) {
        Line line = new Line("summary").json("file", file.path()).shown("records", count, count + " records");
        if (first != null && last != null) {
            line.json("first", first.toString()).shown("last", last.toString(), first + " to " + last);
        }
        report.print(line.shown("digestsVerified", verified, verified + " digests verified by replay"));
    }
}
