package io.matriarch.cli.shell;

import io.matriarch.cli.terminal.Ink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code matriarch shell}: reads and changes the tree of an ensemble, as people know it from zkCli. */
@Command(
        name = "shell",
        mixinStandardHelpOptions = true,
        description = {
            "Read and change znodes: the commands and options of zkCli, on any ZooKeeper ensemble.%n",
            "With a COMMAND it does that one and ends. Otherwise it reads commands: at a terminal with completion of "
                    + "commands and of znode paths and with a history, from a pipe one per line, up to the first that fails.%n"
        },
        footerHeading = "%nExit codes: 0 done; 1 it failed; 2 wrong arguments.%n%nExamples:%n",
        footer = {
            "  matriarch shell                                    at localhost:2181",
            "  matriarch shell --servers a:2181,b:2181/app        below /app of an ensemble",
            "  matriarch shell --servers a:2181 get -s /config    one command",
            "  matriarch shell --json ls / | jq -r .children[]    for programs",
            "  matriarch shell < commands.txt                     a script; # begins a comment",
            "  matriarch shell help                               all commands",
        })
public final class ShellCommand implements Callable<Integer> {
    private static final int DEFAULT_WAIT_MILLIS = 10_000;

    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"--servers", "-server"},
            paramLabel = "HOSTS",
            defaultValue = "localhost:2181",
            description = "host:port[,host:port...][/chroot]; default localhost:2181.")
    private String servers = "";

    @Option(
            names = {"--timeout", "-timeout"},
            paramLabel = "MILLIS",
            defaultValue = "30000",
            description = "Session timeout; default 30000.")
    private int timeoutMillis;

    @Option(
            names = {"--wait", "-waitforconnection"},
            paramLabel = "MILLIS",
            arity = "0..1",
            fallbackValue = "60000",
            description = "How long to wait for a server; default 10000, or until nobody is found to listen.")
    private @Nullable Integer waitMillis;

    @Option(
            names = {"--read-only", "-r"},
            description = "A server without a quorum will do, for reading.")
    private boolean isReadOnly;

    @Option(
            names = {"--client-configuration", "-client-configuration"},
            paramLabel = "FILE",
            description = "Settings of Apache's client, such as TLS.")
    private @Nullable Path clientConfiguration;

    @Option(names = "--plain", description = "No colours. There are none anyway unless this is a terminal.")
    private boolean isPlain;

    @Option(names = "--json", description = "One JSON object per line, errors too.")
    private boolean isJson;

    @Option(names = "--keep-going", description = "Read on after a command of a pipe failed; the first failure counts.")
    private boolean isKeepingGoing;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "A command of the shell, with its arguments.")
    private List<String> command = new ArrayList<>();

    /** What follows the command's name is the command's, whatever it looks like. */
    @Spec
    void spec(CommandSpec injected) {
        spec = injected;
        spec.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws Exception {
        if (System.getProperty("matriarch.log.level") == null) {
            // What the client logs belongs to other occasions: what matters is told by the commands.
            System.setProperty("matriarch.log.level", "OFF");
        }
        requirePositive("--timeout", timeoutMillis);
        requirePositive("--wait", waitMillis == null ? DEFAULT_WAIT_MILLIS : waitMillis);
        PrintWriter out = spec.commandLine().getOut();
        boolean hasColour = !isPlain && Ink.isWanted();
        Screen.Style style = isJson ? Screen.Style.JSON : hasColour ? Screen.Style.COLOURED : Screen.Style.PLAIN;
        Screen screen = new Screen(out, spec.commandLine().getErr(), style, Ink.isTerminal());
        try (Session session = new Session(screen, terms(), servers)) {
            Shell shell =
                    new Shell(session, screen, spec.root().versionProvider().getVersion()[0]);
            return run(shell, screen);
        } catch (ShellException e) {
            screen.failed(e.kind(), e.text());
            return Shell.USAGE;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // bin/matriarch asks newer JVMs for the console of older ones
    private int run(Shell shell, Screen screen) throws IOException, InterruptedException {
        if (!command.isEmpty() && isOffline(command.get(0))) {
            return shell.execute(command);
        }
        boolean isInteractive = command.isEmpty() && !isJson && System.console() != null;
        try {
            shell.session().connect(servers);
        } catch (ShellException e) {
            screen.failed(e.kind(), e.text());
            if (!isInteractive) {
                return e.isUsage() ? Shell.USAGE : Shell.FAILED;
            }
        }
        if (!command.isEmpty()) {
            return shell.execute(command);
        }
        if (isInteractive) {
            return new Interaction(shell).run();
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return new Script(shell, isKeepingGoing).run(lines);
    }

    private static boolean isOffline(String name) {
        return Verbs.named(name)
                .filter(entry -> !entry.name().equals("help") && !entry.name().equals("version"))
                .isEmpty();
    }

    private Session.Terms terms() throws ShellException {
        return new Session.Terms(
                timeoutMillis,
                waitMillis == null ? DEFAULT_WAIT_MILLIS : waitMillis,
                waitMillis != null,
                isReadOnly,
                ClientSettings.of(clientConfiguration));
    }

    private void requirePositive(String option, int millis) {
        if (millis < 1) {
            throw new ParameterException(spec.commandLine(), option + " is " + millis + "; at least 1 is needed");
        }
    }
}
