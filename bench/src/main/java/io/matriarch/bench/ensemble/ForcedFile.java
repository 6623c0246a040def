package io.matriarch.bench.ensemble;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file beside those of the servers, to tell what a forced write costs there. It goes when it is closed. */
public final class ForcedFile implements AutoCloseable {
    private static final int APPENDED_BYTES = 1024;

    private final FileChannel channel;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(APPENDED_BYTES);

    private ForcedFile(FileChannel channel) {
        this.channel = channel;
    }

    /** A new one in the directory, which is made if missing. */
    public static ForcedFile in(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = Files.createTempFile(directory, "force", ".tmp");
        return new ForcedFile(FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
    }

    /** Appends 1 KiB and forces it; the nanoseconds that this took. */
    public long appendNanos() throws IOException {
        long beganNanos = System.nanoTime();
        channel.write(bytes.rewind());
        channel.force(false);
        return System.nanoTime() - beganNanos;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
