package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of keys in docs/operations.md against the keys that there are. */
class OperationsPageTest {
    private static final Pattern KEY = Pattern.compile("`([^`]+)`");

    /** In the first column of the table of keys; {@code x.*} stands for all that begin with it. */
    private static List<String> keysOnThePage() throws IOException {
        String page = Files.readString(Path.of("../docs/operations.md"));
        String table = page.substring(page.indexOf("\n## Keys"), page.indexOf("\n## Files"));
        List<String> keys = new ArrayList<>();
        for (String row : table.lines().filter(line -> line.startsWith("| `")).toList()) {
            Matcher matcher = KEY.matcher(row.substring(0, row.indexOf('|', 1)));
            while (matcher.find()) {
                keys.add(matcher.group(1));
            }
        }
        return keys;
    }

    private static boolean covers(String row, String key) {
        return row.endsWith("*") ? key.startsWith(row.substring(0, row.length() - 1)) : row.equals(key);
    }

    @Test
    void everyKeyWithAnEffectHasARowInOperationsMd() throws IOException {
        List<String> rows = keysOnThePage();
        assertThat(ConfigKeys.supported()).allSatisfy(key -> assertThat(rows).anyMatch(row -> covers(row, key)));
    }

    @Test
    void everyRowIsAKeyThatIsKnown() throws IOException {
        assertThat(keysOnThePage())
                .doesNotHaveDuplicates()
                .allMatch(row -> row.endsWith(".N")
                        || row.endsWith("*")
                        || ConfigKeys.isSupported(row)
                        || ConfigKeys.isKnown(row));
    }
}
