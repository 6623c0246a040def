package io.matriarch.bench.soak;

import io.matriarch.bench.candidates.Cable;
import io.matriarch.bench.ensemble.ChildProcesses;
import io.matriarch.bench.ensemble.ProcessSignal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Candidates that share a process, and the way from it to the servers. What it says goes to the witness. Used by one thread; the process
 * can be killed and another one started in its place.
 */
final class Crew implements AutoCloseable {
    private static final int ANSWER_SECONDS = 30;
    private static final long CLOCK_DIFFERENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Heap in bytes after a collection, and threads. */
    record Size(long heapBytes, int threads) {}

    private final String name;
    private final int candidates;
    private final SoakSettings settings;
    private final List<Cable> cables;
    private final Witness witness;
    private final SynchronousQueue<Size> sizes = new SynchronousQueue<>();
    private @Nullable Process process;

    Crew(String name, int candidates, SoakSettings settings, List<Integer> ports, Witness witness) {
        this.name = name;
        this.candidates = candidates;
        this.settings = settings;
        this.cables = ports.stream().map(Cable::new).toList();
        this.witness = witness;
    }

    String name() {
        return name;
    }

    /** Whether that candidate is one of its. */
    boolean has(String candidate) {
        return candidate.startsWith(prefix());
    }

    private String prefix() {
        return name + "/";
    }

    void start() {
        String servers = cables.stream().map(Cable::connectString).collect(Collectors.joining(","));
        Path errors = settings.directory().resolve(name + ".log");
        try {
            Process started = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx96m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CandidateProcess.class.getName(),
                            servers,
                            Soak.PATH,
                            name,
                            Integer.toString(candidates),
                            Integer.toString(settings.timeoutMillis()),
                            Boolean.toString(settings.ignoresLeases()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                    .start();
            ChildProcesses.started(started);
            process = started;
            Thread reader = new Thread(() -> read(started), "reads " + name);
            reader.setDaemon(true);
            reader.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /** SIGKILL. Its candidates' sessions live on at the servers. */
    void kill() {
        Process killed = running();
        killed.destroyForcibly();
        long at = System.nanoTime();
        try {
            killed.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ChildProcesses.ended(killed);
        witness.killed(prefix(), at);
        // What it had open goes with the process; the way must not keep its sessions' connections open.
        cables.forEach(Cable::breakConnections);
    }

    void pause() {
        ProcessSignal.STOP.sendTo(running().pid());
    }

    void resume() {
        ProcessSignal.CONT.sendTo(running().pid());
    }

    /** From now on bytes vanish, both ways. */
    void silence() {
        cables.forEach(Cable::silence);
    }

    /** Bytes arrive again. */
    void heal() {
        cables.forEach(Cable::heal);
    }

    /** Ends all its connections. */
    void breakConnections() {
        cables.forEach(Cable::breakConnections);
    }

    /** Whichever of its candidates leads resigns. */
    void resign() {
        tell("resign");
    }

    /** Its size now. */
    Size size() throws InterruptedException {
        tell("size");
        Size size = sizes.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (size == null) {
            throw new IllegalStateException(name + " does not answer");
        }
        return size;
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    long pid() {
        return running().pid();
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
        cables.forEach(Cable::close);
    }

    private Process running() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return current;
    }

    private void tell(String command) {
        Writer in = running().outputWriter(StandardCharsets.UTF_8);
        try {
            in.write(command + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " ended by itself", e);
        }
    }

    private void read(Process from) {
        try (BufferedReader lines = from.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.endsWith(CandidateProcess.END)) {
                    String whole = line.substring(0, line.length() - CandidateProcess.END.length());
                    heard(whole.split(" ", 5));
                }
            }
        } catch (IOException e) {
            // It was killed in the middle of a line.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** See {@link CandidateProcess}. */
    private void heard(String[] words) throws InterruptedException {
        switch (words[0]) {
            case "hello" -> compareClock(Long.parseLong(words[1]));
            case "leads" ->
                witness.leads(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
            case "ceased" -> witness.ceased(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), words[4]);
            case "late" -> witness.writesLate(Long.parseLong(words[1]));
            case "size" -> sizes.put(new Size(Long.parseLong(words[1]), Integer.parseInt(words[2])));
            default -> witness.cannotJudge(name + " says " + String.join(" ", words));
        }
    }

    private void compareClock(long nanos) {
        if (Math.abs(System.nanoTime() - nanos) > CLOCK_DIFFERENCE_NANOS) {
            witness.cannotJudge("processes of this machine do not share System.nanoTime");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
