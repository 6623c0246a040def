package io.matriarch.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A file system that passes everything on to another, for those that change a little of one. */
public class ForwardingFileSystem implements FileSystem {
    private final FileSystem files;

    /** Passes on to {@code files}. */
    protected ForwardingFileSystem(FileSystem files) {
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
        return files.openForWriting(path);
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
    public void forceDirectory(String directory) throws IOException {
        files.forceDirectory(directory);
    }

    /** A file that passes everything on to another. */
    public static class ForwardingFile implements WritableFile {
        private final WritableFile file;

        /** Passes on to {@code file}. */
        public ForwardingFile(WritableFile file) {
            this.file = file;
        }

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
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
