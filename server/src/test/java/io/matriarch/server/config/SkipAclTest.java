package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.request.AclChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** client.md 11.2, rule 1; operations.md 1.3. */
class SkipAclTest {
    @TempDir
    Path dir;

    private ServerConfig read(String more) throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + dir + "\nclientPort=2181\n" + more);
        return new ConfigReader(file, key -> null).read();
    }

    @Test
    void accessListsAreEnforcedUnlessSkippedInSoManyWords() throws IOException {
        assertThat(read("").znodes().aclChecks()).isEqualTo(AclChecks.ENFORCED);
        assertThat(read("skipACL=no\n").warnings()).isEmpty();
        ServerConfig config = read("skipACL=Yes\n");
        assertThat(config.znodes().aclChecks()).isEqualTo(AclChecks.ENFORCED);
        assertThat(config.warnings())
                .singleElement()
                .asString()
                .contains("zoo.cfg:3", "must be yes or no; access lists are enforced");
    }

    @Test
    void anOperatorIsWarnedThatNobodyIsKeptOut() throws IOException {
        ServerConfig config = read("skipACL=yes\n");
        assertThat(config.znodes().aclChecks()).isEqualTo(AclChecks.SKIPPED);
        assertThat(config.warnings())
                .singleElement()
                .asString()
                .contains("zoo.cfg:3", "access lists are not enforced", "every client may read, change and delete");
    }
}
