package io.matriarch.bench.candidates;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final int WARM_UPS = 3;
    private static final long PATIENCE_SECONDS = 60;

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

    private int elections;

    /** For the command line, which fills in the options. */
    public CandidatesCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (runs < 1 || crashes < 1 || timeoutMillis < 2 * tickMillis || tickMillis < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--runs and --crashes are at least 1, --session-timeout two ticks or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        Installation.prepare(spec.commandLine().getErr()::println);
        out.printf(
                Locale.ROOT,
                "one server, tick %d ms, session timeout %d ms; milliseconds, median (worst)%n%n%-11s  %-12s  %16s  %22s%n",
                tickMillis,
                timeoutMillis,
                "server",
                "candidates",
                "after resigning",
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
        try (EnsembleProcess server = EnsembleProcess.start(options)) {
            int port = server.server(1).clientAddress().getPort();
            for (Contender.Library library : Contender.Library.values()) {
                handOvers(library, server.connectString(), WARM_UPS);
                double[] resigned = handOvers(library, server.connectString(), runs);
                double[] crashed = crashes(library, port);
                out.printf(
                        Locale.ROOT,
                        "%-11s  %-12s  %16s  %22s%n",
                        flavour.label(),
                        library.label(),
                        figure(resigned),
                        figure(crashed));
                out.flush();
            }
        }
    }

    private static String figure(double[] millis) {
        Arrays.sort(millis);
        return String.format(Locale.ROOT, "%.1f (%.1f)", millis[millis.length / 2], millis[millis.length - 1]);
    }

    private String nextPath() {
        return "/bench" + ++elections;
    }

    /** From the call that gives leadership up to the next one's callback, milliseconds. */
    private double[] handOvers(Contender.Library library, String servers, int count) throws InterruptedException {
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            String path = nextPath();
            CompletableFuture<Long> firstLeads = new CompletableFuture<>();
            CompletableFuture<Long> secondLeads = new CompletableFuture<>();
            Contender first = library.enter(servers, path, timeoutMillis, firstLeads::complete);
            await(firstLeads);
            Contender second = library.enter(servers, path, timeoutMillis, secondLeads::complete);
            Line.awaitSize(servers, path, 2);
            long began = System.nanoTime();
            first.leave();
            millis[i] = (await(secondLeads) - began) / 1e6;
            second.end();
            first.end();
        }
        return millis;
    }

    /** From the session timeout after the last byte that the server had of the leader to the next one's callback, milliseconds. */
    private double[] crashes(Contender.Library library, int port) throws InterruptedException {
        double[] millis = new double[crashes];
        for (int i = 0; i < crashes; i++) {
            String path = nextPath();
            CompletableFuture<Long> firstLeads = new CompletableFuture<>();
            CompletableFuture<Long> secondLeads = new CompletableFuture<>();
            String direct = "127.0.0.1:" + port;
            try (Cable cable = new Cable(port)) {
                Contender first = library.enter(cable.connectString(), path, timeoutMillis, firstLeads::complete);
                await(firstLeads);
                Contender second = library.enter(direct, path, timeoutMillis, secondLeads::complete);
                Line.awaitSize(direct, path, 2);
                cable.silence();
                long over = cable.lastSentNanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
                millis[i] = (await(secondLeads) - over) / 1e6;
                second.end();
                cable.heal();
                first.end();
            }
        }
        return millis;
    }

    private static long await(CompletableFuture<Long> moment) throws InterruptedException {
        try {
            return moment.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("nobody was called to lead within " + PATIENCE_SECONDS + " s", e);
        }
    }
}
