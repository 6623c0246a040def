package io.matriarch.compat.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a server that does not run, as they are now, to be damaged and put back (disk.md 1 and 2). */
final class DataDirectory {
    private static final int HEADER_BYTES = 16;
    private static final int LENGTH_OFFSET = 8;
    private static final int RECORD_PREFIX_BYTES = 12;
    private static final int RECORD_SUFFIX_BYTES = 1;

    private final Path version2;
    private final Map<String, byte[]> files = new TreeMap<>();

    private DataDirectory(Path version2) {
        this.version2 = version2;
    }

    /** Remembers all files in {@code dataDir/version-2}. */
    static DataDirectory of(Path dataDir) throws IOException {
        DataDirectory remembered = new DataDirectory(dataDir.resolve("version-2"));
        try (Stream<Path> all = Files.list(remembered.version2)) {
            for (Path file : all.toList()) {
                remembered.files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return remembered;
    }

    /** The files whose names begin so; the one with the newest zxid last. */
    List<String> named(String prefix) {
        return files.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .sorted(Comparator.<String>comparingLong(DataDirectory::number).thenComparing(name -> name))
                .collect(Collectors.toList());
    }

    private static long number(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? 0 : Long.parseUnsignedLong(name.substring(dot + 1), 16);
    }

    /** What the file held. */
    byte[] bytes(String name) {
        return files.get(name).clone();
    }

    /** Puts all back as it was. */
    void restore() throws IOException {
        try (Stream<Path> now = Files.list(version2)) {
            for (Path file : now.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(version2.resolve(file.getKey()), file.getValue());
        }
    }

    /** Changes one byte in place. */
    void flip(String name, int offset, int mask) throws IOException {
        byte[] bytes = bytes(name);
        bytes[offset] ^= (byte) mask;
        Files.write(version2.resolve(name), bytes);
    }

    /** Where the last record of a log begins, and where the bytes end that mean anything. */
    LogEnd endOf(String log) {
        ByteBuffer bytes = ByteBuffer.wrap(files.get(log));
        int last = HEADER_BYTES;
        int at = HEADER_BYTES;
        while (at + RECORD_PREFIX_BYTES < bytes.capacity() && bytes.getInt(at + LENGTH_OFFSET) > 0) {
            last = at;
            at += RECORD_PREFIX_BYTES + bytes.getInt(at + LENGTH_OFFSET) + RECORD_SUFFIX_BYTES;
        }
        return new LogEnd(last, at);
    }

    /** Offsets in a log. */
    record LogEnd(int lastRecord, int end) {}
}
