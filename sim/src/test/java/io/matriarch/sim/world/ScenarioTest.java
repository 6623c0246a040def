package io.matriarch.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenarios in {@code src/test/resources/scenarios}: prose, then commands, each with what is expected to happen.
 * {@code -Dmatriarch.rewrite=true} writes down what does happen instead; the diff is then to be reviewed.
 */
class ScenarioTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/scenarios");
    private static final String SEPARATOR = "----";

    static List<Path> files() throws IOException {
        try (Stream<Path> listed = Files.list(DIRECTORY)) {
            return listed.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void happensAsWritten(Path file) throws IOException {
        String expected = Files.readString(file);
        String actual = play(expected);
        if (Boolean.getBoolean("matriarch.rewrite")) {
            Files.writeString(file, actual);
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }

    /** The same file with what happens now below each command. */
    private static String play(String file) {
        ScenarioRun run = new ScenarioRun();
        List<String> blocks = new ArrayList<>();
        for (String block : file.strip().split("\n\n")) {
            String command = block.lines()
                    .takeWhile(line -> !line.equals(SEPARATOR))
                    .reduce((a, b) -> a + "\n" + b)
                    .orElse("");
            if (command.startsWith("#")) {
                blocks.add(command);
            } else {
                StringBuilder happened = new StringBuilder();
                command.lines().forEach(line -> {
                    String text = run.perform(line);
                    happened.append(text.isEmpty() ? "" : text + "\n");
                });
                blocks.add((command + "\n" + SEPARATOR + "\n" + happened).stripTrailing());
            }
        }
        return String.join("\n\n", blocks) + "\n";
    }
}
