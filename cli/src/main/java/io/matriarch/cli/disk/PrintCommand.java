package io.matriarch.cli.disk;

import io.matriarch.storage.FileSystem;
import io.matriarch.storage.RealFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that print a server's files have in common: place after place, then one exit code for all. */
abstract class PrintCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    ZxidRange range = new ZxidRange();

    @Mixin
    Appearance appearance = new Appearance();

    final FileSystem files = new RealFileSystem();

    /** Files and directories as they were named. */
    abstract List<Path> places();

    /** Prints what is there; what is wrong goes to the report too. */
    abstract void read(Path place, Report report) throws IOException;

    @Override
    public final Integer call() {
        Report report = new Report(spec.commandLine().getOut(), appearance.isJson());
        for (Path place : places()) {
            if (!Files.exists(place)) {
                throw new ParameterException(spec.commandLine(), "there is no " + place);
            }
        }
        for (Path place : places()) {
            try {
                read(place, report);
            } catch (IOException e) {
                report.print(new Finding(true, place.toString(), -1, null, "cannot be read: " + e, "check the disk"));
            }
        }
        report.flush();
        return report.wrongCount() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
