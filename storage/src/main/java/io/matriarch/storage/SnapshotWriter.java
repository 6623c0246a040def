package io.matriarch.storage;

import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotEncoder;
import io.matriarch.wire.disk.SnapshotFormat;
import io.matriarch.wire.disk.SnapshotPiece;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;

/** Writes one snapshot, piece by piece, with its seals and trailers (disk.md 5.1), compressed if that is wanted. */
final class SnapshotWriter {
    private static final int FLUSH_BYTES = 256 << 10;

    private final FileSystem.WritableFile file;
    private final String path;
    private final Zxid zxid;
    private final boolean writesTrailers;
    private final Adler32 adler = new Adler32();
    private final JuteWriter buffer = new JuteWriter(FLUSH_BYTES);
    private final OutputStream out;
    private long position;
    private boolean isComplete;

    /** Starts over at {@code path} the snapshot whose content is the history up to {@code zxid}. */
    SnapshotWriter(FileSystem files, String path, Zxid zxid, StorageOptions options) throws IOException {
        this.path = path;
        this.zxid = zxid;
        this.writesTrailers = options.writesTrailers();
        this.file = files.openForWriting(path);
        file.truncate(0);
        this.out = options.compression().into(new FileOutput());
        SnapshotFormat.encodeHeader(buffer);
    }

    String path() {
        return path;
    }

    Zxid zxid() {
        return zxid;
    }

    /** Whether the last piece was written. */
    boolean isComplete() {
        return isComplete;
    }

    /** Writes the next piece; after the End piece nothing may follow. */
    void write(SnapshotPiece piece) throws IOException {
        if (isComplete) {
            throw new IllegalStateException("a piece after the end of snapshot " + path);
        }
        SnapshotEncoder.encode(piece, buffer);
        if (piece instanceof SnapshotPiece.End end) {
            writeSeals(end);
            isComplete = true;
        } else if (buffer.length() >= FLUSH_BYTES) {
            flush();
        }
    }

    /** Makes the content durable and closes the file. */
    void finish() throws IOException {
        flush();
        out.close();
        file.force();
        file.close();
    }

    /** Closes the file as it is. */
    void close() throws IOException {
        file.close();
    }

    private void writeSeals(SnapshotPiece.End end) throws IOException {
        flush();
        SnapshotFormat.encodeSeal(buffer, adler.getValue());
        if (writesTrailers) {
            flush();
            Zxid digestZxid = end.zxid();
            // Compat: a trailer of zeros, older than the file's name, says that no digest is known (disk.md 5.7).
            SnapshotFormat.encodeDigest(
                    buffer, digestZxid == null ? Zxid.ZERO : digestZxid, digestZxid == null ? 0 : end.digest());
            flush();
            SnapshotFormat.encodeSeal(buffer, adler.getValue());
            SnapshotFormat.encodeLastZxid(buffer, zxid);
            flush();
            SnapshotFormat.encodeSeal(buffer, adler.getValue());
        }
        flush();
    }

    private void flush() throws IOException {
        int length = buffer.length();
        adler.update(buffer.array(), 0, length);
        out.write(buffer.array(), 0, length);
        buffer.reset();
    }

    /** The file, from its beginning on. Closing leaves it open: it is forced first. */
    private final class FileOutput extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            file.write(position, ByteBuffer.wrap(source, offset, length));
            position += length;
        }

        @Override
        public void close() {}
    }
}
