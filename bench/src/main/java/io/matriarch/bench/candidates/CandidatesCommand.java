package io.matriarch.bench.candidates;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ForcedFile;
import io.matriarch.bench.ensemble.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code matriarch bench candidates}: the time from a leader's resignation, and from its last sign of life, to the callback of the
 * next one, with candidates of this house and Curator's LeaderLatch in turn on the same server.
 */
@Command(
        name = "candidates",
        mixinStandardHelpOptions = true,
        description = "Measures elections among clients: our candidates and Curator's LeaderLatch on the same server.")
public final class CandidatesCommand implements Callable<Integer> {
    private static final int WARM_UPS = 20;
    private static final String LINE = "%-16s  %-11s  %16s  %16s  %20s%n";

    @Spec
    private CommandSpec spec;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "20", description = "Resignations each (default 20).")
    private int runs;

    @Option(names = "--crashes", paramLabel = "N", defaultValue = "5", description = "Crashes each (default 5).")
    private int crashes;

    @Option(
            names = "--session-timeout",
            paramLabel = "MILLIS",
            defaultValue = "4000",
            description = "Of all candidates (default 4000).")
    private int timeoutMillis;

    @Option(
            names = "--tick",
            paramLabel = "MILLIS",
            defaultValue = "500",
            description = "tickTime of the server, to which it rounds the ends of sessions (default 500).")
    private int tickMillis;

    /** For the command line, which fills in the options. */
    public CandidatesCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (runs < 1 || crashes < 1 || timeoutMillis < 2 * tickMillis || tickMillis < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--runs and --crashes are at least 1, --session-timeout two ticks or more");
        }
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // nobody wants the clients' logs here
        PrintWriter out = spec.commandLine().getOut();
        Installation.prepare(spec.commandLine().getErr()::println);
        out.printf(
                Locale.ROOT,
                "one server, tick %d ms, session timeout %d ms; %d resignations after %d to warm up; milliseconds, median (worst)%n%n",
                tickMillis,
                timeoutMillis,
                runs,
                WARM_UPS);
        out.printf(
                Locale.ROOT,
                LINE,
                "server",
                "candidates",
                "after resigning",
                "one forced write",
                "after timeout, crash");
        for (Flavour flavour : Flavour.values()) {
            measure(flavour, out);
        }
        return 0;
    }

    private void measure(Flavour flavour, PrintWriter out) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("matriarch-bench-candidates-");
        EnsembleOptions options = EnsembleOptions.of(directory, flavour, 1)
                .withSetting("tickTime", Integer.toString(tickMillis))
                .withApacheLogLevel("WARN");
        try (EnsembleProcess server = EnsembleProcess.start(options);
                ForcedFile file = ForcedFile.in(directory)) {
            HandOver handOver = new HandOver(server.server(1).clientAddress().getPort(), timeoutMillis);
            for (int i = 0; i < WARM_UPS; i++) {
                for (Contender.Library library : Contender.Library.values()) {
                    handOver.resignationMillis(library);
                }
            }
            Map<Contender.Library, Figures> figures = new EnumMap<>(Contender.Library.class);
            for (int i = 0; i < Math.max(runs, crashes); i++) {
                // In turn: what else the machine and its disk do meanwhile falls on both.
                for (Contender.Library library : Contender.Library.values()) {
                    Figures of = figures.computeIfAbsent(library, none -> new Figures());
                    if (i < runs) {
                        of.forced.add(file.appendNanos() / 1e6);
                        of.resigned.add(handOver.resignationMillis(library));
                    }
                    if (i < crashes) {
                        of.crashed.add(handOver.crashMillis(library));
                    }
                }
            }
            figures.forEach((library, of) -> out.printf(
                    Locale.ROOT,
                    LINE,
                    flavour.label(),
                    library.label(),
                    figure(of.resigned),
                    figure(of.forced),
                    figure(of.crashed)));
            out.flush();
        }
    }

    /** Milliseconds, in the order measured. */
    private static final class Figures {
        final List<Double> resigned = new ArrayList<>();
        final List<Double> forced = new ArrayList<>();
        final List<Double> crashed = new ArrayList<>();
    }

    private static String figure(List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        return String.format(Locale.ROOT, "%.1f (%.1f)", sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }
}
