package io.matriarch.cli.disk;

import io.matriarch.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code matriarch log}: prints and verifies transaction logs. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = {
            "Print transaction logs, of Matriarch or Apache ZooKeeper, and say what is wrong with them.%n",
            "Each record's checksum is verified; so is the digest that its leader gave it, by replaying the log from a "
                    + "snapshot beside it; and that no record is missing. No file is changed. The exit code is 0 if "
                    + "all is well, 1 if something is wrong, 2 for wrong arguments.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch log /var/lib/matriarch              all logs of a server",
            "  matriarch log --summary /var/lib/matriarch    only what is wrong",
            "  matriarch log --data --from 0x100000005 version-2/log.100000001",
        })
public final class LogCommand extends PrintCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "A log, or a directory with logs: a dataLogDir or its version-2.")
    private List<Path> places = List.of();

    @Option(
            names = "--snapshots",
            paramLabel = "DIR",
            description = "Where the snapshots are to replay from; default: beside the logs.")
    private @Nullable Path snapshotPlace;

    @Override
    List<Path> places() {
        return places;
    }

    @Override
    void read(Path place, Report report) throws IOException {
        boolean isDirectory = Files.isDirectory(place);
        StoredFile only = isDirectory ? null : StoredFile.at(place.toString());
        String directory = only == null ? place.toString() : only.directory();
        List<StoredFile> logs = new ArrayList<>(StoredFile.logsIn(files, directory));
        if (isDirectory && logs.isEmpty()) {
            throw new ParameterException(spec.commandLine(), place + " has no transaction log");
        }
        List<StoredFile> snapshots = new ArrayList<>(
                StoredFile.snapshotsIn(files, snapshotPlace == null ? directory : snapshotPlace.toString()));
        if (only != null && !logs.contains(only)) {
            // Not a server's name: it stands for itself, and nothing is known of what came before.
            logs = List.of(only);
        }
        LogReading reading = new LogReading(files, snapshots, range, appearance, report);
        for (int i = 0; i < logs.size(); i++) {
            StoredFile log = logs.get(i);
            // The logs before the only one asked for are what it is replayed upon; they are not reported on.
            boolean isAsked = only == null || log.equals(only);
            reading.read(log, isAsked, i == logs.size() - 1);
            if (only != null && isAsked) {
                return;
            }
        }
    }
}
