package io.matriarch.cli.explain;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.FourLetterWord;
import io.matriarch.cli.contact.Network;
import io.matriarch.cli.contact.ServersOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch explain}: gets the journals, finds the elections in them, and shows the last ones. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Tell why this server leads: what triggered the last election, every vote, what changed it, what was waited "
                    + "for, and how long each phase took.%n",
            "Each server of ours keeps a journal of its elections, across restarts. All that can be reached are laid on one "
                    + "clock and told as one story. Apache's servers keep none, but what they told ours is in ours.%n",
            "Exit code: 0 told, 1 there is no election to tell of, 2 no journal could be had."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch explain --servers zk1:2181,zk2:2181,zk3:2181",
            "  matriarch explain --servers zk1:2181,zk2:2181 --last 5 --json",
            "  matriarch explain --data-dir /var/lib/zookeeper --svg election.svg",
        })
public final class ExplainCommand implements Callable<Integer> {
    private static final int MAX_ELECTIONS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServersOption servers;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            split = ",",
            description = "Read the journal in a server's dataDir, running or not; may be several.")
    private List<Path> dataDirs = List.of();

    @Option(names = "--last", paramLabel = "N", defaultValue = "1", description = "How many elections; default 1.")
    private int last;

    @Option(names = "--epoch", paramLabel = "N", description = "The election that began this epoch, and no other.")
    private @Nullable Long epoch;

    @Option(names = "--list", description = "One line for each election, and no more.")
    private boolean isList;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean isJson;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Draw the last of them as a timeline into this file too.")
    private @Nullable Path svg;

    private final ExplainJson json = new ExplainJson();

    @Override
    public Integer call() {
        if (!servers.isGiven() && dataDirs.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--servers or --data-dir is missing");
        }
        if (last < 1 || last > MAX_ELECTIONS) {
            throw new ParameterException(spec.commandLine(), "--last is 1 to " + MAX_ELECTIONS);
        }
        List<Journal> journals = journals();
        if (journals.isEmpty()) {
            return ExitCode.USAGE;
        }
        List<Election> elections = Elections.in(journals).stream()
                .filter(election -> epoch == null || epoch.equals(election.epoch()))
                .toList();
        journals.forEach(journal -> journal.notes().forEach(note -> note(journal.source(), note)));
        if (elections.isEmpty()) {
            note("journals", epoch == null ? "tell of no election" : "tell of no election of epoch " + epoch);
            return ExitCode.SOFTWARE;
        }
        List<Election> shown =
                isList ? elections : elections.subList(Math.max(0, elections.size() - last), elections.size());
        print(shown);
        return draw(elections.get(elections.size() - 1));
    }

    private void print(List<Election> shown) {
        PrintWriter out = spec.commandLine().getOut();
        String separator = "";
        for (Election election : shown) {
            if (isJson) {
                out.println(json.of(election));
            } else if (isList) {
                out.println(ElectionText.title(election));
            } else {
                out.print(separator);
                ElectionText.of(election).forEach(out::println);
                separator = "\n";
            }
        }
        out.flush();
    }

    private int draw(Election election) {
        Path file = svg;
        if (file == null) {
            return ExitCode.OK;
        }
        try {
            Files.writeString(file, Timeline.of(election), StandardCharsets.UTF_8);
            return ExitCode.OK;
        } catch (IOException e) {
            note(file.toString(), "cannot be written: " + e);
            return ExitCode.USAGE;
        }
    }

    private List<Journal> journals() {
        List<Journal> journals = new ArrayList<>();
        Network network = servers.network(null);
        for (Address server : servers.named()) {
            try {
                add(journals, Journal.read(FourLetterWord.ask(network, server, "jrnl"), server.toString()));
            } catch (IOException e) {
                note(server.toString(), "gave no journal: " + e.getMessage());
            }
        }
        for (Path dataDir : dataDirs) {
            try {
                add(journals, Journal.inDirectory(dataDir));
            } catch (IOException e) {
                note(dataDir.toString(), String.valueOf(e.getMessage()));
            }
        }
        return journals;
    }

    private void add(List<Journal> journals, Journal journal) {
        boolean isDouble = journals.stream().anyMatch(other -> other.sid() == journal.sid());
        if (isDouble) {
            note(journal.source(), "is server " + journal.sid() + " once more, and left out");
        } else {
            journals.add(journal);
        }
    }

    private void note(String source, String text) {
        if (isJson) {
            spec.commandLine().getOut().println(json.note(source, text));
        } else {
            spec.commandLine().getErr().println("note: " + source + " " + text);
        }
    }
}
