package io.matriarch.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How snapshots are written ({@code zookeeper.snapshot.compression.method}, disk.md 5.8). How one is read is told by its
 * name alone.
 */
public enum SnapshotCompression {
    /** As they are; every release of ZooKeeper reads that. */
    NONE(""),
    /** ZooKeeper reads it since 3.6. */
    GZIP(Layout.GZIP_SUFFIX),
    /** ZooKeeper reads it since 3.6; less small, and quicker than gzip. */
    SNAPPY(Layout.SNAPPY_SUFFIX);

    private static final int BUFFER_BYTES = 64 << 10;

    private final String suffix;

    SnapshotCompression(String suffix) {
        this.suffix = suffix;
    }

    /** What a file's name ends in. */
    String suffix() {
        return suffix;
    }

    /** A stream that compresses into {@code out}; closing it closes {@code out}. */
    OutputStream into(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
            case SNAPPY -> new SnappyOutput(out);
        };
    }
}
