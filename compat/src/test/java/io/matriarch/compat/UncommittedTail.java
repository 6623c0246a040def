package io.matriarch.compat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * Writes on one member's disk what no other has: transactions that follow its last one in the same epoch, as a leader leaves them that
 * dies before anybody else has them. An Apache server that runs alone on the directory writes them: it goes on in the epoch that it
 * finds, and takes a snapshot whenever it starts.
 */
final class UncommittedTail {
    /** No znode of this name may be left anywhere. */
    static final String NAME = "uncommitted";

    private static final int LENGTH = 8;

    private UncommittedTail() {}

    /** What is on the disk beside the records of the tail. */
    enum Layout {
        /** The records before it too, and no snapshot of where it begins. */
        RECORDS,
        /** A snapshot of where the tail begins, and no record before it (zab.md 19, 24). */
        SNAPSHOT_BELOW,
        /** Snapshots that hold parts of the tail (zab.md 19, 25). */
        SNAPSHOTS_ABOVE
    }

    /**
     * Writes to the directory of a server that is down, as is its ensemble, and that has what {@link SharedDirectory#writeMuch} wrote in turn 0.
     * Its flavour is Apache's afterwards.
     */
    static void write(ServerProcess server, Layout layout) throws Exception {
        ConfigLines config = new ConfigLines(server);
        List<String> lines = config.lines();
        config.remove("server.");
        Path version2 = server.directory().resolve("data").resolve("version-2");
        List<Path> before = files(version2, "");
        for (int part = 0; part < (layout == Layout.SNAPSHOTS_ABOVE ? 3 : 1); part++) {
            writeAlone(server, part);
        }
        config.write(lines);
        switch (layout) {
            case RECORDS ->
                delete(files(version2, "snapshot.").stream()
                        .filter(file -> !before.contains(file))
                        .toList());
            case SNAPSHOT_BELOW ->
                delete(before.stream().filter(file -> isNamed(file, "log.")).toList());
            case SNAPSHOTS_ABOVE -> {}
        }
    }

    private static void writeAlone(ServerProcess server, int part) throws Exception {
        server.startAs(Flavour.APACHE);
        server.awaitServing(Clients.SERVING_BOUND);
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            for (int i = 0; i < LENGTH; i++) {
                client.create(
                        "/" + NAME + part + "-" + i, new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
            client.setData("/turn-0", new byte[] {(byte) part}, -1);
            client.delete("/turn-0/s-000000000" + (4 + part), -1);
        } finally {
            Clients.close(client);
            server.kill();
        }
    }

    private static void delete(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.delete(file);
        }
    }

    private static boolean isNamed(Path file, String prefix) {
        return file.getFileName().toString().startsWith(prefix);
    }

    /** Oldest first. */
    private static List<Path> files(Path version2, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(version2)) {
            return files.filter(file -> isNamed(file, prefix))
                    .sorted(Comparator.comparing(
                            file -> isNamed(file, "log.") || isNamed(file, "snapshot.") ? zxidOf(file) : 0))
                    .toList();
        }
    }

    private static long zxidOf(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.")[1], 16);
    }
}
