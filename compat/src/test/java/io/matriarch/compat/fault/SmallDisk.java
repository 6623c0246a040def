package io.matriarch.compat.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system of few megabytes on a directory, seen only by processes that are started behind {@link #words}. It lives as long as a
 * process that holds its namespaces, and that as long as this JVM.
 */
final class SmallDisk implements AutoCloseable {
    private static final int BOUND_SECONDS = 30;
    private static final String FILLER = "filler";

    private final Path directory;
    private final Process holder;

    private SmallDisk(Path directory, Process holder) {
        this.directory = directory;
        this.holder = holder;
    }

    /**
     * Lays one over a directory that has one file; what that file holds is there again. The test is skipped where users may not make
     * namespaces.
     */
    static SmallDisk over(Path directory, String file, int megabytes) throws IOException {
        String text = Files.readString(directory.resolve(file)).strip();
        String script = "mount -t tmpfs -o size=" + megabytes + "m none '" + directory + "' && echo " + text + " > '"
                + directory.resolve(file) + "' && echo ready && exec cat";
        Process holder;
        String answer;
        try {
            holder = new ProcessBuilder("unshare", "-rm", "sh", "-c", script)
                    .redirectErrorStream(true)
                    .start();
            BufferedReader lines = holder.inputReader(StandardCharsets.UTF_8);
            answer = lines.readLine();
        } catch (IOException e) {
            holder = null;
            answer = e.getMessage();
        }
        assumeTrue("ready".equals(answer), "no file system can be mounted in a namespace of ours: " + answer);
        return new SmallDisk(directory, holder);
    }

    /** What stands before a command that shall see it. */
    List<String> words() {
        return List.of("nsenter", "-t", Long.toString(holder.pid()), "-U", "-m", "--preserve-credentials", "--");
    }

    /** Leaves no byte. */
    void fill() throws IOException, InterruptedException {
        run("cat /dev/zero > '" + directory.resolve(FILLER) + "' 2> /dev/null; true");
    }

    /** Gives the space back. */
    void free() throws IOException, InterruptedException {
        run("rm '" + directory.resolve(FILLER) + "'");
    }

    private void run(String script) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(words());
        command.addAll(List.of("sh", "-c", script));
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(script + " did not end well");
        }
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
