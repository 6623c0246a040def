package io.matriarch.cli.disk;

import io.matriarch.storage.FileSystem;
import io.matriarch.storage.RealFileSystem;
import io.matriarch.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
public final class SnapshotCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

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

    @Mixin
    private ZxidRange range = new ZxidRange();

    @Mixin
    private Appearance appearance = new Appearance();

    private final FileSystem files = new RealFileSystem();

    @Override
    public Integer call() {
        Report report = new Report(spec.commandLine().getOut(), appearance.isJson());
        for (Path place : places) {
            if (!Files.exists(place)) {
                throw new ParameterException(spec.commandLine(), "there is no " + place);
            }
        }
        for (Path place : places) {
            try {
                read(place, report);
            } catch (IOException e) {
                report.print(new Finding(true, place.toString(), -1, null, "cannot be read: " + e, "check the disk"));
            }
        }
        report.flush();
        return report.wrongCount() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void read(Path place, Report report) throws IOException {
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
