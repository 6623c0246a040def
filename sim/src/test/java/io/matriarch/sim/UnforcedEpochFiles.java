package io.matriarch.sim;

import io.matriarch.storage.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A file system on which forcing an epoch file does nothing. */
record UnforcedEpochFiles(FileSystem correct) implements FileSystem {
    @Override
    public void createDirectories(String directory) throws IOException {
        correct.createDirectories(directory);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        return correct.list(directory);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return correct.exists(path);
    }

    @Override
    public ReadableFile openForReading(String path) throws IOException {
        return correct.openForReading(path);
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        WritableFile file = correct.openForWriting(path);
        return path.contains("Epoch") ? new UnforcedFile(file) : file;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        correct.rename(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        correct.delete(path);
    }

    @Override
    public void forceDirectory(String directory) throws IOException {
        correct.forceDirectory(directory);
    }

    private record UnforcedFile(WritableFile correct) implements WritableFile {
        @Override
        public long size() throws IOException {
            return correct.size();
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            correct.write(position, source);
        }

        @Override
        public void truncate(long size) throws IOException {
            correct.truncate(size);
        }

        @Override
        public void force() {
            // That is the defect.
        }

        @Override
        public void close() throws IOException {
            correct.close();
        }
    }
}
