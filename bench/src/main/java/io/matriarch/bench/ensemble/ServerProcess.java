package io.matriarch.bench.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One member's directory, ports and configuration, and the process that runs on them now, if any. The directory outlives the
 * process: what was killed can be started again, as either flavour. Not safe for use by several threads.
 */
public final class ServerProcess implements AutoCloseable {
    static final String LOGBACK_FILE = "logback.xml";
    static final String LOG4J_FILE = "log4j.properties";
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(2);
    private static final Duration STOP_BOUND = Duration.ofSeconds(10);

    private final int sid;
    private final Path directory;
    private final int clientPort;
    private final Optional<Path> apacheLibrary;
    private final List<String> jvmFlags;
    private Flavour flavour;
    private @Nullable Process process;
    private boolean isEndWanted;

    ServerProcess(int sid, Path directory, int clientPort, EnsembleOptions options, List<String> jvmFlags) {
        this.sid = sid;
        this.directory = directory;
        this.clientPort = clientPort;
        this.flavour = options.flavours().get(sid - 1);
        this.apacheLibrary = Optional.ofNullable(options.apacheLibraries().get(sid));
        this.jvmFlags = jvmFlags;
    }

    /** This member's id; 1 for a standalone server. */
    public int sid() {
        return sid;
    }

    /** Whose server ran here last, or will at the next {@link #start()}. */
    public Flavour flavour() {
        return flavour;
    }

    /** Holds zoo.cfg, server.log and data/ with myid and version-2/. */
    public Path directory() {
        return directory;
    }

    /** The file with everything that its processes printed. */
    public Path log() {
        return directory.resolve("server.log");
    }

    /** Where it listens for clients. */
    public InetSocketAddress clientAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort);
    }

    /** Starts the server as the flavour it last was; returns at once. */
    public void start() {
        startBehind(List.of());
    }

    /** The same behind the words of a program that becomes what stands after them, such as {@code nsenter}. */
    public void startBehind(List<String> words) {
        if (isAlive()) {
            throw new IllegalStateException(this + " already runs as process " + pid());
        }
        List<String> command = new ArrayList<>(words);
        command.addAll(flavour.command(configFile(), directory, apacheLibrary, jvmFlags));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(directory.toFile());
        builder.environment().keySet().removeAll(List.of("JVMFLAGS", "SERVER_JVMFLAGS", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(flavour.environment(jvmFlags));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        try {
            process = builder.start();
            isEndWanted = false;
            ChildProcesses.started(process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + this, e);
        }
    }

    /** Starts the server on the same directory and ports as another flavour. */
    public void startAs(Flavour other) {
        flavour = other;
        start();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        signalKill();
        awaitEnd(STOP_BOUND);
    }

    /** SIGKILL; returns at once. */
    public void signalKill() {
        isEndWanted = true;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** SIGSTOP: it does nothing any more, and its connections stay; {@link #kill} ends it all the same. */
    public void pause() {
        signal("-STOP");
    }

    /** SIGCONT: it goes on after {@link #pause}. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            Process signal = new ProcessBuilder("kill", name, Long.toString(pid())).start();
            if (!signal.waitFor(STOP_BOUND.toSeconds(), TimeUnit.SECONDS) || signal.exitValue() != 0) {
                throw new IllegalStateException(this + " could not be sent " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + name + " to " + this, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + this + " was sent " + name, e);
        }
    }

    /**
     * Waits until its process ends without being told to.
     *
     * @return its exit code
     * @throws IllegalStateException if it still runs after {@code bound}
     */
    public int awaitOwnEnd(Duration bound) {
        if (process == null || !awaitEnd(bound)) {
            throw new IllegalStateException(this + " has not ended within " + bound + "; " + logTail());
        }
        // Known now; what waits for others to serve need not complain of it.
        isEndWanted = true;
        return process.exitValue();
    }

    /**
     * SIGTERM; returns when the process is gone.
     *
     * @return its exit code; 143 is a JVM ended by the signal
     * @throws IllegalStateException if it did not end within ten seconds; it was killed then
     */
    public int stop() {
        if (process == null) {
            throw new IllegalStateException(this + " was not started");
        }
        isEndWanted = true;
        process.destroy();
        if (!awaitEnd(STOP_BOUND)) {
            kill();
            throw new IllegalStateException(this + " did not end within " + STOP_BOUND + " of SIGTERM; " + logTail());
        }
        return process.exitValue();
    }

    /** Whether its process runs. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Whether its process ended though nobody here ended it. */
    public boolean hasEndedByItself() {
        return process != null && !process.isAlive() && !isEndWanted;
    }

    /** The running process's id. */
    public long pid() {
        if (process == null) {
            throw new IllegalStateException(this + " was not started");
        }
        return process.pid();
    }

    /** Processor time that the running process has used so far; zero if none runs. */
    public Duration cpuTime() {
        return process == null
                ? Duration.ZERO
                : process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What it says of itself; empty while it does not serve. */
    public Optional<ServerStatus> status() {
        if (!isAlive()) {
            return Optional.empty();
        }
        try {
            return ServerStatus.parse(FourLetterWord.ask(clientAddress(), "srvr", ANSWER_BOUND));
        } catch (IOException notListening) {
            return Optional.empty();
        }
    }

    /**
     * Waits until it serves clients.
     *
     * @throws IllegalStateException if its process ends or the time is up; with the end of its log
     */
    public ServerStatus awaitServing(Duration bound) {
        boolean decided = Await.isTrueWithin(bound, () -> !isAlive() || status().isPresent());
        Optional<ServerStatus> status = status();
        if (!decided || status.isEmpty()) {
            String what = isAlive() ? " does not serve after " + bound : " ended instead of serving";
            throw new IllegalStateException(this + what + "; " + logTail());
        }
        return status.get();
    }

    /** The last lines it printed, under a heading. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
            List<String> last = lines.subList(Math.max(0, lines.size() - 15), lines.size());
            return "end of " + log() + ":\n  " + String.join("\n  ", last);
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** Kills the process if one runs. */
    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return "server " + sid + " (" + flavour.label() + ", 127.0.0.1:" + clientPort + ")";
    }

    private Path configFile() {
        return directory.resolve("zoo.cfg");
    }

    private boolean awaitEnd(Duration bound) {
        if (process == null) {
            return true;
        }
        boolean wasInterrupted = false;
        long deadlineNanos = System.nanoTime() + bound.toNanos();
        while (true) {
            try {
                boolean ended = process.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (ended) {
                    ChildProcesses.ended(process);
                }
                return ended;
            } catch (InterruptedException e) {
                // A child must not be left behind because somebody gave up waiting for a test.
                wasInterrupted = true;
            } finally {
                if (wasInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Writes zoo.cfg, myid and Apache's log configurations. */
    void writeFiles(List<String> configLines, String apacheLogLevel) throws IOException {
        Path data = directory.resolve("data");
        Files.createDirectories(data);
        List<String> lines = new ArrayList<>();
        lines.add("dataDir=" + data);
        lines.add("clientPort=" + clientPort);
        lines.addAll(configLines);
        Files.write(configFile(), lines);
        Files.writeString(data.resolve("myid"), sid + "\n");
        Files.writeString(directory.resolve(LOGBACK_FILE), """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%%d{HH:mm:ss.SSS} %%-5level [%%thread] %%logger{0} - %%msg%%n</pattern></encoder>
                  </appender>
                  <root level="%s"><appender-ref ref="OUT"/></root>
                </configuration>
                """.formatted(apacheLogLevel));
        Files.writeString(directory.resolve(LOG4J_FILE), """
                log4j.rootLogger=%s, OUT
                log4j.appender.OUT=org.apache.log4j.ConsoleAppender
                log4j.appender.OUT.layout=org.apache.log4j.PatternLayout
                log4j.appender.OUT.layout.ConversionPattern=%%d{HH:mm:ss.SSS} %%-5p [%%t] %%c{1} - %%m%%n
                """.formatted(apacheLogLevel));
    }
}
