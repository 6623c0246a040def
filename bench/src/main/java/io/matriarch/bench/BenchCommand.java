package io.matriarch.bench;

import io.matriarch.bench.candidates.CandidatesCommand;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code matriarch bench}: measures Matriarch and Apache ZooKeeper in turn and prints both and their ratio. Exits 0 when every round
 * went through, else 1.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = CandidatesCommand.class,
        description = "Measures Matriarch and Apache ZooKeeper in turn on this machine and prints the ratio.")
public final class BenchCommand implements Callable<Integer> {
    private static final Duration QUICK_DURATION = Duration.ofSeconds(2);

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--quick", description = "One round of short measurements: shows that it works, proves little.")
    boolean isQuick;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds; figures are medians over them (default 5).")
    int rounds = 5;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description = "Measured time of each load in each round (default 5).")
    int durationSeconds = 5;

    @Option(
            names = "--only",
            paramLabel = "WORKLOAD",
            split = ",",
            description = "Measure only these: write-pipelined, write-one-at-a-time, create-pipelined, read-pipelined,"
                    + " read-one-at-a-time, mix-pipelined, mix-one-at-a-time, failover, failover-moved, silence,"
                    + " hand-over (ours alone), cold-start;"
                    + " or a prefix of some, such as write.")
    List<String> only = new ArrayList<>();

    @Option(
            names = "--flavour",
            paramLabel = "NAME",
            description = "Measure only matriarch or only apache; no ratio then.")
    @Nullable
    String flavour;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "Leaders killed per round for the failover figures (default 3).")
    int kills = 3;

    @Option(
            names = "--hand-overs",
            paramLabel = "N",
            description = "Times per round that another server is named to lead (default 6).")
    int handOvers = 6;

    @Option(names = "--servers", paramLabel = "N", description = "Members of each ensemble, 1 to 9 (default 3).")
    int servers = 3;

    @Option(names = "--clients", paramLabel = "N", description = "Client connections per server (default 4).")
    int connectionsPerServer = 4;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "Requests outstanding per connection when pipelined, 1 to 256 (default 64).")
    int window = 64;

    @Option(names = "--heap", paramLabel = "MB", description = "Heap of each server (default 1024).")
    int heapMegabytes = 1024;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where servers keep data, on the disk to measure; kept afterwards. Default: a temporary one.")
    @Nullable
    Path dataDirectory;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results as JSON.")
    @Nullable
    Path json;

    /** For the command line, which fills in the options. */
    public BenchCommand() {}

    /** Exits with the command's code: 0 sound, 1 a round broke off, 2 wrong options. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Instant started = Instant.now();
        PrintWriter out = spec().commandLine().getOut();
        PrintWriter err = spec().commandLine().getErr();
        BenchSettings settings = settings();
        if (settings.flavours().contains(Flavour.MATRIARCH)) {
            Installation.prepare(err::println);
        }
        Machine machine = Machine.look(settings.directory());
        if (machine.fileSystem().equals("tmpfs")) {
            err.println("note: " + settings.directory() + " is in memory; forcing a log costs nothing there");
        }
        BenchRun run = new BenchRun(settings, line -> {
            err.println(line);
            err.flush();
        });
        List<Measurement> measurements = run.run();
        Report report = new Report(settings, machine, started, measurements, run.failures());
        out.println();
        out.print(report.table());
        out.flush();
        if (json != null) {
            report.writeJson(json);
            err.println("results written to " + json);
        }
        if (!settings.isDataKept()) {
            Files.deleteIfExists(settings.directory());
        }
        return run.failures().isEmpty() ? 0 : 1;
    }

    private BenchSettings settings() throws IOException {
        require(rounds >= 1, "--rounds must be at least 1");
        require(durationSeconds >= 1, "--duration must be at least 1");
        require(kills >= 1, "--kills must be at least 1");
        require(handOvers >= 1, "--hand-overs must be at least 1");
        require(servers >= 1 && servers <= 9, "--servers must be from 1 to 9");
        require(connectionsPerServer >= 1, "--clients must be at least 1");
        require(window >= 1 && window <= 256, "--window must be from 1 to 256");
        require(heapMegabytes >= 64, "--heap must be at least 64");
        boolean isDataKept = dataDirectory != null;
        Path directory = isDataKept ? dataDirectory : Files.createTempDirectory("matriarch-bench");
        Duration duration = isQuick ? QUICK_DURATION : Duration.ofSeconds(durationSeconds);
        return new BenchSettings(
                workloads(),
                flavours(),
                isQuick ? 1 : rounds,
                duration,
                duration.dividedBy(2),
                servers,
                connectionsPerServer,
                window,
                1024,
                kills,
                handOvers,
                heapMegabytes,
                directory.toAbsolutePath(),
                isDataKept);
    }

    private Set<Workload> workloads() {
        if (only.isEmpty()) {
            return EnumSet.allOf(Workload.class);
        }
        Set<Workload> chosen = EnumSet.noneOf(Workload.class);
        for (String prefix : only) {
            Set<Workload> matching = Arrays.stream(Workload.values())
                    .filter(w -> Workload.labelled(prefix)
                            .map(w::equals)
                            .orElse(w.label().startsWith(prefix)))
                    .collect(Collectors.toSet());
            require(!matching.isEmpty(), "--only: no workload is called " + prefix);
            chosen.addAll(matching);
        }
        return chosen;
    }

    private List<Flavour> flavours() {
        List<Flavour> chosen = Arrays.stream(Flavour.values())
                .filter(f -> flavour == null || f.name().equalsIgnoreCase(flavour))
                .toList();
        require(!chosen.isEmpty(), "--flavour must be matriarch or apache");
        for (Flavour each : chosen) {
            require(
                    Installation.offers(each),
                    "servers of " + each.label() + " cannot be started from here; is the project built?");
        }
        return chosen;
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec().commandLine(), message);
        }
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("not run by a command line");
        }
        return spec;
    }
}
