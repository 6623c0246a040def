package io.matriarch.compat.candidates;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.Installation;
import io.matriarch.bench.soak.FaultKind;
import io.matriarch.bench.soak.Soak;
import io.matriarch.bench.soak.SoakReport;
import io.matriarch.bench.soak.SoakSettings;
import io.matriarch.compat.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code bin/matriarch soak}; the long one is started by hand. */
@Timeout(240)
class SoakTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void build() throws IOException {
        Installation.prepare(System.out::println);
    }

    @Test
    void candidatesAndServersStruckForTwentySeconds_neverShowTwoLeaders() throws Exception {
        SoakReport report = soak(EnumSet.allOf(FaultKind.class), false);
        assertThat(report.failures()).as(report.text()).isEmpty();
    }

    @Test
    void candidatesThatIgnoreTheEndOfTheirLease_areSeenByTheWitness() throws Exception {
        SoakReport report = soak(EnumSet.of(FaultKind.CANDIDATES_PAUSED, FaultKind.CANDIDATES_SILENCED), true);
        assertThat(report.failures())
                .as(report.text())
                .anyMatch(failure -> failure.startsWith("two led at one moment"));
    }

    private SoakReport soak(Set<FaultKind> kinds, boolean ignoresLeases) throws Exception {
        SoakSettings settings = new SoakSettings(
                Duration.ofSeconds(20), 7, kinds, Servers.ours(), 3, 12, 4, 250, 1500, ignoresLeases, directory);
        SoakReport report = Soak.run(settings, System.out::println);
        System.out.println(report.text());
        return report;
    }
}
