package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/candidate.md names a test for each thing that it says; they must be there. */
class DocumentedTestsTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");

    @Test
    void everyTestThatThePageNames_isThere() throws IOException, ClassNotFoundException {
        String page = Files.readString(Path.of("..", "docs", "candidate.md"));
        List<String> missing = new ArrayList<>();
        Matcher matcher = TEST.matcher(page);
        int named = 0;
        while (matcher.find()) {
            named++;
            if (!isThere(matcher.group(1), matcher.group(2))) {
                missing.add(matcher.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(40);
    }

    /** Tests of other modules are looked for in their sources. */
    private static boolean isThere(String type, String method) throws IOException, ClassNotFoundException {
        for (String other : List.of(
                "cli/src/test/java/io/matriarch/cli/elect/", "compat/src/test/java/io/matriarch/compat/candidates/")) {
            Path source = Path.of("..", (other + type + ".java").split("/"));
            if (Files.exists(source)) {
                return Files.readString(source).contains("void " + method + "(");
            }
        }
        Class<?> found = Class.forName("io.matriarch.candidate." + type);
        return Arrays.stream(found.getDeclaredMethods())
                .anyMatch(m -> m.getName().equals(method));
    }
}
