package io.matriarch.storage;

import io.matriarch.core.port.Effect;
import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Snapshots that are being written, each in a temporary file of its own until it is complete, forced and gets its name
 * (disk.md R11).
 */
final class SnapshotStore {
    private final FileSystem files;
    private final Layout layout;
    private final StorageOptions options;
    private final Map<Long, SnapshotWriter> writers = new LinkedHashMap<>();

    SnapshotStore(FileSystem files, Layout layout, StorageOptions options) {
        this.files = files;
        this.layout = layout;
        this.options = options;
    }

    /** Writes a piece. Tables open the file; other pieces of a snapshot that is not open (any more) are ignored. */
    void write(Effect.WriteSnapshot effect) throws IOException {
        if (effect.piece() instanceof SnapshotPiece.Tables) {
            abandon(effect.snapshotId());
            String path = layout.incomingPath(effect.snapshotId());
            writers.put(effect.snapshotId(), new SnapshotWriter(files, path, effect.zxid(), options));
        }
        SnapshotWriter writer = writers.get(effect.snapshotId());
        if (writer != null) {
            writer.write(effect.piece());
        }
    }

    /**
     * Makes a written snapshot durable under its name. False if it was abandoned before.
     *
     * @throws StorageException if it is not complete
     */
    boolean finish(long id, Zxid zxid) throws IOException {
        SnapshotWriter writer = writers.remove(id);
        if (writer == null) {
            return false;
        }
        complete(writer, id);
        name(writer.path(), zxid);
        return true;
    }

    /**
     * Makes a written snapshot durable, reads it back whole, and answers its temporary path; {@link #name} remains to be
     * done.
     *
     * @throws StorageException if it is not there, not complete or does not read back
     */
    String finishVerified(long id, Zxid zxid) throws IOException {
        SnapshotWriter writer = writers.remove(id);
        if (writer == null) {
            throw new StorageException("snapshot " + id + " at " + zxid + " cannot be installed: it was not written");
        }
        complete(writer, id);
        try {
            String name = writer.path().substring(layout.snapshotDirectory().length() + 1);
            SnapshotReader.read(files, new NumberedFile(layout.snapshotDirectory(), name, zxid), piece -> {});
        } catch (MalformedException broken) {
            throw new StorageException(
                    "snapshot " + writer.path() + " does not read back as it was written (" + broken.getMessage()
                            + "); check the disk",
                    broken);
        }
        return writer.path();
    }

    /** Writes a snapshot at once; durable under its name on return. */
    void writeWhole(Zxid zxid, List<SnapshotPiece> pieces) throws IOException {
        SnapshotWriter writer = new SnapshotWriter(files, layout.incomingPath(0), zxid, options);
        for (SnapshotPiece piece : pieces) {
            writer.write(piece);
        }
        writer.finish();
        name(writer.path(), zxid);
    }

    /** Gives a complete, forced snapshot its name; durable on return. */
    void name(String incomingPath, Zxid zxid) throws IOException {
        files.rename(incomingPath, layout.snapshotAt(zxid).path());
        files.forceDirectory(layout.snapshotDirectory());
    }

    /** Forgets a snapshot that is being written. */
    void abandon(long id) throws IOException {
        SnapshotWriter writer = writers.remove(id);
        if (writer != null) {
            writer.close();
            files.delete(writer.path());
        }
    }

    /** Forgets every snapshot that is being written, because the history it was taken from is being replaced. */
    void abandonAll() throws IOException {
        for (long id : writers.keySet().toArray(Long[]::new)) {
            abandon(id);
        }
    }

    /** Closes all files as they are. */
    void close() throws IOException {
        for (SnapshotWriter writer : writers.values()) {
            writer.close();
        }
        writers.clear();
    }

    private static void complete(SnapshotWriter writer, long id) throws IOException {
        if (!writer.isComplete()) {
            writer.close();
            throw new StorageException(
                    "snapshot " + id + " in " + writer.path() + " was to be finished before its last piece");
        }
        writer.finish();
    }
}
