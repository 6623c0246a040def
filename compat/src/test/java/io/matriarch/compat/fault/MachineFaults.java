package io.matriarch.compat.fault;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is wrong with the machine of a process that is started behind {@link #words}: its wall clock, its forces. It can be changed while
 * the process runs. {@code machine_faults.c} does it, a library that stands between the process and the C library; the test is skipped
 * where that cannot be compiled or loaded.
 */
final class MachineFaults {
    private static final Path SOURCE = Path.of("src", "test", "native", "machine_faults.c");
    private static final int BOUND_SECONDS = 60;
    private static final int SIZE_BYTES = 32;
    private static final int CLOCK_AHEAD_NANOS = 0;
    private static final int FORCE_DELAY_MILLIS = 8;
    private static final int FORCE_ERRNO = 16;
    private static final int FORCES = 24;

    /** EIO: what a broken disk answers. */
    private static final int INPUT_OUTPUT_ERROR = 5;

    private final Path library;
    private final Path file;
    private final MappedByteBuffer numbers;

    private MachineFaults(Path library, Path file, MappedByteBuffer numbers) {
        this.library = library;
        this.file = file;
        this.numbers = numbers;
    }

    /** A sound machine, whose files are in this directory; it is made if missing. */
    static MachineFaults in(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path library = directory.resolve("machine_faults.so").toAbsolutePath();
        String complaint = run(List.of(
                "cc",
                "-shared",
                "-fPIC",
                "-O1",
                "-o",
                library.toString(),
                SOURCE.toAbsolutePath().toString(),
                "-ldl",
                "-pthread"));
        assumeTrue(complaint.isEmpty(), "no machine can be made faulty here: " + complaint);
        Path file = directory.resolve("machine_faults").toAbsolutePath();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer numbers = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE_BYTES);
            numbers.order(ByteOrder.nativeOrder());
            return new MachineFaults(library, file, numbers);
        }
    }

    /** What stands before a command that shall suffer from them. */
    List<String> words() {
        return List.of("env", "LD_PRELOAD=" + library, "MACHINE_FAULTS=" + file);
    }

    /** The wall clock jumps to where it is so far ahead of the real one; negative: behind. */
    void clockAhead(Duration ahead) {
        numbers.putLong(CLOCK_AHEAD_NANOS, ahead.toNanos());
    }

    /** From now on each force takes so much longer; those that wait already end. */
    void forceTakes(Duration longer) {
        numbers.putLong(FORCE_DELAY_MILLIS, longer.toMillis());
    }

    /** Each force fails with an input/output error from now on. */
    void forceFails() {
        numbers.putLong(FORCE_ERRNO, INPUT_OUTPUT_ERROR);
    }

    /** The disk does what it should again. */
    void mend() {
        numbers.putLong(FORCE_ERRNO, 0);
        forceTakes(Duration.ZERO);
    }

    /** How many forces were asked for so far: none if the library is not there. */
    long forces() {
        return numbers.getLong(FORCES);
    }

    /** What went wrong; empty if nothing did. */
    private static String run(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean isDone = process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            return isDone ? "" : command.get(0) + " did not end well: " + output;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
