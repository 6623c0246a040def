package io.matriarch.compat;

import io.matriarch.bench.ensemble.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code bin/matriarch}.
 *
 * @param exit its exit code
 * @param output the lines it printed, errors included
 */
record CommandRun(int exit, List<String> output) {
    private static final int BOUND_SECONDS = 120;

    /** Runs it to its end, without input. */
    static CommandRun of(String... arguments) throws IOException, InterruptedException {
        return reading(Path.of("/dev/null"), arguments);
    }

    /** Runs it to its end, with {@code input} as its standard input. */
    static CommandRun reading(Path input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Installation.launcher().toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("matriarch-run", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " has not ended after " + BOUND_SECONDS + " s");
            }
            return new CommandRun(process.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    /** All it printed. */
    String text() {
        return String.join("\n", output);
    }
}
