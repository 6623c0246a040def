package io.matriarch.bench.soak;

import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code matriarch soak}: candidates in processes of their own on an ensemble of real servers, faults on both sides, and a witness.
 * Exits 0 when everything held, else 1; 2 for wrong options.
 */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description =
                "Kills, pauses and cuts off servers and candidates at random, and has a witness look for two leaders.",
        footer = {
            "",
            "Examples:",
            "  matriarch soak --for 10m",
            "  matriarch soak --for 1m --candidates 20 --processes 4 --seed 7 --story",
            "  matriarch soak --for 10m --flavour apache"
        })
public final class SoakCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Span.class,
            description = "How long faults strike, such as 90s or 10m (default 10m).")
    private Duration duration;

    @Option(names = "--seed", paramLabel = "N", description = "Of all that is drawn; printed if it is not given.")
    private @Nullable Long seed;

    @Option(names = "--candidates", paramLabel = "N", defaultValue = "100", description = "Sessions (default 100).")
    private int candidates;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "10",
            description = "Processes that the candidates are spread over, 2 or more (default 10).")
    private int processes;

    @Option(names = "--servers", paramLabel = "N", defaultValue = "3", description = "1 to 9 (default 3).")
    private int servers;

    @Option(
            names = "--flavour",
            paramLabel = "NAME",
            defaultValue = "matriarch",
            description = "Whose servers: matriarch or apache (default matriarch).")
    private Flavour flavour;

    @Option(
            names = "--session-timeout",
            paramLabel = "MILLIS",
            defaultValue = "4000",
            description = "Of all candidates (default 4000).")
    private int timeoutMillis;

    @Option(names = "--tick", paramLabel = "MILLIS", defaultValue = "500", description = "tickTime (default 500).")
    private int tickMillis;

    @Option(
            names = "--faults",
            paramLabel = "KIND",
            split = ",",
            description = "Only these of: ${COMPLETION-CANDIDATES}.")
    private @Nullable Set<FaultKind> kinds;

    @Option(names = "--story", description = "Print each fault as it strikes and as it ends.")
    private boolean isStoryWanted;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "For the servers' files and all logs. Default: a temporary one.")
    private @Nullable Path directory;

    @Option(
            names = "--ignore-leases",
            hidden = true,
            description = "Let candidates lead on after the end of their lease: the witness must see it.")
    private boolean ignoresLeases;

    /** For the command line, which fills in the options. */
    public SoakCommand() {}

    /** Exits with the command's code. */
    public static void main(String[] arguments) {
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // nobody wants the client's log here
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new SoakCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(servers >= 1 && servers <= 9, "--servers must be from 1 to 9");
        require(processes >= 2 && processes <= candidates, "--processes must be 2 or more, and at most --candidates");
        require(candidates <= 10_000, "--candidates must be at most 10000");
        require(tickMillis >= 1 && timeoutMillis >= 2 * tickMillis, "--session-timeout must be two ticks or more");
        require(
                Installation.offers(flavour),
                "servers of " + flavour.label() + " cannot be started from here; is the project built?");
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (flavour == Flavour.MATRIARCH) {
            Installation.prepare(err::println);
        }
        SoakSettings settings = settings();
        out.printf(
                "seed %d, %s: %d candidates in %d processes on %d servers of %s, tick %d ms, session timeout %d ms; files in %s%n",
                settings.seed(),
                duration.toString().substring(2).toLowerCase(Locale.ROOT),
                candidates,
                processes,
                servers,
                flavour.label(),
                tickMillis,
                timeoutMillis,
                settings.directory());
        out.flush();
        SoakReport report = Soak.run(settings, line -> {
            if (isStoryWanted) {
                err.println(line);
                err.flush();
            }
        });
        out.print(report.text());
        out.flush();
        return report.isSound() ? 0 : 1;
    }

    private SoakSettings settings() throws IOException {
        Path chosen = directory == null ? Files.createTempDirectory("matriarch-soak-") : directory;
        Files.createDirectories(chosen);
        return new SoakSettings(
                duration,
                seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed,
                kinds == null ? EnumSet.allOf(FaultKind.class) : kinds,
                flavour,
                servers,
                candidates,
                processes,
                tickMillis,
                timeoutMillis,
                ignoresLeases,
                chosen.toAbsolutePath());
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** A time such as {@code 90s}, {@code 10m} or {@code 2h}. */
    static final class Span implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("[0-9]{1,6}[smhSMH]")) {
                throw new TypeConversionException("'" + text + "' is no time; write it as 90s, 10m or 2h");
            }
            return Duration.parse("PT" + text);
        }
    }
}
