package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.FourLetterWord;
import io.matriarch.cli.contact.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code matriarch ensemble status}: asks every server once, and says what it means together. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show every server's role, epoch, zxid, lag, disk latency, connections and version, who would lead if the leader "
                    + "died now and how long that would take, and what should be looked at.%n",
            "Servers of ours tell it all to the four-letter word 'peer'. Apache's tell the rest to srvr, and their disk "
                    + "latency and id only if 4lw.commands.whitelist has mntr and conf.%n",
            "Exit code: 0 nothing to complain of, 1 there is a warning, 2 no server could be asked."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch ensemble status --servers zk1:2181,zk2:2181,zk3:2181",
            "  matriarch ensemble status --config conf/zoo.cfg --json",
        })
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private WhomToAsk whom;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Network network = whom.network();
        EnsembleReport ensemble;
        try {
            ensemble = EnsembleReport.of(network, whom.addresses());
        } catch (CannotVerifyException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.USAGE;
        }
        ServerReport leader = ensemble.leader();
        Forecast forecast = leader == null ? null : Forecast.of(ensemble, leader, journals(network, ensemble));
        List<String> concerns = Concerns.of(ensemble, forecast);
        print(out, ensemble, forecast, concerns);
        if (ensemble.servers().stream().allMatch(server -> server.failure() != null)) {
            return ExitCode.USAGE;
        }
        return concerns.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void print(PrintWriter out, EnsembleReport ensemble, @Nullable Forecast forecast, List<String> concerns) {
        if (isJson) {
            out.println(new StatusJson().of(ensemble, forecast, concerns));
            out.flush();
        } else {
            new StatusText(out).print(ensemble, forecast, concerns);
        }
    }

    private static List<String> journals(Network network, EnsembleReport ensemble) {
        List<String> journals = new ArrayList<>();
        for (ServerReport server : ensemble.servers()) {
            if (server.standing() == null) {
                continue;
            }
            try {
                journals.add(FourLetterWord.ask(network, server.address(), "jrnl"));
            } catch (IOException e) {
                // It does not hand it out: the forecast does without.
            }
        }
        return journals;
    }
}
