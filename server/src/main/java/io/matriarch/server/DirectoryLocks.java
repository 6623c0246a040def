package io.matriarch.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
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
public final class DirectoryLocks implements AutoCloseable {
    /** Compat: a name that ZooKeeper does not look at. */
    private static final String FILE_NAME = "matriarch.lock";

    /** Compat: where Apache's zkServer.sh keeps the id of the process that it started. */
    private static final String APACHE_PID_FILE = "zookeeper_server.pid";

    private static final int MAX_PID_BYTES = 20;

    private final List<FileChannel> channels = new ArrayList<>();

    private DirectoryLocks() {}

    /**
     * Takes the locks of both directories, which may be one and are created if they are missing.
     *
     * @throws ServerStartException if another server holds one, or a directory cannot be written
     */
    public static DirectoryLocks take(Path dataDir, Path dataLogDir) {
        DirectoryLocks locks = new DirectoryLocks();
        Set<Path> directories = new LinkedHashSet<>(List.of(normal(dataDir)));
        directories.add(normal(dataLogDir));
        try {
            refuseBesideApache(dataDir);
            directories.forEach(locks::take);
            return locks;
        } catch (ServerStartException e) {
            locks.close();
            throw e;
        }
    }

    /** Apache's server takes no lock, but its script leaves its process id. An id that another program has now is none. */
    private static void refuseBesideApache(Path dataDir) {
        Path file = dataDir.resolve(APACHE_PID_FILE);
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MAX_PID_BYTES), StandardCharsets.US_ASCII).strip();
        } catch (IOException none) {
            return;
        }
        if (!text.matches("[0-9]{1,18}")) {
            return;
        }
        boolean isApache = ProcessHandle.of(Long.parseLong(text))
                .flatMap(process -> process.info().commandLine())
                .filter(command -> command.contains("org.apache.zookeeper.server"))
                .isPresent();
        if (isApache) {
            throw new ServerStartException(
                    "an Apache ZooKeeper server, process " + text + " of " + file + ", uses " + dataDir
                            + "; stop it and wait until it is gone",
                    HaltReason.EXIT_DATA_DIRECTORY);
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
