package io.matriarch.cli;

import io.matriarch.cli.demo.DemoCommand;
import io.matriarch.cli.disk.LogCommand;
import io.matriarch.cli.disk.PurgeCommand;
import io.matriarch.cli.disk.SnapshotCommand;
import io.matriarch.cli.elect.ElectCommand;
import io.matriarch.cli.elect.LeaderCommand;
import io.matriarch.cli.ensemble.EnsembleCommand;
import io.matriarch.cli.explain.ExplainCommand;
import io.matriarch.cli.shell.ShellCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code bin/matriarch}. Exit codes: 0 done; 1 it did not come true; 2 wrong arguments or configuration; 130 interrupted.
 */
@Command(
        name = "matriarch",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "A coordination server that speaks ZooKeeper's protocols: servers elect a leader among themselves, "
                        + "clients elect a leader among themselves on the tree of znodes that the servers replicate.",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch demo                     see both elections happen, and survive a dead leader",
            "  matriarch server conf/zoo.cfg      run one server from a zoo.cfg, as ZooKeeper's users write it",
            "  matriarch shell ls /               read and change znodes, with zkCli's commands",
            "  matriarch simulate --seeds 500     search for broken promises in virtual time",
            "  matriarch log DIR                  print a server's transaction logs, and verify them",
            "  matriarch ensemble verify --help   compare the trees of a running ensemble",
            "  matriarch explain --help           why this server leads, and why it took that long",
            "  matriarch elect -- COMMAND         run a command only while this instance leads",
            "  matriarch leader --watch           who leads among the candidates, and who comes next",
            "  matriarch bench                    measure against Apache ZooKeeper on this machine",
            "  matriarch COMMAND --help           all about one command",
        },
        subcommands = {
            DemoCommand.class,
            ServerCommand.class,
            ShellCommand.class,
            SimulateCommand.class,
            LogCommand.class,
            SnapshotCommand.class,
            EnsembleCommand.class,
            ExplainCommand.class,
            ElectCommand.class,
            LeaderCommand.class,
            PurgeCommand.class,
            Main.BenchDoor.class,
            Main.SoakDoor.class,
            Main.VersionCommand.class
        })
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        // Only one command's classes are wanted per start, so that factories and reflection stay with picocli.
        CommandLine commandLine = new CommandLine(new Main());
        // Options behind the name of elect's command are that command's.
        commandLine.getSubcommands().get("elect").setStopAtPositional(true);
        commandLine.getSubcommands().values().forEach(sub -> sub.getCommandSpec()
                .versionProvider(new Version()));
        return commandLine
                .setUsageHelpWidth(100)
                .setAbbreviatedOptionsAllowed(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explain);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Says what was wrong, what was perhaps meant, and where to read on; nothing more. */
    private static int explain(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String what = wrong instanceof UnmatchedArgumentException unmatched
                ? "there is no '" + unmatched.getUnmatched().get(0) + "'"
                : wrong.getMessage();
        command.getErr().println(name + ": " + what);
        UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.getErr().println("Try '" + name + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /** Only for the list of commands: bin/matriarch starts those of module bench by their own class and class path. */
    @Command(
            name = "bench",
            description = "Measure this and Apache ZooKeeper 3.9 in turn: writes, reads, failover, cold start.")
    static final class BenchDoor implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            return startElsewhere(spec);
        }
    }

    /** Only for the list of commands, as {@link BenchDoor}. */
    @Command(
            name = "soak",
            description = "Strike servers and a hundred candidates with faults, and look for two leaders.")
    static final class SoakDoor implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            return startElsewhere(spec);
        }
    }

    private static int startElsewhere(CommandSpec spec) {
        String name = spec.qualifiedName();
        spec.commandLine().getErr().println(name + ": start it as bin/" + name);
        return CommandLine.ExitCode.USAGE;
    }

    /** The version, on one line. */
    @Command(name = "version", description = "Print the version of Matriarch and of the JVM.")
    static final class VersionCommand implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            for (String line : new Version().getVersion()) {
                spec.commandLine().getOut().println(line);
            }
            return CommandLine.ExitCode.OK;
        }
    }
}
