package io.matriarch.cli;

import io.matriarch.cli.option.TimeSpan;
import io.matriarch.sim.SeedFailure;
import io.matriarch.sim.SimulationOptions;
import io.matriarch.sim.SimulationReport;
import io.matriarch.sim.SimulationRunner;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
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
            "  matriarch simulate --for 30m --jobs 2     as many as half an hour allows",
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

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "Begin no further world after this time, such as 90s, 30m or 2h.")
    private @Nullable Long limitMillis;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Run so many worlds at a time; default 1.")
    private int jobs;

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
    private final Set<Long> told = new HashSet<>();
    private long lastLineNanos;

    @Override
    public Integer call() {
        int untold = limitMillis != null ? Integer.MAX_VALUE : seed != null ? 1 : DEFAULT_SEEDS;
        int count = seeds != null ? seeds : untold;
        if (count < 1 || durationMillis < 1 || jobs < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds, --duration and --jobs are 1 or more");
        }
        if (isTraced && jobs > 1) {
            throw new ParameterException(spec.commandLine(), "--trace shows one world at a time: --jobs must be 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        SimulationOptions options = SimulationOptions.of(count, seed == null ? 1 : seed)
                .withDurationMillis(durationMillis)
                .withLimitMillis(limitMillis == null ? Long.MAX_VALUE : limitMillis)
                .withJobs(jobs);
        if (isTraced) {
            options = options.withTrace(out::println);
        }
        isTerminal = Boolean.getBoolean("matriarch.terminal") && !isTraced;
        lastLineNanos = System.nanoTime();
        SimulationReport report = SimulationRunner.run(options, soFar -> progress(out, soFar, count));
        if (isTerminal) {
            out.print("\r\u001b[K");
        }
        tellFailures(out, report);
        out.println();
        out.println(report.reached());
        out.println("seeds " + options.firstSeed() + " to " + (options.firstSeed() + report.seedsRun() - 1));
        out.println(line(report, count) + (report.isPassed() ? ": every invariant held" : ""));
        out.flush();
        return report.isPassed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Those that have not been told: each as soon as it is there, lest hours of searching are lost with the process. */
    private void tellFailures(PrintWriter out, SimulationReport soFar) {
        for (SeedFailure failure : soFar.failures()) {
            if (!told.add(failure.seed())) {
                continue;
            }
            out.println(isTerminal ? "\r\u001b[K" : "");
            out.println(failure);
            if (failure.cause() != null) {
                failure.cause().printStackTrace(out);
            }
        }
        out.flush();
    }

    private void progress(PrintWriter out, SimulationReport soFar, int count) {
        tellFailures(out, soFar);
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
                "%d%s seeds, %d failed; %d s simulated at %.0f s per second; %d requests, %d writes acknowledged",
                report.seedsRun(),
                count == Integer.MAX_VALUE ? "" : " of " + count,
                report.failures().size(),
                report.virtualMillis() / 1000,
                report.rate(),
                report.requests(),
                report.acknowledgedWrites());
    }
}
