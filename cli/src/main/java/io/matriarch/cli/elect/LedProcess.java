package io.matriarch.cli.elect;

import io.matriarch.candidate.Leadership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The command of {@code elect}, running under one leadership, with {@code MATRIARCH_TERM} and {@code MATRIARCH_FENCING_TOKEN}
 * (decimal) in its environment and this process's own input and output. It has the same thread from its start to its end,
 * because on Linux the kernel ends it with that thread: a kill -9 of this process must not leave it behind.
 */
final class LedProcess {
    /** Starts a command that is sent SIGKILL when the thread that started it is gone; part of util-linux. */
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    /** What exit statuses of programs that cannot be started are in shells. */
    static final int NOT_STARTED = 127;

    /** Left for the kernel to end processes once they were sent SIGKILL. */
    static final Duration MARGIN = Duration.ofMillis(100);

    private final CompletableFuture<Process> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    private volatile boolean isStopping;

    private LedProcess() {}

    /** Whether a kill -9 of this process ends the command too. */
    static boolean isBoundToThisProcess() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")
                && Files.isExecutable(SETPRIV);
    }

    static LedProcess start(List<String> command, Leadership leadership) {
        LedProcess led = new LedProcess();
        Thread thread = new Thread(() -> led.run(command, leadership), "command");
        thread.setDaemon(true);
        thread.start();
        return led;
    }

    private void run(List<String> command, Leadership leadership) {
        List<String> line = new ArrayList<>();
        if (isBoundToThisProcess()) {
            line.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
        }
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
        builder.environment().put("MATRIARCH_TERM", Long.toString(leadership.term()));
        builder.environment().put("MATRIARCH_FENCING_TOKEN", Long.toString(leadership.fencingToken()));
        try {
            Process process = builder.start();
            started.complete(process);
            ended.complete(process.waitFor());
        } catch (IOException e) {
            started.completeExceptionally(e);
            ended.complete(NOT_STARTED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended.completeExceptionally(e);
        }
    }

    /** Complete with the exit status once the command has ended; 128 and the signal's number if a signal ended it. */
    CompletableFuture<Integer> ended() {
        return ended.copy();
    }

    /** Whether it is, or was, ended from here. */
    boolean isStopping() {
        return isStopping;
    }

    /** Why it could not be started; empty if it could. */
    String failure() {
        try {
            started.join();
            return "";
        } catch (CompletionException e) {
            return String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
        }
    }

    /**
     * Ends the command and its descendants: SIGTERM now, SIGKILL to what is left after {@code patience}. Returns once the command
     * is gone, and says whether SIGTERM was enough.
     */
    boolean stop(Duration patience) throws InterruptedException {
        isStopping = true;
        Process process;
        try {
            process = started.get();
        } catch (ExecutionException e) {
            return true;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        Set<ProcessHandle> family = new LinkedHashSet<>();
        family.add(process.toHandle());
        addDescendants(family);
        family.forEach(ProcessHandle::destroy);
        boolean isGone = isGoneBy(family, deadline);
        if (!isGone) {
            addDescendants(family);
            family.forEach(ProcessHandle::destroyForcibly);
        }
        process.waitFor();
        return isGone;
    }

    private static void addDescendants(Set<ProcessHandle> family) {
        List.copyOf(family).forEach(one -> one.descendants().forEach(family::add));
    }

    private static boolean isGoneBy(Set<ProcessHandle> family, long deadline) throws InterruptedException {
        for (ProcessHandle one : family) {
            try {
                one.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return true;
    }
}
