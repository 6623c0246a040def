package io.matriarch.cli.demo;

import io.matriarch.cli.terminal.Ink;
import io.matriarch.testkit.TestEnsemble;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch demo}: both elections, and a failover, told as they happen. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Watch servers elect a leader, candidates elect one on them, and both survive the leading server's loss.%n",
            "Everything runs in this one process, with real TCP on 127.0.0.1 and real files in a temporary directory. "
                    + "Each step has a bound; if one does not come true, it is named and the exit code is 1.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch demo                              three servers, four candidates",
            "  matriarch demo --servers 5 --candidates 8   a larger herd",
            "  matriarch demo --json | jq .event           for programs",
            "  matriarch demo --keep /tmp/herd             look at the files afterwards",
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int MIN_SERVERS = 3;
    private static final int MAX_SERVERS = 9;
    private static final int MIN_CANDIDATES = 3;
    private static final int MAX_CANDIDATES = 50;

    /** How often to look whether the demo is stuck. */
    private static final long LOOK_MILLIS = 250;

    /** How long servers may take to end when all is told. */
    private static final long CLOSING_MILLIS = 10_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--servers", paramLabel = "N", defaultValue = "3", description = "Servers, 3 to 9; default 3.")
    private int servers;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "4",
            description = "Candidates, 3 to 50; default 4.")
    private int candidates;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep the servers' files in this directory; it must be empty or new.")
    private @Nullable Path keep;

    @Option(names = "--plain", description = "No colours. There are none anyway unless this is a terminal.")
    private boolean isPlain;

    @Option(names = "--json", description = "One JSON object per line.")
    private boolean isJson;

    @Override
    public Integer call() throws Exception {
        requireBetween("--servers", servers, MIN_SERVERS, MAX_SERVERS);
        requireBetween("--candidates", candidates, MIN_CANDIDATES, MAX_CANDIDATES);
        // The story is told below; the lines that servers and clients log belong to other occasions.
        System.setProperty("matriarch.log.level", "OFF");
        Path directory = keep == null ? Files.createTempDirectory("matriarch-demo-") : emptyDirectory(keep);
        String version = spec.root().versionProvider().getVersion()[0];
        PrintWriter out = spec.commandLine().getOut();
        try (Happenings happenings =
                new Happenings(isJson ? new JsonNarrator(out) : new TextNarrator(out, hasColour()))) {
            happenings.tell(new DemoEvent.Opened(version, servers, candidates, directory.toString()));
            return watched(happenings, directory);
        }
    }

    /** Runs the demo on a thread of its own, so that not even a call that never returns can keep it beyond its bounds. */
    private int watched(Happenings happenings, Path directory) throws Exception {
        ExecutorService listeners = Executors.newCachedThreadPool(DemoCommand::daemon);
        TestEnsemble ensemble = TestEnsemble.prepare(
                directory,
                servers,
                settings -> settings,
                (sid, event) -> happenings.tell(new DemoEvent.ServerTold(sid, event)));
        Demo demo = new Demo(ensemble, happenings, servers, candidates, listeners);
        CompletableFuture<Integer> outcome = new CompletableFuture<>();
        Thread runner = daemon(() -> {
            try (ensemble;
                    demo) {
                outcome.complete(run(demo, happenings));
            } catch (InterruptedException e) {
                outcome.completeExceptionally(e);
            }
        });
        runner.start();
        while (!outcome.isDone()) {
            if (demo.isOverdue()) {
                happenings.tell(demo.broken("it is stuck beyond its bound").event());
                return ExitCode.SOFTWARE;
            }
            runner.join(LOOK_MILLIS);
        }
        runner.join(CLOSING_MILLIS);
        if (keep == null && !runner.isAlive()) {
            deleteAll(directory);
        }
        return outcome.get();
    }

    private static int run(Demo demo, Happenings happenings) throws InterruptedException {
        try {
            happenings.tell(new DemoEvent.Finished(demo.run()));
            return ExitCode.OK;
        } catch (StepFailedException e) {
            happenings.tell(e.event());
        } catch (IOException | RuntimeException e) {
            // Whatever it was, it broke the step that was running.
            happenings.tell(demo.broken("unexpectedly: " + e).event());
        }
        return ExitCode.SOFTWARE;
    }

    private boolean hasColour() {
        return !isPlain && Ink.isWanted();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "demo");
        thread.setDaemon(true);
        return thread;
    }

    private void requireBetween(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; allowed are " + min + " to " + max);
        }
    }

    private Path emptyDirectory(Path wanted) throws IOException {
        if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
            throw new ParameterException(spec.commandLine(), "--keep " + wanted + " is a file; a directory is wanted");
        }
        Files.createDirectories(wanted);
        try (var entries = Files.list(wanted)) {
            if (entries.findAny().isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "--keep " + wanted + " is not empty; the demo begins with empty servers");
            }
        }
        return wanted.toAbsolutePath();
    }

    private static void deleteAll(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException wrong) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
