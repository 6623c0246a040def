package io.matriarch.storage;

import io.matriarch.storage.SnapshotReader.Trailers;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What reading one snapshot file came to (disk.md 5). Changes nothing.
 *
 * @param digestZxid the transaction after which the digest was taken; null without digest trailer
 * @param digest the tree's digest then
 * @param lastZxid the last transaction when writing ended; null without that trailer
 * @param damage what is wrong; null if the file is whole and all its seals are right
 * @param goodBytes how many bytes, uncompressed, were in order: where the damage is
 */
public record SnapshotScan(
        @Nullable Zxid digestZxid,
        long digest,
        @Nullable Zxid lastZxid,
        @Nullable String damage,
        long goodBytes) {
    /** Reads {@code file} and gives its pieces to {@code taker}; End only if all seals are right. */
    public static SnapshotScan read(FileSystem files, StoredFile file, Consumer<SnapshotPiece> taker)
            throws IOException {
        SnapshotReader reader = new SnapshotReader(taker);
        try {
            Trailers trailers = reader.readFile(files, file.numbered());
            return new SnapshotScan(
                    trailers.digestZxid(), trailers.digest(), trailers.lastZxid(), null, reader.goodBytes());
        } catch (MalformedException broken) {
            return new SnapshotScan(null, 0, null, broken.getMessage(), reader.goodBytes());
        }
    }

    /** The last zxid of which the snapshot may hold a part, at least {@code named}: it may be fuzzy (disk.md 5.7). */
    public Zxid endOf(Zxid named) {
        return new Trailers(digestZxid, digest, lastZxid).endOf(named);
    }
}
