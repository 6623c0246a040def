package io.matriarch.server;

import io.matriarch.storage.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A file system that leaves forcing to the machine: {@code forceSync=no}. A power failure loses what it had not done. */
final class UnforcedFileSystem implements FileSystem {
    private final FileSystem files;

    UnforcedFileSystem(FileSystem files) {
        this.files = files;
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        files.createDirectories(directory);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return files.exists(path);
    }

    @Override
    public ReadableFile openForReading(String path) throws IOException {
        return files.openForReading(path);
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        return new UnforcedFile(files.openForWriting(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        files.delete(path);
    }

    @Override
    public void forceDirectory(String directory) {
        // What this class is for.
    }

    private record UnforcedFile(WritableFile file) implements WritableFile {
        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            file.write(position, source);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() {
            // What this class is for.
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
