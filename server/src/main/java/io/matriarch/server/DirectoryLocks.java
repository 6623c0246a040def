package io.matriarch.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The right to use a server's directories, held through a locked file in each. Two servers on one directory would both
 * append to its log, and the second would cut what the first is writing as a torn end. The system lets go when the process
 * ends, however it ends.
 */
final class DirectoryLocks implements AutoCloseable {
    /** Compat: a name that ZooKeeper does not look at. */
    private static final String FILE_NAME = "matriarch.lock";

    private final List<FileChannel> channels = new ArrayList<>();

    /**
     * Takes the locks of both directories, which may be one and are created if they are missing.
     *
     * @throws ServerStartException if another server holds one, or a directory cannot be written
     */
    static DirectoryLocks take(Path dataDir, Path dataLogDir) {
        DirectoryLocks locks = new DirectoryLocks();
        Set<Path> directories = new LinkedHashSet<>(List.of(normal(dataDir)));
        directories.add(normal(dataLogDir));
        try {
            directories.forEach(locks::take);
            return locks;
        } catch (ServerStartException e) {
            locks.close();
            throw e;
        }
    }

    private static Path normal(Path directory) {
        return directory.toAbsolutePath().normalize();
    }

    private void take(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channels.add(channel);
            if (isTaken(channel)) {
                throw new ServerStartException(
                        "another server uses " + directory + " (it holds " + FILE_NAME
                                + "); stop that one, or give this one a directory of its own",
                        HaltReason.EXIT_DATA_DIRECTORY);
            }
        } catch (IOException e) {
            throw new ServerStartException(
                    "cannot lock " + file + ": " + e + "; the server must be able to write its data directory",
                    HaltReason.EXIT_DATA_DIRECTORY,
                    e);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException e) {
            // By a server in this very process.
            return true;
        }
    }

    @Override
    public void close() {
        try {
            for (FileChannel channel : channels) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
