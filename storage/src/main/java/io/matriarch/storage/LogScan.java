package io.matriarch.storage;

import io.matriarch.core.port.LogEntry;
import io.matriarch.storage.LogReader.EndKind;
import io.matriarch.storage.LogReader.LogEnd;
import io.matriarch.storage.LogReader.LogRecord;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads every record of one log file that can be read, and goes on behind damage. Changes nothing (disk.md 2, R1). */
public final class LogScan {
    private LogScan() {}

    /** Takes what is found, in the order of the file. */
    public interface Visitor {
        /**
         * A record with a right checksum.
         *
         * @param offset where in the file it starts
         * @param sizeBytes of the whole record; the next one starts behind them
         * @return whether to go on
         */
        boolean takeRecord(LogEntry entry, long offset, int sizeBytes) throws IOException;

        /** Something that is neither a record nor space ahead of the writes. */
        void takeDamage(Damage damage) throws IOException;
    }

    /**
     * Bytes that are no record.
     *
     * @param offset where they begin
     * @param what is wrong with them
     * @param next the record that follows; null if none does, which is how a crash leaves the end of a log
     * @param nextOffset where that one starts, else -1
     * @param hasRecords whether there is any record in the file before
     */
    public record Damage(long offset, String what, @Nullable Zxid next, long nextOffset, boolean hasRecords) {}

    /** Reads {@code file} from its beginning. */
    public static void read(FileSystem files, StoredFile file, Visitor visitor) throws IOException {
        try (LogReader reader = LogReader.open(files, file.path())) {
            boolean hasRecords = false;
            while (true) {
                for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                    hasRecords = true;
                    int sizeBytes = (int) (record.end() - record.offset());
                    if (!visitor.takeRecord(record.entry(), record.offset(), sizeBytes)) {
                        return;
                    }
                }
                LogEnd end = reader.end();
                if (end.kind() == EndKind.CLEAN) {
                    return;
                }
                LogRecord later = end.later();
                visitor.takeDamage(new Damage(
                        end.offset(),
                        end.reason(),
                        later == null ? null : later.entry().zxid(),
                        later == null ? -1 : later.offset(),
                        hasRecords));
                if (later == null || !reader.hasHeader()) {
                    return;
                }
                reader.resumeAt(later);
            }
        }
    }
}
