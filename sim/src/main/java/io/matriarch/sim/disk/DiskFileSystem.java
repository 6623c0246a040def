package io.matriarch.sim.disk;

import io.matriarch.storage.FileSystem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A {@link VirtualDisk} as storage sees it. Directories exist as soon as they are named. */
public final class DiskFileSystem implements FileSystem {
    private final VirtualDisk disk;

    public DiskFileSystem(VirtualDisk disk) {
        this.disk = disk;
    }

    @Override
    public void createDirectories(String directory) {
        // Names of directories are durable at once here, as the contract demands.
    }

    @Override
    public List<String> list(String directory) {
        return disk.list(directory);
    }

    @Override
    public boolean exists(String path) {
        return disk.file(path) != null;
    }

    @Override
    public ReadableFile openForReading(String path) throws IOException {
        VirtualFile file = disk.file(path);
        if (file == null) {
            throw new FileNotFoundException(path);
        }
        return new Reader(file);
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        return new Writer(disk, path, disk.open(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void forceDirectory(String directory) throws IOException {
        disk.forceDirectory(directory);
    }

    private record Reader(VirtualFile file) implements ReadableFile {
        @Override
        public long size() {
            return file.size();
        }

        @Override
        public int read(long position, ByteBuffer target) {
            int length = (int) Math.min(target.remaining(), file.size() - position);
            if (length <= 0) {
                return 0;
            }
            byte[] chunk = new byte[length];
            file.read((int) position, chunk, 0, length);
            target.put(chunk);
            return length;
        }

        @Override
        public void close() {}
    }

    private record Writer(VirtualDisk disk, String path, VirtualFile file) implements WritableFile {
        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            byte[] chunk = new byte[source.remaining()];
            source.get(chunk);
            if (position > file.size()) {
                disk.resize(path, file, (int) position);
            }
            disk.write(path, file, (int) position, chunk, 0, chunk.length);
        }

        @Override
        public void truncate(long size) throws IOException {
            if (size < file.size()) {
                disk.resize(path, file, (int) size);
            }
        }

        @Override
        public void force() throws IOException {
            disk.force(path, file);
        }

        @Override
        public void close() {}
    }
}
