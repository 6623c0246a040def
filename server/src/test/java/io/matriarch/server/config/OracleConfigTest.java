package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** oraclePath in zoo.cfg (election.md 3.9). */
class OracleConfigTest {
    private static final String TWO = "server.1=a:2888:3888\nserver.2=b:2888:3888\n";

    @TempDir
    Path dir;

    private ServerConfig read(String members) throws IOException {
        Files.writeString(dir.resolve("myid"), "1\n");
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(
                file,
                "dataDir=" + dir + "\nclientPort=2181\ninitLimit=10\nsyncLimit=5\noraclePath=/run/mastership\n"
                        + members);
        return new ConfigReader(file, Map.<String, String>of()::get).read();
    }

    @Test
    void ofTwoParticipantsTheFileIsAskedAndNoneOfThemIsCalledOneTooFew() throws IOException {
        ServerConfig config = read(TWO + "server.3=c:2888:3888:observer\n");
        assertThat(config.oracleFile()).contains(Path.of("/run/mastership"));
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void ofThreeItIsSaidToHaveNoEffect() throws IOException {
        assertThat(read(TWO + "server.3=c:2888:3888\n").warnings())
                .singleElement()
                .asString()
                .contains("oraclePath has no effect with 3 participants");
    }

    @Test
    void groupsBesideItAreRefusedWithLineAndRemedy() {
        ConfigException refusal =
                catchThrowableOfType(ConfigException.class, () -> read(TWO + "group.1=1:2\nweight.1=1\nweight.2=1\n"));
        assertThat(refusal).hasMessageContaining("zoo.cfg:5").hasMessageContaining("exclude each other; remove one");
    }
}
