package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What zoo.cfg says about the lead (docs/operations.md). */
class LeadershipSettingsTest {
    @TempDir
    Path dir;

    private ServerConfig read(String more) throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + dir + "\nclientPort=2181\n" + more);
        return new ConfigReader(file, Map.<String, String>of()::get).read();
    }

    private HeartbeatConfig heartbeat(String more) throws IOException {
        ServerConfig config = read(more);
        assertThat(config.warnings()).isEmpty();
        return config.leadership().heartbeat();
    }

    private void isRefused(String more) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> read(more));
        assertThat(refusal).as(more).isNotNull();
        assertThat(refusal.problems()).singleElement().asString().contains("zoo.cfg:3", "matriarch.");
    }

    @Test
    void withoutAWordASilentLeaderIsReplacedWithinASecond() throws IOException {
        assertThat(heartbeat("")).isEqualTo(HeartbeatConfig.DEFAULT);
    }

    @Test
    void boundsAreTakenAndOneKeyMovesTheOthersDefaultAlong() throws IOException {
        assertThat(heartbeat("matriarch.heartbeat.minMillis=150\nmatriarch.heartbeat.maxMillis=300\n"))
                .isEqualTo(new HeartbeatConfig(150, 300));
        assertThat(heartbeat("matriarch.heartbeat.minMillis=2000\n")).isEqualTo(new HeartbeatConfig(2000, 2000));
        assertThat(heartbeat("matriarch.heartbeat.maxMillis=200\n")).isEqualTo(new HeartbeatConfig(200, 200));
    }

    @Test
    void aMaximumOfZeroSwitchesThemOff() throws IOException {
        assertThat(heartbeat("matriarch.heartbeat.maxMillis=0\n").isEnabled()).isFalse();
    }

    @Test
    void boundsThatCannotBeAreRefused() {
        isRefused("matriarch.heartbeat.minMillis=99\n");
        isRefused("matriarch.heartbeat.maxMillis=99\n");
        isRefused("matriarch.heartbeat.maxMillis=-1\n");
        isRefused("matriarch.heartbeat.minMillis=500\nmatriarch.heartbeat.maxMillis=400\n");
    }

    @Test
    void anOrderOfLeadersIsTaken() throws IOException {
        assertThat(read("").leadership().standing()).isEqualTo(Standing.DEFAULT);
        assertThat(read("matriarch.leader.priority=7\nmatriarch.leader.stands=false\n")
                        .leadership()
                        .standing())
                .isEqualTo(new Standing(7, false));
        isRefused("matriarch.leader.priority=256\n");
        isRefused("matriarch.leader.priority=-1\n");
    }
}
