package io.matriarch.sim;

import io.matriarch.storage.FileSystem;
import io.matriarch.storage.ForwardingFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A file system of Apache's habits: the logs of before stay beside a snapshot that came from a leader, and nothing on disk tells
 * of the hole between them (ZOOKEEPER-2846). The mark of it keeps its first two words, the start of what is whole.
 */
final class HolesForgotten extends ForwardingFileSystem {
    private static final String MARK = "/contiguous";
    private static final String LOG = ".*/log\\.[0-9a-f]+";

    HolesForgotten(FileSystem correct) {
        super(correct);
    }

    @Override
    public void delete(String path) throws IOException {
        String pending = path.substring(0, path.lastIndexOf('/')) + "/pending";
        if (!path.matches(LOG) || !exists(pending) || !text(pending).startsWith("install")) {
            super.delete(path);
        }
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        WritableFile file = super.openForWriting(path);
        String mark = path.substring(0, path.length() - ".tmp".length());
        if (!path.endsWith(MARK + ".tmp") || !exists(mark)) {
            return file;
        }
        String[] before = text(mark).split(" ");
        return new ForwardingFile(file) {
            @Override
            public void write(long position, ByteBuffer source) throws IOException {
                String[] now = StandardCharsets.UTF_8.decode(source).toString().split(" ");
                String kept = String.join(" ", before[0], before[1], now[2], now[3]);
                file.write(position, ByteBuffer.wrap(kept.getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    private String text(String path) throws IOException {
        try (ReadableFile file = openForReading(path)) {
            ByteBuffer bytes = ByteBuffer.allocate(200);
            file.read(0, bytes);
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        }
    }
}
