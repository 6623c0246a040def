package io.matriarch.cli.ensemble;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch ensemble}: its subcommands do the work. */
@Command(
        name = "ensemble",
        mixinStandardHelpOptions = true,
        description = "Ask a running ensemble, of Matriarch's servers, Apache ZooKeeper's or both.",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            StatusCommand.class,
            SafeToStopCommand.class,
            RollingRestartCommand.class,
            TransferLeaderCommand.class,
            VerifyCommand.class
        })
public final class EnsembleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: status, safe-to-stop, rolling-restart, transfer-leader or verify");
    }
}
