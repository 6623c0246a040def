package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.FourLetterWord;
import io.matriarch.cli.contact.Network;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code matriarch ensemble transfer-leader}: has a chosen server lead, without an outage that clients notice. */
@Command(
        name = "transfer-leader",
        mixinStandardHelpOptions = true,
        description = {
            "Have a chosen server lead.%n",
            "The leader stops taking writes, waits until all are committed and logged there, and names the server; the others "
                    + "turn to it without an election. Clients keep their connections, and what they ask for meanwhile is "
                    + "done by the next leader.%n",
            "Any server of the ensemble can be asked; it takes the wish from its own machine, or from everywhere if its "
                    + "4lw.commands.whitelist names 'lead'. Servers of Apache's can neither be asked nor named; those of "
                    + "ours must be a quorum.%n",
            "Exit code: 0 the server leads, 1 refused, with the reason, 2 nobody could be asked."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = "  matriarch ensemble transfer-leader --to 2 --servers localhost:2181")
final class TransferLeaderCommand implements Callable<Integer> {
    private static final String DONE = "done: ";
    private static final String REFUSED = "refused: ";
    private static final int SERVICE_SECONDS = 10;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WhomToAsk whom;

    @Option(names = "--to", paramLabel = "ID", required = true, description = "The server that is to lead.")
    private long target;

    @Override
    public Integer call() {
        Network network = whom.network();
        Set<Address> servers;
        try {
            servers = whom.addresses().keySet();
        } catch (CannotVerifyException e) {
            return nobody(String.valueOf(e.getMessage()));
        }
        for (Address server : servers) {
            try {
                return transfer(network, server);
            } catch (IOException e) {
                spec.commandLine().getErr().println(server + ": " + e.getMessage());
            }
        }
        return nobody("no server could be asked");
    }

    private int nobody(String why) {
        spec.commandLine().getErr().println(why);
        return ExitCode.USAGE;
    }

    private int transfer(Network network, Address server) throws IOException {
        long beganNanos = System.nanoTime();
        String answer =
                FourLetterWord.ask(network, server, "lead " + target + "\n").strip();
        if (answer.startsWith(REFUSED)) {
            spec.commandLine().getErr().println(answer.substring(REFUSED.length()));
            return ExitCode.SOFTWARE;
        }
        if (!answer.startsWith(DONE)) {
            throw new IOException("its answer cannot be understood: " + answer);
        }
        awaitService(network, server, beganNanos);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
        spec.commandLine()
                .getOut()
                .println(answer.substring(DONE.length()) + "; " + server + " serves after " + millis + " ms");
        return ExitCode.OK;
    }

    /** The server that was asked serves again when it follows, or is, the next leader. */
    private static void awaitService(Network network, Address asked, long beganNanos) throws IOException {
        while (!FourLetterWord.ask(network, asked, "srvr").contains("\nMode: ")) {
            if (System.nanoTime() - beganNanos > TimeUnit.SECONDS.toNanos(SERVICE_SECONDS)) {
                throw new IOException("it does not serve within " + SERVICE_SECONDS + " s of the hand-over");
            }
        }
    }
}
