package io.matriarch.cli;

import io.matriarch.sim.SeedFailure;
import io.matriarch.sim.SimulationOptions;
import io.matriarch.sim.SimulationReport;
import io.matriarch.sim.SimulationRunner;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch simulate}: whole ensembles in virtual time, searched for broken promises. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Run ensembles with their clients in virtual time, with crashes, partitions and failing disks.%n",
            "Each seed draws one world: its size, its load and its faults. After each step the invariants are checked. "
                    + "A seed that breaks one is printed with the command that replays it; the exit code is then 1.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch simulate --seeds 500            the worlds 1 to 500",
            "  matriarch simulate --seeds 500 --seed 501 the next 500",
            "  matriarch simulate --seed 17 --trace      one world, step by step",
        })
final class SimulateCommand implements Callable<Integer> {
    private static final int DEFAULT_SEEDS = 200;
    private static final long REPORT_EVERY_NANOS = 5_000_000_000L;
    private static final long REDRAW_EVERY_NANOS = 100_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many worlds; default " + DEFAULT_SEEDS + ", or 1 with --seed.")
    private @Nullable Integer seeds;

    @Option(names = "--seed", paramLabel = "S", description = "The first seed; default 1.")
    private @Nullable Long seed;

    @Option(
            names = "--duration",
            paramLabel = "MILLIS",
            defaultValue = "" + SimulationOptions.DEFAULT_DURATION_MILLIS,
            description = "Virtual time with faults in each world; default " + SimulationOptions.DEFAULT_DURATION_MILLIS
                    + ". Healing comes on top.")
    private long durationMillis;

    @Option(names = "--trace", description = "Print every step. Meant for one seed.")
    private boolean isTraced;

    private boolean isTerminal;
    private long lastLineNanos;

    @Override
    public Integer call() {
        int count = seeds != null ? seeds : seed != null ? 1 : DEFAULT_SEEDS;
        if (count < 1 || durationMillis < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds and --duration are 1 or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        SimulationOptions options =
                SimulationOptions.of(count, seed == null ? 1 : seed).withDurationMillis(durationMillis);
        if (isTraced) {
            options = options.withTrace(out::println);
        }
        isTerminal = Boolean.getBoolean("matriarch.terminal") && !isTraced;
        lastLineNanos = System.nanoTime();
        SimulationReport report = SimulationRunner.run(options, soFar -> progress(out, soFar, count));
        if (isTerminal) {
            out.print("\r\u001b[K");
        }
        for (SeedFailure failure : report.failures()) {
            out.println();
            out.println(failure);
            if (failure.cause() != null) {
                failure.cause().printStackTrace(out);
            }
        }
        out.println();
        out.println(line(report, count) + (report.isPassed() ? ": every invariant held" : ""));
        out.flush();
        return report.isPassed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void progress(PrintWriter out, SimulationReport soFar, int count) {
        long now = System.nanoTime();
        long every = isTerminal ? REDRAW_EVERY_NANOS : REPORT_EVERY_NANOS;
        if (now - lastLineNanos < every || isTraced) {
            return;
        }
        lastLineNanos = now;
        if (isTerminal) {
            out.print("\r\u001b[K" + line(soFar, count));
        } else {
            out.println(line(soFar, count));
        }
        out.flush();
    }

    private static String line(SimulationReport report, int count) {
        return String.format(
                Locale.ROOT,
                "%d of %d seeds, %d failed; %d s simulated at %.0f s per second; %d requests, %d writes acknowledged",
                report.seedsRun(),
                count,
                report.failures().size(),
                report.virtualMillis() / 1000,
                report.rate(),
                report.requests(),
                report.acknowledgedWrites());
    }
}
