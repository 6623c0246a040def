package io.matriarch.storage;

import io.matriarch.core.port.LogEntry;
import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.LogFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes log records in Apache's format (disk.md 2). Records gather in one buffer and go to the file with one write per
 * group; {@link #force} makes them durable.
 *
 * <p>Two laws on which recovery rests: a new file begins only when the one before it is forced, and never more than
 * {@link #MAX_UNFORCED_BYTES} are unforced. So what a crash can tear is the end of the last file, and not much of it.
 */
final class TransactionLog {
    /** Before more bytes than this are unforced the log forces itself (a longer single write excepted). */
    static final long MAX_UNFORCED_BYTES = 8L << 20;

    /** Distance to the end of the file at which it grows (disk.md 2.2). */
    private static final int GROWTH_DISTANCE_BYTES = 4096;

    private static final int FLUSH_BYTES = 1 << 20;
    private static final int KEPT_BUFFER_BYTES = 4 << 20;

    private final FileSystem files;
    private final Layout layout;
    private final long preAllocBytes;
    private final long maxFileBytes;
    private final Creation creation;
    private JuteWriter buffer = new JuteWriter(64 << 10);
    private @Nullable Zxid firstBuffered;

    private FileSystem.@Nullable WritableFile file;
    private String path = "";
    private long position;
    private long knownSize;
    private long unforcedBytes;

    /** Is told which log is about to be created. */
    @FunctionalInterface
    interface Creation {
        void coming(Zxid first) throws IOException;
    }

    TransactionLog(FileSystem files, Layout layout, StorageOptions options, Creation creation) {
        this.creation = creation;
        this.files = files;
        this.layout = layout;
        this.preAllocBytes = options.preAllocBytes();
        this.maxFileBytes = options.maxLogFileBytes();
    }

    /** The file written to, for messages; empty if the next append starts one. */
    String path() {
        return path;
    }

    /** Goes on behind the last record of an existing file (disk.md R8); nothing but zeros may follow there. */
    void continueAt(NumberedFile existing, long offset) throws IOException {
        path = existing.path();
        FileSystem.WritableFile opened = files.openForWriting(path);
        file = opened;
        position = offset;
        knownSize = opened.size();
    }

    /** Adds a record to the group. */
    void append(LogEntry entry) throws IOException {
        if (firstBuffered == null) {
            firstBuffered = entry.zxid();
        }
        LogFormat.encodeRecord(buffer, entry.payload());
        if (buffer.length() >= FLUSH_BYTES) {
            flush();
        }
    }

    /** Makes everything appended so far durable. */
    void force() throws IOException {
        flush();
        if (file != null && unforcedBytes > 0) {
            file.force();
            unforcedBytes = 0;
        }
        // Compat: looked at after a force, so that a file may be longer by one group (disk.md 2.3).
        if (file != null && maxFileBytes > 0 && position > maxFileBytes) {
            close();
        }
    }

    /** Forces, and lets the next append start a new file. What was allocated ahead of the last record is given back. */
    void roll() throws IOException {
        force();
        if (file != null && knownSize > position) {
            file.truncate(position);
        }
        close();
    }

    /** Closes the file without forcing; what was not forced may be lost. */
    void close() throws IOException {
        FileSystem.WritableFile closing = file;
        file = null;
        path = "";
        buffer.reset();
        firstBuffered = null;
        unforcedBytes = 0;
        if (closing != null) {
            closing.close();
        }
    }

    private void flush() throws IOException {
        Zxid first = firstBuffered;
        if (first == null) {
            return;
        }
        FileSystem.WritableFile target = file == null ? create(first) : file;
        int length = buffer.length();
        if (unforcedBytes > 0 && unforcedBytes + length > MAX_UNFORCED_BYTES) {
            target.force();
            unforcedBytes = 0;
        }
        preallocate(target, length);
        target.write(position, ByteBuffer.wrap(buffer.array(), 0, length));
        position += length;
        unforcedBytes += length;
        firstBuffered = null;
        if (buffer.array().length > KEPT_BUFFER_BYTES) {
            buffer = new JuteWriter(FLUSH_BYTES);
        } else {
            buffer.reset();
        }
    }

    /** The header and the name are durable before the first record is written: a crash never takes them alone. */
    private FileSystem.WritableFile create(Zxid first) throws IOException {
        NumberedFile created = layout.logStartingAt(first);
        if (files.exists(created.path())) {
            throw new StorageException("log " + created.path()
                    + " exists already, though no record of it is known; move it away and start again");
        }
        creation.coming(first);
        path = created.path();
        FileSystem.WritableFile opened = files.openForWriting(path);
        file = opened;
        JuteWriter header = new JuteWriter(LogFormat.HEADER_BYTES);
        LogFormat.encodeHeader(header);
        position = 0;
        knownSize = 0;
        preallocate(opened, LogFormat.HEADER_BYTES);
        opened.write(0, ByteBuffer.wrap(header.array(), 0, LogFormat.HEADER_BYTES));
        position = LogFormat.HEADER_BYTES;
        opened.force();
        files.forceDirectory(layout.logDirectory());
        return opened;
    }

    /** Keeps zeros ahead of the writes, so that most of them leave the file's length alone. */
    private void preallocate(FileSystem.WritableFile target, int length) throws IOException {
        if (preAllocBytes <= 0 || position + length + GROWTH_DISTANCE_BYTES < knownSize) {
            return;
        }
        long needed = position + length + GROWTH_DISTANCE_BYTES - knownSize;
        knownSize += (needed / preAllocBytes + 1) * preAllocBytes;
        target.write(knownSize - 1, ByteBuffer.allocate(1));
    }
}
