package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** With what a server ends whose disk does not do what it should: one clear line, and the exit code of storage. */
final class LastLine {
    private static final int EXIT_STORAGE = 10;

    private LastLine() {}

    /** Waits for the end of the process and demands that it is such a one, with this in the line. */
    static void await(ServerProcess victim, String what) throws IOException {
        assertThat(victim.awaitOwnEnd(Addresses.START_BOUND)).as("exit code").isEqualTo(EXIT_STORAGE);
        List<String> errors = Files.readAllLines(victim.log()).stream()
                .filter(line -> line.contains("ERROR"))
                .toList();
        System.out.println("the last line of " + victim + ": " + errors);
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0)).contains(what, "version-2", "check the disk");
    }
}
