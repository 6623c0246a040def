package io.matriarch.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The few file operations that storage needs, and what may be relied on after a crash. Paths are texts with {@code /}
 * between their parts.
 *
 * <p>While the process lives, every operation sees the effects of all earlier ones. After the <em>machine</em> stopped:
 *
 * <ul>
 *   <li>Bytes written before a completed {@link WritableFile#force()} of that file are there.
 *   <li>Of bytes written since, any subset of the {@value #SECTOR_BYTES}-byte sectors (counted from the start of the
 *       file) may be there; each sector has either its old or its new content, zeros being the old content of what was
 *       never written. A write that made the file longer may instead be cut at any byte.
 *   <li>A change of length is durable with {@code force} too; before, the old or the new length, or one between, may be
 *       found.
 *   <li>A rename happens entirely or not at all; the target is never missing and never half. It, and likewise the
 *       creation and deletion of a name, is durable only after {@link #forceDirectory(String)}; before, any subset of
 *       those changes may be found, in any order.
 *   <li>Forcing a file does not make its name durable, and forcing a directory no content.
 * </ul>
 *
 * <p>After a crash of only the process, everything written and renamed is there, but none of it need be durable yet
 * (disk.md R6).
 *
 * <p>Every method may throw {@link IOException}; what it was to do may then have happened in part.
 */
public interface FileSystem {
    /** The unit that a disk writes entirely or not at all. */
    int SECTOR_BYTES = 512;

    /** Creates {@code directory} and those above it where missing, and makes their names durable. */
    void createDirectories(String directory) throws IOException;

    /** Names of the files (not the directories) in {@code directory}, sorted; none if it does not exist. */
    List<String> list(String directory) throws IOException;

    /** Whether there is a file at {@code path}. */
    boolean exists(String path) throws IOException;

    /** Opens an existing file. */
    ReadableFile openForReading(String path) throws IOException;

    /** Opens a file with the content it has; a missing one is created empty. */
    WritableFile openForWriting(String path) throws IOException;

    /** Gives the file {@code from} the name {@code to} in the same directory, in place of a file that had it. */
    void rename(String from, String to) throws IOException;

    /** Removes a file; nothing happens if it is missing. */
    void delete(String path) throws IOException;

    /** Makes all names in {@code directory} durable as they are now. */
    void forceDirectory(String directory) throws IOException;

    /** A file to read at any place. */
    interface ReadableFile extends Closeable {
        /** Its length in bytes. */
        long size() throws IOException;

        /**
         * Reads from {@code position} on into what remains of {@code target}, at least one byte unless nothing remains
         * there or the file ends; answers how many, 0 at or behind the end.
         */
        int read(long position, ByteBuffer target) throws IOException;
    }

    /** A file to write at any place. Closing forces nothing. */
    interface WritableFile extends Closeable {
        /** Its length in bytes. */
        long size() throws IOException;

        /** Writes all of what remains in {@code source} at {@code position}; what lies between the end and it is zeros. */
        void write(long position, ByteBuffer source) throws IOException;

        /** Cuts the file to {@code size} bytes; nothing happens if it is no longer than that. */
        void truncate(long size) throws IOException;

        /** Makes content and length durable; other attributes need not be. */
        void force() throws IOException;
    }
}
