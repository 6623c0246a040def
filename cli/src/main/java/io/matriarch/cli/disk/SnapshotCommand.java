package io.matriarch.cli.disk;

import io.matriarch.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code matriarch snapshot}: prints and verifies snapshots. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = {
            "Print snapshots, of Matriarch or Apache ZooKeeper, and say what is wrong with them.%n",
            "Plain, gzip and snappy files are read. Their checksums are verified, that they make a tree, and that the "
                    + "log beside them goes on from that tree by the digests in its records. No file is changed. The "
                    + "exit code is 0 if all is well, 1 if something is wrong, 2 for wrong arguments.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch snapshot --summary /var/lib/matriarch    which snapshots are whole",
            "  matriarch snapshot --data version-2/snapshot.100000001",
            "  matriarch snapshot --json version-2/snapshot.5.gz  one object per line",
        })
public final class SnapshotCommand extends PrintCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "A snapshot, or a directory with snapshots: a dataDir or its version-2.")
    private List<Path> places = List.of();

    @Option(
            names = "--logs",
            paramLabel = "DIR",
            description = "Where the logs are that go on from the snapshots; default: beside them.")
    private @Nullable Path logPlace;

    @Override
    List<Path> places() {
        return places;
    }

    @Override
    void read(Path place, Report report) throws IOException {
        boolean isDirectory = Files.isDirectory(place);
        StoredFile only = isDirectory ? null : StoredFile.at(place.toString());
        String directory = only == null ? place.toString() : only.directory();
        List<StoredFile> snapshots = only == null ? StoredFile.snapshotsIn(files, directory) : List.of(only);
        if (snapshots.isEmpty()) {
            throw new ParameterException(spec.commandLine(), place + " has no snapshot");
        }
        List<StoredFile> logs = StoredFile.logsIn(files, logPlace == null ? directory : logPlace.toString());
        for (StoredFile snapshot : snapshots) {
            new SnapshotReading(files, snapshot, logs, range, appearance, report).read();
        }
    }
}
