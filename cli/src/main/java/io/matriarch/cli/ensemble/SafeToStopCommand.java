package io.matriarch.cli.ensemble;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code matriarch ensemble safe-to-stop ID}: for scripts that stop a server only if the others go on. */
@Command(
        name = "safe-to-stop",
        mixinStandardHelpOptions = true,
        description = {
            "Say whether a server may be stopped: whether the voters that serve without it are a quorum, and have what the "
                    + "leader has.%n",
            "Exit code: 0 yes, 1 no, with the reason, 2 it could not be found out."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer =
                "  matriarch ensemble safe-to-stop 2 --servers zk1:2181,zk2:2181,zk3:2181 && systemctl restart zookeeper")
final class SafeToStopCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WhomToAsk whom;

    @Parameters(paramLabel = "ID", description = "The server's id, as in its myid.")
    private long sid;

    @Override
    public Integer call() {
        EnsembleReport ensemble;
        try {
            ensemble = EnsembleReport.of(whom.network(), whom.addresses());
        } catch (CannotVerifyException e) {
            return unknown(String.valueOf(e.getMessage()));
        }
        if (ensemble.servers().stream().allMatch(server -> server.failure() != null)) {
            return unknown("no server could be asked");
        }
        ServerReport server = ensemble.server(sid);
        if (server == null) {
            return unknown("server " + sid + " was not found among those asked: add its client address to --servers,"
                    + " or use --config");
        }
        SafeToStop verdict = SafeToStop.of(ensemble, server);
        spec.commandLine().getOut().println((verdict.isSafe() ? "yes: " : "no: ") + verdict.reason());
        return verdict.isSafe() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private int unknown(String why) {
        spec.commandLine().getErr().println("not known: " + why);
        return ExitCode.USAGE;
    }
}
