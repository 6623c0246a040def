package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table bad-configurations.txt: what stands in a zoo.cfg, and to the letter what an operator is told about it. DIR is
 * the directory of zoo.cfg and myid, which is the dataDir too. Below "---" stand the lines of the error, or of the
 * warnings if they begin with "warns". Nothing may be created while a configuration is read. With
 * {@code -Dmatriarch.rewrite=true} the table is written anew from what is told, to be reviewed as a diff.
 */
class BadConfigTest {
    private static final String COMMON = "dataDir=DIR\nclientPort=2181\ninitLimit=10\nsyncLimit=5\n";
    private static final LocalHosts HOSTS = host -> switch (host) {
        case "elsewhere" -> "10.9.9.9, 10.9.9.10";
        case "10.9.9.9" -> "10.9.9.9";
        default -> null;
    };

    private static final Path TABLE = Path.of("src/test/resources/io/matriarch/server/config/bad-configurations.txt");
    private static final String SEPARATOR = "\n---\n";

    @TempDir
    Path dir;

    @TestFactory
    Stream<DynamicTest> everyPartOfTheTable() throws IOException {
        String text = Files.readString(TABLE);
        List<DynamicTest> tests = new ArrayList<>();
        for (String part : text.split("(?m)^== ")) {
            if (part.contains(SEPARATOR)) {
                String title = part.substring(0, part.indexOf('\n'));
                tests.add(DynamicTest.dynamicTest(title, () -> check(part)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(40);
        return tests.stream();
    }

    private void check(String part) throws IOException {
        int end = part.indexOf(SEPARATOR);
        String expected = part.substring(end + SEPARATOR.length()).strip();
        Path home = Files.createTempDirectory(dir, "c");
        String told = String.join("\n", told(home, part.substring(part.indexOf('\n') + 1, end + 1)))
                .replace(home.toString(), "DIR");
        if (Boolean.getBoolean("matriarch.rewrite")) {
            String rewritten = part.substring(0, end) + SEPARATOR + told + (told.isEmpty() ? "\n" : "\n\n");
            Files.writeString(TABLE, Files.readString(TABLE).replace(part, rewritten));
        } else {
            assertThat(told).isEqualTo(expected);
        }
    }

    private List<String> told(Path home, String given) throws IOException {
        List<String> config = new ArrayList<>();
        List<String> properties = new ArrayList<>();
        for (String line : given.replace("COMMON\n", COMMON)
                .replace("DIR", home.toString())
                .lines()
                .toList()) {
            if (line.startsWith("myid: ")) {
                Files.writeString(home.resolve("myid"), line.substring("myid: ".length()) + "\n");
            } else if (line.startsWith("file: ")) {
                Files.createDirectories(
                        home.resolve(line.substring("file: ".length())).getParent());
                Files.writeString(home.resolve(line.substring("file: ".length())), "");
            } else if (line.startsWith("-D")) {
                properties.add(line.substring(2));
            } else {
                config.add(line);
            }
        }
        Files.writeString(home.resolve("zoo.cfg"), String.join("\n", config) + "\n");
        List<String> before = namesBelow(home);
        List<String> told = told(home, properties);
        assertThat(namesBelow(home)).as("nothing is created").isEqualTo(before);
        return told;
    }

    private static List<String> told(Path home, List<String> properties) {
        ConfigReader reader = new ConfigReader(home.resolve("zoo.cfg"), name -> valueOf(name, properties), HOSTS);
        reader.warnOf(properties.stream()
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList());
        try {
            return reader.read().warnings().stream()
                    .map(line -> "warns " + line)
                    .toList();
        } catch (ConfigException refused) {
            return refused.problems();
        }
    }

    private static @Nullable String valueOf(String name, List<String> properties) {
        return properties.stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse(null);
    }

    private static List<String> namesBelow(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            return all.map(Path::toString).sorted().toList();
        }
    }
}
