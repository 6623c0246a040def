package io.matriarch.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/testkit.md shows code that is compiled and run. */
class TestkitPageTest {
    private static final Pattern SHOWN = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MARKED = Pattern.compile("// page: \\w+\n(.*?)// page end", Pattern.DOTALL);

    @Test
    void everyJavaExampleOfThePageIsInATest_andEveryMarkedTestOnThePage() throws IOException {
        List<String> shown = all(SHOWN, "../docs/testkit.md");
        List<String> marked = all(MARKED, "src/test/java/io/matriarch/testkit/examples/FailoverExampleTest.java");
        assertThat(shown).hasSizeGreaterThan(3).containsExactlyInAnyOrderElementsOf(marked);
    }

    /** With whitespace made equal: indentation differs. */
    private static List<String> all(Pattern pattern, String file) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
        while (matcher.find()) {
            found.add(matcher.group(1).strip().replaceAll("\\s+", " "));
        }
        return found;
    }
}
