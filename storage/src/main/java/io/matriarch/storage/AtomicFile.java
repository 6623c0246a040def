package io.matriarch.storage;

import io.matriarch.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A small text file whose content is replaced entirely or not at all (disk.md 1.1). */
final class AtomicFile {
    /** Longer files are none of ours. */
    private static final int MAX_BYTES = 4096;

    private final FileSystem files;
    private final String directory;
    private final String path;

    /** Whether the name is known to be durable, so that what is forced into the file is found again under it. */
    private boolean isNameDurable;

    AtomicFile(FileSystem files, String directory, String name) {
        this.files = files;
        this.directory = directory;
        this.path = directory + "/" + name;
    }

    String path() {
        return path;
    }

    /** The temporary file that a replacement goes through. */
    String tmpPath() {
        return path + Layout.TMP_SUFFIX;
    }

    /** The first line, or null if there is no file. */
    @Nullable
    String read() throws IOException {
        return files.exists(path) ? firstLine(path) : null;
    }

    /** The first line of a leftover temporary file, or null if there is none. */
    @Nullable
    String readTmp() throws IOException {
        return files.exists(tmpPath()) ? firstLine(tmpPath()) : null;
    }

    /** Replaces the content by {@code line}; durable on return. */
    void replace(String line) throws IOException {
        try (FileSystem.WritableFile tmp = files.openForWriting(tmpPath())) {
            tmp.truncate(0);
            tmp.write(0, content(line));
            tmp.force();
        }
        files.rename(tmpPath(), path);
        files.forceDirectory(directory);
        isNameDurable = true;
    }

    /**
     * The same in place, where that is as safe: in a file whose name this object has made durable, and with a text as long
     * as the old one, since a disk writes a sector entirely or not at all ({@link FileSystem}) but length and content apart.
     * It takes a fifth of the time, because no names change. Whoever reads the file after a crash must {@link #force} it.
     */
    void replaceInPlace(String line) throws IOException {
        ByteBuffer content = content(line);
        if (isNameDurable && content.remaining() <= FileSystem.SECTOR_BYTES) {
            try (FileSystem.WritableFile file = files.openForWriting(path)) {
                if (file.size() == content.remaining()) {
                    file.write(0, content);
                    file.force();
                    return;
                }
            }
        }
        replace(line);
    }

    /** Makes the content durable as it is now: an earlier process may have left it unforced. */
    void force() throws IOException {
        try (FileSystem.WritableFile file = files.openForWriting(path)) {
            file.force();
        }
        files.forceDirectory(directory);
        isNameDurable = true;
    }

    /** Removes the file; durable on return. */
    void delete() throws IOException {
        isNameDurable = false;
        files.delete(path);
        files.forceDirectory(directory);
    }

    private static ByteBuffer content(String line) {
        Bytes text = Bytes.utf8(line + "\n");
        return ByteBuffer.wrap(text.array(), text.offset(), text.length());
    }

    private String firstLine(String from) throws IOException {
        try (FileSystem.ReadableFile file = files.openForReading(from)) {
            ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
            while (bytes.hasRemaining() && file.read(bytes.position(), bytes) > 0) {
                // Until the end or enough.
            }
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int i = 0; i < bytes.position() && bytes.get(i) != '\n'; i++) {
                line.write(bytes.get(i));
            }
            return Bytes.wrap(line.toByteArray()).asUtf8().strip();
        }
    }
}
