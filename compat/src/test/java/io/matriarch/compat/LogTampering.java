package io.matriarch.compat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.Adler32;

/**
 * Changes what a server wrote while it is down: a record of a transaction log with its checksum made right again (disk.md 2.1), so that a
 * server which starts on it believes it; or just some bytes. For tests of the checks alone.
 */
final class LogTampering {
    private static final int HEADER_BYTES = 16;
    private static final int RECORD_PREFIX_BYTES = 12;
    private static final int TIME_IN_PAYLOAD = 20;
    private static final int DAMAGED_BYTES = 64;

    private LogTampering() {}

    /** In each record that holds {@code text}, puts {@code other}, of the same length in bytes, in its place. */
    static void replace(Path version2, String text, String other) throws IOException {
        byte[] sought = text.getBytes(StandardCharsets.UTF_8);
        byte[] put = other.getBytes(StandardCharsets.UTF_8);
        if (sought.length != put.length) {
            throw new IllegalArgumentException(text + " and " + other + " differ in length");
        }
        change(version2, sought, payload -> {
            int at = indexOf(payload, sought);
            System.arraycopy(put, 0, payload, at, put.length);
        });
    }

    /** Moves the time of each transaction whose record holds {@code text}. */
    static void moveTime(Path version2, String text, long millis) throws IOException {
        change(version2, text.getBytes(StandardCharsets.UTF_8), payload -> {
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            bytes.putLong(TIME_IN_PAYLOAD, bytes.getLong(TIME_IN_PAYLOAD) + millis);
        });
    }

    /** Changes some bytes in the middle of what a file holds: enough of them that not even a run of equal bytes, compressed, stays the same. */
    static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        for (int at = end / 2; at < Math.min(end, end / 2 + DAMAGED_BYTES); at++) {
            bytes[at] ^= 0x55;
        }
        Files.write(file, bytes);
    }

    private static void change(Path version2, byte[] sought, Consumer<byte[]> change) throws IOException {
        int changed = 0;
        try (Stream<Path> files = Files.list(version2)) {
            List<Path> logs = files.filter(file -> file.getFileName().toString().startsWith("log."))
                    .toList();
            for (Path log : logs) {
                changed += changeIn(log, sought, change);
            }
        }
        if (changed == 0) {
            throw new IllegalStateException("no record in " + version2 + " to change");
        }
    }

    private static int changeIn(Path log, byte[] sought, Consumer<byte[]> change) throws IOException {
        byte[] file = Files.readAllBytes(log);
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int changed = 0;
        int at = HEADER_BYTES;
        while (at + RECORD_PREFIX_BYTES < file.length && bytes.getInt(at + 8) > 0) {
            int length = bytes.getInt(at + 8);
            byte[] payload = new byte[length];
            bytes.get(at + RECORD_PREFIX_BYTES, payload);
            if (indexOf(payload, sought) >= 0) {
                change.accept(payload);
                Adler32 checksum = new Adler32();
                checksum.update(payload);
                bytes.putLong(at, checksum.getValue());
                bytes.put(at + RECORD_PREFIX_BYTES, payload);
                changed++;
            }
            at += RECORD_PREFIX_BYTES + length + 1;
        }
        if (changed > 0) {
            Files.write(log, file);
        }
        return changed;
    }

    private static int indexOf(byte[] bytes, byte[] sought) {
        for (int at = 0; at <= bytes.length - sought.length; at++) {
            int same = 0;
            while (same < sought.length && bytes[at + same] == sought[same]) {
                same++;
            }
            if (same == sought.length) {
                return at;
            }
        }
        return -1;
    }
}
