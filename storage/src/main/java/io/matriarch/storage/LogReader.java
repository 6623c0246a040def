package io.matriarch.storage;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.LogFormat;
import io.matriarch.wire.disk.LogFrame;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the records of one log file, and tells at the end of them a clean end from a torn one from damage
 * (disk.md R1). Judges only what the bytes show; what it means for the history is for {@link LogReplay}.
 */
final class LogReader implements Closeable {
    /** clientId long, cxid int, zxid long, time long, type int (zab.md 6.1). */
    private static final int TXN_HEADER_BYTES = 32;

    private static final int INITIAL_WINDOW_BYTES = 64 << 10;
    private static final int LENGTH_AT = 8;
    private static final int ZXID_AT = 12;

    private final FileSystem.ReadableFile file;
    private final long fileSize;
    private byte[] window = new byte[INITIAL_WINDOW_BYTES];
    /** File offset of the window's first byte. */
    private long windowStart;

    private int windowLength;
    private long position;
    private boolean isHeaderRight;
    private @Nullable Zxid last;

    /**
     * One record.
     *
     * @param entry zxid and payload, in an array of its own
     * @param offset where in the file it starts
     * @param end where the next one starts
     */
    record LogRecord(LogEntry entry, long offset, long end) {
        /** Who asked for what: two records of one zxid with the same identity mean the same (disk.md R7). */
        Identity identity() {
            JuteReader in = new JuteReader(entry.payload());
            long clientId = in.readLong();
            int cxid = in.readInt();
            in.readLong();
            in.readLong();
            return new Identity(clientId, cxid, in.readInt());
        }
    }

    /** The fields of a transaction header that tell transactions of one zxid apart. */
    record Identity(long clientId, int cxid, int type) {}

    /** How the records of a file end. */
    enum EndKind {
        /** Nothing or zeros follow. */
        CLEAN,
        /** Something follows, but no valid record. */
        TORN,
        /** The file has no complete header and no valid record. */
        NO_HEADER,
        /** Valid records follow. */
        DAMAGED
    }

    /**
     * The end of the records that can be read in order.
     *
     * @param offset right behind the last good record
     * @param reason what is wrong there, for an operator
     * @param later if {@link EndKind#DAMAGED}, the next valid record
     * @param isLostSector if {@link EndKind#DAMAGED}, whether the damage shows a sector that was never written, and lies
     *     within one unforced group of the end: what a crash leaves of a group that was not forced
     */
    record LogEnd(
            EndKind kind,
            long offset,
            String reason,
            @Nullable LogRecord later,
            boolean isLostSector) {
        static LogEnd of(EndKind kind, long offset, String reason) {
            return new LogEnd(kind, offset, reason, null, false);
        }
    }

    private LogReader(FileSystem.ReadableFile file) throws IOException {
        this.file = file;
        this.fileSize = file.size();
        this.position = LogFormat.HEADER_BYTES;
    }

    static LogReader open(FileSystem files, String path) throws IOException {
        return new LogReader(files.openForReading(path));
    }

    /** Whether the file starts as a log should. If not, {@link #end} says what it is instead. */
    boolean hasHeader() throws IOException {
        if (!isHeaderRight) {
            // Asked at every record: to look again would move the window to the file's start and back.
            isHeaderRight = fileSize >= LogFormat.HEADER_BYTES && intAt(0) == LogFormat.MAGIC;
        }
        return isHeaderRight;
    }

    /** The next record, or null where {@link #end} must be asked. */
    @Nullable
    LogRecord next() throws IOException {
        if (!hasHeader()) {
            return null;
        }
        LogRecord record = recordAt(position);
        if (record != null) {
            position = record.end();
            last = record.entry().zxid();
        }
        return record;
    }

    /** Goes on reading at {@code record}, which {@link #end} found behind the damage. */
    void resumeAt(LogRecord record) {
        position = record.offset();
    }

    /** What is behind the last record that {@link #next} gave. Reads the rest of the file. */
    LogEnd end() throws IOException {
        boolean hasHeader = hasHeader();
        long from = hasHeader ? position : 0;
        long data = nextNonZero(from);
        if (data == fileSize) {
            return hasHeader
                    ? LogEnd.of(EndKind.CLEAN, from, "")
                    : LogEnd.of(EndKind.NO_HEADER, 0, "the file was created but its header never written");
        }
        String reason = hasHeader ? describe(from) : "not a transaction log: bad magic";
        LogRecord later = search(Math.max(from, LogFormat.HEADER_BYTES));
        if (later != null) {
            boolean isUnwritten = hasHeader || isHeaderUnwritten();
            return new LogEnd(EndKind.DAMAGED, from, reason, later, isUnwritten && isLostSector(from, later.offset()));
        }
        if (!hasHeader && fileSize >= LogFormat.HEADER_BYTES && !isHeaderUnwritten()) {
            return new LogEnd(EndKind.DAMAGED, 0, reason, null, false);
        }
        return LogEnd.of(hasHeader ? EndKind.TORN : EndKind.NO_HEADER, from, reason);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private String describe(long at) throws IOException {
        if (fileSize - at < LogFormat.RECORD_OVERHEAD_BYTES) {
            return "the file ends inside a record";
        }
        int length = intAt(at + LENGTH_AT);
        if (length < TXN_HEADER_BYTES || length > LogFormat.MAX_PAYLOAD_BYTES) {
            return "no record can have the length " + length;
        }
        long end = at + LogFormat.RECORD_OVERHEAD_BYTES + length;
        if (end > fileSize) {
            return "the file ends inside a record";
        }
        return byteAt(end - 1) == LogFormat.END_MARK ? "the checksum is wrong" : "the end mark is missing";
    }

    /** The valid record at {@code at}, or null. */
    private @Nullable LogRecord recordAt(long at) throws IOException {
        if (at > fileSize - LogFormat.RECORD_OVERHEAD_BYTES) {
            return null;
        }
        int length = intAt(at + LENGTH_AT);
        if (length < TXN_HEADER_BYTES || length > LogFormat.MAX_PAYLOAD_BYTES) {
            return null;
        }
        int frameBytes = LogFormat.RECORD_OVERHEAD_BYTES + length;
        // The end mark first: a torn length must not make us read, or hold, what is not a record.
        if (frameBytes > fileSize - at || byteAt(at + frameBytes - 1) != LogFormat.END_MARK) {
            return null;
        }
        int index = load(at, frameBytes);
        LogFrame frame = LogFormat.frameAt(Bytes.wrap(window, 0, windowLength), index, LogFormat.MAX_PAYLOAD_BYTES);
        if (frame.verdict() != LogFrame.Verdict.RECORD) {
            return null;
        }
        Bytes payload = Bytes.wrap(frame.payload().toByteArray());
        JuteReader header = new JuteReader(payload);
        header.seek(ZXID_AT);
        return new LogRecord(new LogEntry(new Zxid(header.readLong()), payload), at, at + frameBytes);
    }

    /** The first valid record from {@code from} on, at any byte, with a zxid above the last good one (disk.md R1). */
    private @Nullable LogRecord search(long from) throws IOException {
        long at = from;
        while (at <= fileSize - LogFormat.RECORD_OVERHEAD_BYTES) {
            // Four zero bytes, then a checksum that is never 0: between long runs of zeros nothing can start.
            long data = nextNonZero(at);
            if (data == fileSize) {
                return null;
            }
            at = Math.max(at, data - LENGTH_AT + 1);
            if (at <= fileSize - LogFormat.RECORD_OVERHEAD_BYTES && intAt(at) == 0) {
                LogRecord record = recordAt(at);
                if (record != null && (last == null || record.entry().zxid().isAfter(last))) {
                    return record;
                }
            }
            at++;
        }
        return null;
    }

    /**
     * Whether the bytes from {@code from} to the record at {@code later} look like those of a group of which the disk had
     * not yet written every sector when the machine stopped: some sector there still holds the zeros it was allocated
     * with, the file ends before another group could have followed, and no single changed byte explains it.
     */
    private boolean isLostSector(long from, long later) throws IOException {
        if (lastNonZero() - from > TransactionLog.MAX_UNFORCED_BYTES || isOneByteDamage(from, later)) {
            return false;
        }
        int sector = FileSystem.SECTOR_BYTES;
        for (long start = from; start < later; start = (start / sector + 1) * sector) {
            long end = Math.min(fileSize, (start / sector + 1) * sector);
            // A record starts with four zero bytes anyway: so few prove nothing.
            if (end - start > Integer.BYTES && nextNonZero(start) >= end) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the header was not written, or only in part: every byte of it is right or still the zero of an allocated
     * sector. Then nothing in the file was ever forced, since a force covers the header too.
     */
    private boolean isHeaderUnwritten() throws IOException {
        JuteWriter expected = new JuteWriter(LogFormat.HEADER_BYTES);
        LogFormat.encodeHeader(expected);
        byte[] header = expected.array();
        for (int i = 0; i < LogFormat.HEADER_BYTES; i++) {
            byte found = byteAt(i);
            if (found != 0 && found != header[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isOneByteDamage(long from, long later) throws IOException {
        int length = (int) Math.min(later - from, LogFormat.MAX_PAYLOAD_BYTES);
        int index = load(from, length);
        return ByteDamage.explains(Bytes.wrap(window, index, length));
    }

    /** Offset of the first byte from {@code from} on that is not zero, or the file's size. */
    private long nextNonZero(long from) throws IOException {
        for (long at = from; at < fileSize; at = windowStart + windowLength) {
            for (int i = load(at, 1); i < windowLength; i++) {
                if (window[i] != 0) {
                    return windowStart + i;
                }
            }
        }
        return fileSize;
    }

    private long lastNonZero() throws IOException {
        for (long end = fileSize; end > 0; ) {
            long start = Math.max(0, end - INITIAL_WINDOW_BYTES);
            int first = load(start, (int) (end - start));
            for (int i = first + (int) (end - start) - 1; i >= first; i--) {
                if (window[i] != 0) {
                    return windowStart + i;
                }
            }
            end = start;
        }
        return 0;
    }

    private int intAt(long at) throws IOException {
        int i = load(at, Integer.BYTES);
        return ByteBuffer.wrap(window).getInt(i);
    }

    private byte byteAt(long at) throws IOException {
        if (at >= windowStart && at < windowStart + windowLength) {
            return window[(int) (at - windowStart)];
        }
        ByteBuffer one = ByteBuffer.allocate(1);
        return file.read(at, one) == 1 ? one.get(0) : 0;
    }

    /** Brings {@code count} bytes from {@code at} on, which the file has, into the window; answers their index. */
    private int load(long at, int count) throws IOException {
        if (at < windowStart || at + count > windowStart + windowLength) {
            if (count > window.length) {
                window = new byte[count];
            }
            windowStart = at;
            windowLength = 0;
            ByteBuffer target = ByteBuffer.wrap(window);
            while (windowLength < count) {
                int read = file.read(at + windowLength, target);
                if (read <= 0) {
                    // The size was asked once; a file that shrinks meanwhile reads as zeros.
                    Arrays.fill(window, windowLength, count, (byte) 0);
                    windowLength = count;
                } else {
                    windowLength += read;
                }
            }
        }
        return (int) (at - windowStart);
    }
}
