package io.matriarch.cli.disk;

import io.matriarch.server.DirectoryLocks;
import io.matriarch.server.ServerStartException;
import io.matriarch.storage.Purge;
import io.matriarch.storage.RealFileSystem;
import io.matriarch.storage.StorageOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code matriarch purge}: removes old snapshots and logs by hand. */
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description = {
            "Remove old snapshots and logs of a server that does not run.%n",
            "The newest snapshots are kept, and the logs that lead on from the oldest of them. A snapshot counts only if "
                    + "it can be read to its end; if none can, nothing is removed. A server of ours does this by itself "
                    + "if autopurge.purgeInterval is set in its zoo.cfg. The exit code is 0 if all is well, 1 if there "
                    + "is a broken snapshot or a file cannot be removed, 2 for wrong arguments, 3 if a server uses the "
                    + "directory.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch purge --dry-run /var/lib/matriarch       what would go",
            "  matriarch purge --retain 5 --log-dir /logs /data",
        })
public final class PurgeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The dataDir of zoo.cfg, which holds version-2.")
    private Path dataDir = Path.of("");

    @Option(names = "--log-dir", paramLabel = "DIR", description = "The dataLogDir of zoo.cfg; default: the dataDir.")
    private @Nullable Path logDir;

    @Option(
            names = {"-n", "--retain"},
            paramLabel = "N",
            defaultValue = "3",
            description = "How many snapshots to keep, at least 3; default: ${DEFAULT-VALUE}.")
    private int retained;

    @Option(names = "--dry-run", description = "Only say what would be removed.")
    private boolean isDryRun;

    @Override
    public Integer call() {
        Path logs = logDir == null ? dataDir : logDir;
        if (retained < Purge.MIN_RETAINED) {
            throw new ParameterException(spec.commandLine(), "at least " + Purge.MIN_RETAINED + " snapshots are kept");
        }
        for (Path dir : new Path[] {dataDir, logs}) {
            if (!Files.isDirectory(dir.resolve("version-2"))) {
                throw new ParameterException(spec.commandLine(), "there is no " + dir.resolve("version-2"));
            }
        }
        try {
            return isDryRun ? purge(logs) : purgeAlone(logs);
        } catch (IOException e) {
            spec.commandLine().getErr().println("matriarch purge: " + e);
            return ExitCode.SOFTWARE;
        }
    }

    /** While no server of ours uses the directories, and none can start to. */
    private int purgeAlone(Path logs) throws IOException {
        DirectoryLocks locks;
        try {
            locks = DirectoryLocks.take(dataDir, logs);
        } catch (ServerStartException e) {
            spec.commandLine().getErr().println("matriarch purge: " + e.getMessage());
            return e.exitCode();
        }
        try {
            return purge(logs);
        } finally {
            locks.close();
        }
    }

    private int purge(Path logs) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StorageOptions options = StorageOptions.in(dataDir.toString()).withLogDir(logs.toString());
        Purge purge = new Purge(new RealFileSystem(), options, retained);
        Purge.Plan plan = purge.plan();
        plan.kept().forEach(path -> out.println("keeps " + path));
        plan.broken().forEach(path -> out.println("broken, and not counted: " + path));
        plan.removable().forEach(path -> out.println((isDryRun ? "would remove " : "removes ") + path));
        if (!isDryRun) {
            purge.perform(plan);
        }
        out.flush();
        return plan.broken().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
