package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.request.ZnodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** operations.md 1.3, zab.md 6.5: times to live, and when znodes go that nobody needs. */
class ZnodeReaderTest {
    @TempDir
    Path dir;

    private ServerConfig read(String more, Map<String, String> properties) throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + dir + "\nclientPort=2181\n" + more);
        return new ConfigReader(file, properties::get).read();
    }

    @Test
    void timesToLiveAreGrantedByKeyOrProperty() throws IOException {
        assertThat(read("", Map.of()).znodes()).isEqualTo(ZnodeConfig.DEFAULT);
        ServerConfig config = read("extendedTypesEnabled=true\n", Map.of());
        assertThat(config.znodes().grantsTtl()).isTrue();
        assertThat(config.warnings()).isEmpty();
        assertThat(read("", Map.of("zookeeper.extendedTypesEnabled", "true"))
                        .znodes()
                        .grantsTtl())
                .isTrue();
    }

    @Test
    void hardLimitsAreEnforcedByKey() throws IOException {
        assertThat(read("", Map.of()).znodes().enforcesQuotas()).isFalse();
        ServerConfig config = read("enforceQuota=true\n", Map.of());
        assertThat(config.znodes().enforcesQuotas()).isTrue();
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void theFormatOf353IsNamedAsNotSupported() throws IOException {
        assertThat(read("emulate353TTLNodes=true\n", Map.of()).warnings())
                .singleElement()
                .asString()
                .contains("emulate353TTLNodes");
    }

    @Test
    void serverIdsEndAt254WithThem() throws IOException {
        Files.writeString(dir.resolve("myid"), "255");
        String members = "initLimit=5\nsyncLimit=2\nstandaloneEnabled=false\nserver.255=127.0.0.1:2888:3888\n";
        assertThat(read(members, Map.of()).znodes().grantsTtl()).isFalse();
        assertThatThrownBy(() -> read(members + "extendedTypesEnabled=true\n", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("zoo.cfg:7", "at most 254");
    }

    @Test
    void removalIsSetByOptionsOfTheJvm() throws IOException {
        assertThat(read(
                                "",
                                Map.of(
                                        "znode.container.checkIntervalMs", "500",
                                        "znode.container.maxPerMinute", "60",
                                        "znode.container.maxNeverUsedIntervalMs", "7"))
                        .znodes()
                        .removal())
                .isEqualTo(new ZnodeConfig.Removal(500, 60, 7));
        assertThatThrownBy(() -> read("", Map.of("znode.container.maxPerMinute", "0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("-Dznode.container.maxPerMinute=0: must be a whole number, at least 1");
    }
}
