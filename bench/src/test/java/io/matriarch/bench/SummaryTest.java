package io.matriarch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.matriarch.bench.ensemble.Flavour;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void medianOfAnOddNumberIsTheMiddleFigure() {
        assertThat(times(Flavour.APACHE, 9, 1, 4).median()).isEqualTo(4);
    }

    @Test
    void medianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(times(Flavour.APACHE, 9, 1, 4, 6).median()).isEqualTo(5);
    }

    @Test
    void jsonHoldsBothFiguresAndTheirRatio() {
        List<Measurement> all = new ArrayList<>();
        all.addAll(times(Flavour.MATRIARCH, 40, 60, 50).values());
        all.addAll(times(Flavour.APACHE, 200, 100, 900).values());

        JsonNode result = report(all).json().path("results").path(0);

        assertThat(result.path("workload").asText()).isEqualTo("failover");
        assertThat(result.path("better").asText()).isEqualTo("less");
        assertThat(result.path("matriarch").path("median").asDouble()).isEqualTo(50);
        assertThat(result.path("apache").path("max").asDouble()).isEqualTo(900);
        assertThat(result.path("ratio").asDouble()).isEqualTo(0.25);
    }

    @Test
    void ofOneFlavourAloneThereIsNoRatio() {
        Report report = report(times(Flavour.APACHE, 200).values());

        assertThat(report.json().path("results").path(0).has("ratio")).isFalse();
        assertThat(report.table()).contains("failover").contains("200.0 [200.0..200.0]");
    }

    private static Summary times(Flavour flavour, double... millis) {
        List<Measurement> measurements = new ArrayList<>();
        for (double each : millis) {
            measurements.add(Measurement.ofMillis(Workload.FAILOVER, flavour, each));
        }
        return Summary.of(measurements, Workload.FAILOVER, flavour).orElseThrow();
    }

    private static Report report(List<Measurement> measurements) {
        BenchSettings settings = new BenchSettings(
                EnumSet.of(Workload.FAILOVER),
                List.of(Flavour.values()),
                3,
                Duration.ofSeconds(1),
                Duration.ZERO,
                3,
                4,
                64,
                1024,
                1,
                1,
                256,
                Path.of("unused"),
                true);
        Machine machine = new Machine(2, "test", "test", "test", 0, 100);
        return new Report(settings, machine, Instant.EPOCH, measurements, List.of());
    }
}
