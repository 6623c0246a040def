package io.matriarch.server.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal's directory: {@code journal.jsonl}, and once that is full, {@code journal.1.jsonl} with what came before.
 * No more is kept. A line that a crash tore stays as it is, and the next one begins on a line of its own.
 *
 * <p>For one thread at a time. Nothing is forced: no promise rests on it.
 */
final class JournalFiles {
    /** The directory's name in dataDir. Compat: ZooKeeper looks at {@code version-2}, {@code myid} and the like only. */
    static final String DIRECTORY = "election-journal";

    /** A file of this size is full; there are two of them at most. */
    static final long MAX_FILE_BYTES = 4L << 20;

    static final String NEWER = "journal.jsonl";
    static final String OLDER = "journal.1.jsonl";

    private final Path directory;
    private final long maxFileBytes;
    private @Nullable FileChannel channel;

    JournalFiles(Path directory, long maxFileBytes) {
        this.directory = directory;
        this.maxFileBytes = maxFileBytes;
    }

    /**
     * Appends lines.
     *
     * @param head goes before them if they begin a file
     */
    void append(String head, List<String> lines) throws IOException {
        try {
            FileChannel out = opened(head);
            if (out.size() >= maxFileBytes) {
                out = next(head);
            }
            write(out, String.join("\n", lines) + "\n");
        } catch (IOException e) {
            close(); // so that the next attempt opens anew: the directory may have been replaced meanwhile
            throw e;
        }
    }

    /** The newest whole lines, of {@code maxBytes} at most. */
    String tail(long maxBytes) throws IOException {
        String newer = tailOf(directory.resolve(NEWER), maxBytes);
        long left = maxBytes - newer.length();
        return left <= 0 ? newer : tailOf(directory.resolve(OLDER), left) + newer;
    }

    void close() {
        FileChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // What was written is in the system's hands; there is nothing to save.
            channel = null;
        }
    }

    private FileChannel opened(String head) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Files.createDirectories(directory);
            Path file = directory.resolve(NEWER);
            boolean isTorn = isTorn(file);
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            channel = open;
            write(open, isTorn ? "\n" : "");
            if (open.size() == 0) {
                write(open, head + "\n");
            }
        }
        return open;
    }

    private FileChannel next(String head) throws IOException {
        close();
        Files.move(directory.resolve(NEWER), directory.resolve(OLDER), StandardCopyOption.REPLACE_EXISTING);
        return opened(head);
    }

    private static void write(FileChannel out, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static boolean isTorn(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() == 0) {
                return false;
            }
            in.seek(in.length() - 1);
            return in.read() != '\n';
        }
    }

    private static String tailOf(Path file, long maxBytes) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - maxBytes);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            // Not all that is read may be ours: whatever it is, a byte stays a character.
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int firstWhole = from == 0 ? 0 : text.indexOf('\n') + 1;
            return text.substring(firstWhole, text.lastIndexOf('\n') + 1);
        }
    }
}
