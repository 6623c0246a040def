package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.FourLetterWord;
import io.matriarch.cli.contact.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch ensemble rolling-restart}: the plan, and with a command for each server its execution. */
@Command(
        name = "rolling-restart",
        mixinStandardHelpOptions = true,
        description = {
            "Restart all servers of an ensemble, one after the other, while it serves: observers, then followers, the leader "
                    + "last, after it handed over. None is stopped before the others are a quorum without it, and the next "
                    + "one waits until the one before serves and has what the leader has.%n",
            "Without --restart-command only the plan is printed. The command is run by a shell, once for each server, and "
                    + "must return when the server was stopped and started again; {id}, {host} and {port} in it are "
                    + "replaced by the server's id and its client address. If it fails, or a server does not come back, "
                    + "nothing more is restarted.%n",
            "Exit code: 0 done, 1 ended early, 2 not begun."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = {
            "  matriarch ensemble rolling-restart --servers zk1:2181,zk2:2181,zk3:2181 \\",
            "      --restart-command 'systemctl --host {host} restart zookeeper'",
        })
final class RollingRestartCommand implements Callable<Integer> {
    private static final int LOOK_AGAIN_MILLIS = 500;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WhomToAsk whom;

    @Option(
            names = "--restart-command",
            paramLabel = "COMMAND",
            description = "Restarts one server: for example 'systemctl --host {host} restart zookeeper'.")
    private @Nullable String command;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long each server may take to become dispensable, and to come back; default 120.")
    private int waitSeconds;

    @Override
    public Integer call() {
        if (waitSeconds < 1 || waitSeconds > 86_400) {
            throw new ParameterException(spec.commandLine(), "--wait is 1 to 86400");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            Network network = whom.network();
            Map<Address, @Nullable Long> addresses = whom.addresses();
            EnsembleReport ensemble = EnsembleReport.of(network, addresses);
            RestartPlan plan = RestartPlan.of(ensemble);
            print(out, plan, ensemble);
            String template = command;
            if (template == null) {
                return ExitCode.OK;
            }
            RollingRestart restart = new RollingRestart(new RealSurroundings(network, addresses, template), out);
            return restart.run(plan) ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (CannotVerifyException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.USAGE;
        } catch (IOException e) {
            spec.commandLine().getErr().println("the command could not be run: " + e.getMessage());
            return ExitCode.SOFTWARE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            spec.commandLine().getErr().println("interrupted: nothing more is restarted");
            return ExitCode.SOFTWARE;
        }
    }

    private static void print(PrintWriter out, RestartPlan plan, EnsembleReport ensemble) {
        int number = 1;
        for (long sid : plan.order()) {
            ServerReport server = ensemble.server(sid);
            String hint = server != null && server.isLeading() ? ", after it handed over" : "";
            out.println(number++ + ". server " + sid + (server == null ? "" : " at " + server.address()) + hint);
        }
        out.flush();
    }

    /** {@code template} for one server. */
    static String commandFor(String template, ServerReport server) {
        return template.replace("{id}", String.valueOf(server.sid()))
                .replace("{host}", server.address().host())
                .replace("{port}", Integer.toString(server.address().port()));
    }

    private final class RealSurroundings implements RollingRestart.Surroundings {
        private final Network network;
        private final Map<Address, @Nullable Long> addresses;
        private final String template;

        RealSurroundings(Network network, Map<Address, @Nullable Long> addresses, String template) {
            this.network = network;
            this.addresses = addresses;
            this.template = template;
        }

        @Override
        public EnsembleReport look() {
            return EnsembleReport.of(network, addresses);
        }

        @Override
        public int restart(ServerReport server) throws IOException, InterruptedException {
            return new ProcessBuilder("sh", "-c", commandFor(template, server))
                    .inheritIO()
                    .start()
                    .waitFor();
        }

        @Override
        public String handOver(ServerReport leader, ServerReport next) {
            try {
                return FourLetterWord.ask(network, leader.address(), "lead " + next.sid() + "\n")
                        .strip();
            } catch (IOException e) {
                return "it hands over when it is asked to stop";
            }
        }

        @Override
        public boolean await(int attempt) throws InterruptedException {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            return (long) attempt * LOOK_AGAIN_MILLIS < waitSeconds * 1000L;
        }
    }
}
