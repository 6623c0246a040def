package io.matriarch.bench.soak;

import io.matriarch.candidate.Candidacy;
import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.candidate.Leadership;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process full of candidates. It says on standard output, one line each, and is told on standard input:
 *
 * <table>
 * <caption>lines</caption>
 * <tr><td>{@code hello NANOS}</td><td>its clock, first of all</td></tr>
 * <tr><td>{@code leads NAME TOKEN GRANTED NANOS}</td><td>that candidate led at NANOS, and writes</td></tr>
 * <tr><td>{@code late TOKEN}</td><td>one that ceased to lead writes all the same</td></tr>
 * <tr><td>{@code ceased NAME GRANTED NANOS REASON}</td><td>it was told that its leadership is over</td></tr>
 * <tr><td>{@code size BYTES THREADS}</td><td>answer to {@code size}: heap after a collection</td></tr>
 * <tr><td>{@code resign}</td><td>told: whoever leads resigns</td></tr>
 * </table>
 *
 * It ends when standard input does.
 */
final class CandidateProcess {
    /** Ends every line that is said: one without it was cut off by a kill. */
    static final String END = " .";

    private static final long WORK_MILLIS = 10;
    private static final long IGNORED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream out;
    private final int timeoutMillis;
    private final boolean ignoresLeases;
    private final List<Worker> workers = new ArrayList<>();
    private final ScheduledExecutorService lateWriters =
            Executors.newSingleThreadScheduledExecutor(CandidateProcess::daemon);

    private CandidateProcess(PrintStream out, int timeoutMillis, boolean ignoresLeases) {
        this.out = out;
        this.timeoutMillis = timeoutMillis;
        this.ignoresLeases = ignoresLeases;
    }

    /** Arguments: connect string, path, name of the process, candidates, session timeout in ms, whether leases are ignored. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        CandidateProcess process = new CandidateProcess(out, Integer.parseInt(args[4]), Boolean.parseBoolean(args[5]));
        process.say("hello " + System.nanoTime());
        for (int i = 1; i <= Integer.parseInt(args[3]); i++) {
            process.workers.add(process.new Worker(args[2] + "/" + i, args[0], args[1]));
        }
        daemon(process::work).start();
        process.obey();
        // Nobody is there any more who would want an orderly end.
        Runtime.getRuntime().halt(0);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "worker");
        thread.setDaemon(true);
        return thread;
    }

    private void say(String line) {
        synchronized (out) {
            out.println(line + END);
        }
    }

    private void obey() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            if (command.equals("resign")) {
                workers.forEach(Worker::resign);
            } else if (command.equals("size")) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                say("size " + (runtime.totalMemory() - runtime.freeMemory()) + " " + Thread.activeCount());
            }
        }
    }

    private void work() {
        try {
            while (true) {
                workers.forEach(Worker::workIfLeading);
                TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A leadership, and when it was heard of. */
    private record Held(Leadership leadership, long grantedNanos) {}

    private final class Worker {
        private final String name;
        private final Candidacy candidacy;
        private volatile @Nullable Held held;
        private volatile long ignoredUntilNanos;
        private volatile boolean hasResigned;

        Worker(String name, String servers, String path) {
            this.name = name;
            candidacy = Candidacy.builder(servers, path)
                    .content(name)
                    .sessionTimeout(Duration.ofMillis(timeoutMillis))
                    .listener(this::happened)
                    .start();
        }

        private void happened(CandidacyEvent event) {
            if (event instanceof CandidacyEvent.Leading leading) {
                hasResigned = false;
                ignoredUntilNanos = 0;
                held = new Held(leading.leadership(), System.nanoTime());
            } else if (event instanceof CandidacyEvent.SteppedDown down) {
                steppedDown(down);
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored")
        private void steppedDown(CandidacyEvent.SteppedDown down) {
            long now = System.nanoTime();
            Held was = held;
            ignoredUntilNanos = now + (ignoresLeases && !hasResigned ? IGNORED_NANOS : 0);
            if (was == null) {
                return;
            }
            if (ignoredUntilNanos == now) {
                held = null;
                say("ceased " + name + " " + was.grantedNanos() + " " + now + " " + down.reason());
            }
            long token = was.leadership().fencingToken();
            lateWriters.schedule(() -> say("late " + token), timeoutMillis, TimeUnit.MILLISECONDS);
        }

        void workIfLeading() {
            Held now = held;
            if (now == null) {
                return;
            }
            // The clock first: what is said is about a moment at which it certainly led.
            long at = System.nanoTime();
            if (ignoresLeases ? isIgnored(at) : now.leadership().isCurrent()) {
                say("leads " + name + " " + now.leadership().fencingToken() + " " + now.grantedNanos() + " " + at);
            }
        }

        private boolean isIgnored(long at) {
            return ignoredUntilNanos == 0 || at - ignoredUntilNanos < 0;
        }

        void resign() {
            if (candidacy.leadership().isPresent()) {
                hasResigned = true;
                candidacy.resign();
            }
        }
    }
}
