package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.matriarch.core.zab.ObserverConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What zoo.cfg says about observers (operations.md 1.2, 1.3). */
class ObserverSettingsTest {
    private static final String ENSEMBLE = """
            dataDir=%s
            clientPort=2181
            initLimit=10
            syncLimit=5
            server.1=a:2888:3888
            server.2=b:2888:3888
            server.3=c:2888:3888
            server.4=d:2888:3888:observer
            """;

    @TempDir
    Path dir;

    private ServerConfig read(String more) throws IOException {
        Files.writeString(dir.resolve("myid"), "1\n");
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, ENSEMBLE.formatted(dir) + more);
        return new ConfigReader(file, Map.<String, String>of()::get).read();
    }

    private ConfigException refused(String more) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> read(more));
        assertThat(refusal).as(more).isNotNull();
        return refusal;
    }

    @Test
    void withoutAWordOnlyTheLeaderServesObservers() throws IOException {
        assertThat(read("").observers()).isEqualTo(ObserverSettings.DEFAULT);
    }

    @Test
    void everyKeyHasItsEffectAndNoneAWarning() throws IOException {
        ServerConfig config = read("""
                observerMasterPort=2191
                observerMaster.sizeLimit=1000
                observer.reconnectDelayMs=20
                observer.election.DelayMs=30
                leader.maxConcurrentSnapSyncs=4
                leader.maxConcurrentDiffSyncs=5
                """);
        assertThat(config.warnings()).isEmpty();
        assertThat(config.observers().masterPort()).isEqualTo(2191);
        assertThat(config.observers().core()).isEqualTo(new ObserverConfig(true, 1000, 4, 5, 20, 30, true));
    }

    @Test
    void electionDelayIsApachesWhereFollowersServeObservers() throws IOException {
        assertThat(read("observerMasterPort=2191").observers().core().electionDelayMillis())
                .isEqualTo(200);
    }

    @Test
    void aPortThatCannotBeOrIsTakenIsNamed() {
        assertThat(refused("observerMasterPort=70000"))
                .hasMessageContaining("zoo.cfg:9")
                .hasMessageContaining("65535");
        assertThat(refused("observerMasterPort=3888"))
                .hasMessageContaining("zoo.cfg:9")
                .hasMessageContaining("3888 is the election port of server.1 on a");
    }

    @Test
    void anObserverNeedNotLogUnlessMembersMayChange() throws IOException {
        assertThat(read("").observers().core().isLogging()).isTrue();
        assertThat(read("syncEnabled=false").observers().core().isLogging()).isFalse();
        assertThat(read("observer.syncEnabled=false").observers().core().isLogging())
                .isFalse();
        assertThat(read("syncEnabled=false").warnings()).isEmpty();
        ServerConfig config = read("syncEnabled=false\nreconfigEnabled=true");
        assertThat(config.observers().core().isLogging()).isTrue();
        assertThat(config.warnings()).anyMatch(warning -> warning.contains("has no effect with reconfigEnabled=true"));
    }

    @Test
    void numbersBelowTheirLeastAreNamed() {
        assertThat(refused("leader.maxConcurrentSnapSyncs=0")).hasMessageContaining("must be at least 1");
        assertThat(refused("leader.maxConcurrentDiffSyncs=0")).hasMessageContaining("must be at least 1");
        assertThat(refused("observer.reconnectDelayMs=-1")).hasMessageContaining("must be at least 0");
        assertThat(refused("observer.election.DelayMs=soon")).hasMessageContaining("must be a whole number");
        assertThat(refused("observerMaster.sizeLimit=-1")).hasMessageContaining("must be at least 0");
    }
}
