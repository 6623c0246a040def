package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** operations.md 2: what must be known for changes of the members. */
class ReconfigReaderTest {
    @TempDir
    Path dir;

    private ServerConfig read(String more) throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
        Path file = dir.resolve("zoo.cfg");
        String lines = "dataDir=" + dir + "\ninitLimit=5\nsyncLimit=2\nclientPort=2181\n"
                + "server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2\n";
        Files.writeString(file, lines + more);
        return new ConfigReader(file, key -> null).read();
    }

    @Test
    void itIsOffUnlessAskedFor() throws IOException {
        assertThat(read("").isReconfigEnabled()).isFalse();
        assertThat(read("").superDigest()).isEmpty();
    }

    @Test
    void theFileIsRememberedSinceChangesAreKeptBesideIt() throws IOException {
        ServerConfig config = read(
                "reconfigEnabled=true\nDigestAuthenticationProvider.superDigest=super:D/InIHSb7yEEbrWz8b9l71RjZJU=\n");
        assertThat(config.isReconfigEnabled()).isTrue();
        assertThat(config.configFile()).contains(dir.resolve("zoo.cfg").toAbsolutePath());
        assertThat(config.superDigest()).contains("super:D/InIHSb7yEEbrWz8b9l71RjZJU=");
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void aSuperDigestThatNamesNobodyIsRefused() {
        assertThatThrownBy(() -> read("DigestAuthenticationProvider.superDigest=secret\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must read user:hash");
    }
}
