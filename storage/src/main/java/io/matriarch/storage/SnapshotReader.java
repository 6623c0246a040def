package io.matriarch.storage;

import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotDecoder;
import io.matriarch.wire.disk.SnapshotFormat;
import io.matriarch.wire.disk.SnapshotPiece;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.Adler32;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one snapshot file, plain, gzip or snappy, in one pass, and checks its seals (disk.md 5). Both trailers are recognised by
 * the seal that fits, whatever the settings of the writer were (disk.md R13).
 */
final class SnapshotReader {
    /** No text, datum or access list of a snapshot may be longer. */
    private static final int MAX_FIELD_BYTES = 64 << 20;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int MAX_TAIL_BYTES =
            3 * SnapshotFormat.SEAL_BYTES + SnapshotFormat.DIGEST_BYTES + SnapshotFormat.LAST_ZXID_BYTES;

    private final Consumer<SnapshotPiece> taker;
    private final Adler32 adler = new Adler32();
    private @Nullable SnapshotDecoder stream;
    private long fedBytes;

    SnapshotReader(Consumer<SnapshotPiece> taker) {
        this.taker = taker;
    }

    /**
     * What the trailers say.
     *
     * @param digestZxid the last transaction that the digest covers; null without digest trailer
     * @param digest the tree's digest then
     * @param lastZxid the last transaction when writing ended; null without last-zxid trailer
     */
    record Trailers(
            @Nullable Zxid digestZxid,
            long digest,
            @Nullable Zxid lastZxid) {
        /** The last zxid that the snapshot may contain, at least {@code named}; a fuzzy one contains more than its name. */
        Zxid endOf(Zxid named) {
            Zxid end = named;
            if (digestZxid != null && digestZxid.isAfter(end)) {
                end = digestZxid;
            }
            if (lastZxid != null && lastZxid.isAfter(end)) {
                end = lastZxid;
            }
            return end;
        }
    }

    /**
     * Reads {@code file} and gives its pieces to {@code taker}; the last, End, only after all seals were found right. End
     * carries the digest trailer only if that is newer than the file's name, that is, if the snapshot is fuzzy.
     *
     * @throws MalformedException if this is not a whole, unharmed snapshot, or if {@code taker} found it so
     */
    static Trailers read(FileSystem files, NumberedFile file, Consumer<SnapshotPiece> taker) throws IOException {
        return new SnapshotReader(taker).readFile(files, file);
    }

    /** Whether all of {@code file} can be read and its seals are right. */
    static boolean isWhole(FileSystem files, NumberedFile file) throws IOException {
        try {
            read(files, file, piece -> {});
            return true;
        } catch (MalformedException broken) {
            return false;
        }
    }

    /** As {@link #read}, on a reader that tells afterwards how far it came. */
    Trailers readFile(FileSystem files, NumberedFile file) throws IOException {
        try (FileSystem.ReadableFile opened = files.openForReading(file.path());
                InputStream in = uncompressed(new FileInput(opened), file)) {
            return read(in, file.zxid());
        } catch (ZipException | EOFException broken) {
            throw new MalformedException(
                    "broken " + (file.isSnappy() ? "snappy" : "gzip") + ": " + broken.getMessage());
        }
    }

    /** How many bytes, uncompressed, were found in order; where the trouble is, if reading failed. */
    long goodBytes() {
        return stream == null ? 0 : fedBytes - stream.rest().length();
    }

    private static InputStream uncompressed(InputStream plain, NumberedFile file) throws IOException {
        if (file.isSnappy()) {
            return new SnappyInput(plain);
        }
        return file.isGzip() ? new GZIPInputStream(plain, CHUNK_BYTES) : plain;
    }

    private Trailers read(InputStream in, Zxid named) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        Bytes header = Bytes.wrap(in.readNBytes(SnapshotFormat.HEADER_BYTES));
        SnapshotFormat.checkHeader(header);
        adler.update(header.array(), header.offset(), header.length());
        SnapshotDecoder decoder = new SnapshotDecoder(SnapshotDecoder.Source.FILE, MAX_FIELD_BYTES);
        stream = decoder;
        fedBytes = SnapshotFormat.HEADER_BYTES;
        while (true) {
            int length = in.readNBytes(chunk, 0, chunk.length);
            if (length == 0) {
                throw new MalformedException("the file ends inside the znodes");
            }
            decoder.feed(Bytes.wrap(chunk, 0, length));
            fedBytes += length;
            takePieces(decoder);
            if (decoder.isDone()) {
                // Whatever was joined from an earlier chunk belongs to the stream: the rest is a part of this one.
                Bytes rest = decoder.rest();
                adler.update(chunk, 0, length - rest.length());
                byte[] more = in.readNBytes(Math.max(0, MAX_TAIL_BYTES - rest.length()));
                return finish(join(rest, more), named);
            }
            adler.update(chunk, 0, length);
        }
    }

    private void takePieces(SnapshotDecoder decoder) {
        for (SnapshotPiece piece = decoder.next(); piece != null; piece = decoder.next()) {
            if (!(piece instanceof SnapshotPiece.End)) {
                taker.accept(piece);
            }
        }
    }

    private Trailers finish(Bytes tail, Zxid named) {
        Trailers trailers = checkSeals(tail);
        Zxid digestZxid = trailers.digestZxid();
        // Compat: Apache writes nodes while it applies transactions, so that they may hold a part of the transaction
        // after
        // the one that the trailer names; two of six snapshots of one idle 3.9.5 server did. A digest at the file's own
        // zxid therefore proves nothing; a later one says how far the snapshot is fuzzy.
        boolean isDigestOfUse = digestZxid != null && digestZxid.isAfter(named);
        taker.accept(isDigestOfUse ? new SnapshotPiece.End(digestZxid, trailers.digest()) : SnapshotPiece.End.BARE);
        return trailers;
    }

    private Trailers checkSeals(Bytes tail) {
        if (!isSealed(tail, 0)) {
            throw new MalformedException("the checksum of the znodes is wrong or missing");
        }
        int at = SnapshotFormat.SEAL_BYTES;
        update(tail, 0, at);
        if (at == tail.length()) {
            return new Trailers(null, 0, null);
        }
        SnapshotPiece.End digest = null;
        long before = adler.getValue();
        int digestEnd = at + SnapshotFormat.DIGEST_BYTES;
        if (tail.length() >= digestEnd + SnapshotFormat.SEAL_BYTES
                && adlerOver(before, tail, at, digestEnd) == sealAt(tail, digestEnd)) {
            digest = SnapshotFormat.decodeDigest(tail.slice(at, digestEnd));
            at = digestEnd + SnapshotFormat.SEAL_BYTES;
            before = adlerOver(before, tail, digestEnd - SnapshotFormat.DIGEST_BYTES, at);
            if (at == tail.length()) {
                return new Trailers(digest.zxid(), digest.digest(), null);
            }
        }
        int lastEnd = at + SnapshotFormat.LAST_ZXID_BYTES;
        if (tail.length() < lastEnd + SnapshotFormat.SEAL_BYTES
                || adlerOver(before, tail, at, lastEnd) != sealAt(tail, lastEnd)) {
            throw new MalformedException("the checksum of the trailers is wrong or missing");
        }
        Zxid lastZxid = SnapshotFormat.decodeLastZxid(tail.slice(at, lastEnd));
        return digest == null
                ? new Trailers(null, 0, lastZxid)
                : new Trailers(digest.zxid(), digest.digest(), lastZxid);
    }

    private boolean isSealed(Bytes tail, int at) {
        return tail.length() >= at + SnapshotFormat.SEAL_BYTES && adler.getValue() == sealAt(tail, at);
    }

    private void update(Bytes tail, int from, int to) {
        adler.update(tail.array(), tail.offset() + from, to - from);
    }

    private static long sealAt(Bytes tail, int at) {
        return SnapshotFormat.decodeSeal(tail.slice(at, at + SnapshotFormat.SEAL_BYTES));
    }

    /** Adler-32 (RFC 1950) continued from {@code value}: unlike the JDK's, it can try two continuations. */
    private static long adlerOver(long value, Bytes bytes, int from, int to) {
        final int modulus = 65521;
        long a = value & 0xFFFF;
        long b = value >>> 16;
        for (int i = from; i < to; i++) {
            a = (a + (bytes.byteAt(i) & 0xFF)) % modulus;
            b = (b + a) % modulus;
        }
        return b << 16 | a;
    }

    private static Bytes join(Bytes first, byte[] second) {
        ByteBuffer joined = ByteBuffer.allocate(first.length() + second.length);
        joined.put(first.array(), first.offset(), first.length()).put(second);
        return Bytes.wrap(joined.array());
    }

    /** A file from its beginning to its end. */
    private static final class FileInput extends InputStream {
        private final FileSystem.ReadableFile file;
        private long position;

        FileInput(FileSystem.ReadableFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = file.read(position, ByteBuffer.wrap(target, offset, length));
            position += count;
            return count <= 0 ? -1 : count;
        }
    }
}
