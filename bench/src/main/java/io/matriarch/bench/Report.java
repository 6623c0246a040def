package io.matriarch.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.matriarch.bench.ensemble.Flavour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The outcome of a run as a table to read and as JSON to keep (docs/testing.md, "Benches"). */
final class Report {
    private static final int SCHEMA = 1;
    private static final String ROW = "%-22s %-10s %32s %32s %7s  %s%n";

    private final BenchSettings settings;
    private final Machine machine;
    private final Instant started;
    private final List<Measurement> measurements;
    private final List<String> failures;

    Report(
            BenchSettings settings,
            Machine machine,
            Instant started,
            List<Measurement> measurements,
            List<String> failures) {
        this.settings = settings;
        this.machine = machine;
        this.started = started;
        this.measurements = measurements;
        this.failures = failures;
    }

    /** One measurement in one line, for progress. */
    static String line(Measurement measurement) {
        Workload workload = measurement.workload();
        String value = number(workload, measurement.value());
        String line = String.format(
                Locale.ROOT,
                "%-22s %12s %s",
                workload.label(),
                value,
                workload.unit().label());
        if (Double.isNaN(measurement.p50Millis())) {
            return line;
        }
        return line
                + String.format(
                        Locale.ROOT,
                        "   p50 %.2f ms, p99 %.2f ms, client %.2f CPU, servers %.2f CPU%s",
                        measurement.p50Millis(),
                        measurement.p99Millis(),
                        measurement.clientCpus(),
                        measurement.serverCpus(),
                        measurement.errors() == 0 ? "" : ", " + measurement.errors() + " ERRORS");
    }

    /** The table: medians, spread, ratio, latencies. */
    String table() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d servers, %d rounds, %d clients, pipelined %d deep, %d bytes; %d processors, %s, force %.0f us%n%n",
                settings.servers(),
                settings.rounds(),
                settings.connectionsPerServer() * settings.servers(),
                settings.window(),
                settings.payloadBytes(),
                machine.processors(),
                machine.fileSystem(),
                machine.forceMicros()));
        text.append(String.format(
                Locale.ROOT,
                ROW,
                "median [min..max]",
                "",
                Flavour.MATRIARCH.label(),
                Flavour.APACHE.label(),
                "ratio",
                "p50/p99 ms, ours | Apache's"));
        for (Workload workload : Workload.values()) {
            if (settings.workloads().contains(workload)) {
                text.append(row(workload));
            }
        }
        text.append(String.format(
                Locale.ROOT,
                "%nratio: Matriarch / Apache ZooKeeper; per second: more is better, ms: less is better%n"));
        if (machine.isBusy()) {
            text.append(String.format(
                    Locale.ROOT,
                    "note: the machine was busy before the run began (load average %.1f)%n",
                    machine.loadAverage()));
        }
        for (String failure : failures) {
            text.append("broke off: ")
                    .append(failure.lines().findFirst().orElse(""))
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    /** Writes the JSON form. */
    void writeJson(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(file, mapper.writeValueAsString(json()) + System.lineSeparator());
    }

    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", SCHEMA);
        root.put("started", started.toString());
        ObjectNode on = root.putObject("machine");
        on.put("processors", machine.processors());
        on.put("system", machine.system());
        on.put("java", machine.java());
        on.put("fileSystem", machine.fileSystem());
        on.put("loadAverage", machine.loadAverage());
        on.put("forceMicros", machine.forceMicros());
        ObjectNode configuration = root.putObject("configuration");
        configuration.put("servers", settings.servers());
        configuration.put("heapMegabytes", settings.heapMegabytes());
        configuration.put("rounds", settings.rounds());
        configuration.put("durationMillis", settings.duration().toMillis());
        configuration.put("warmUpMillis", settings.warmUp().toMillis());
        configuration.put("connectionsPerServer", settings.connectionsPerServer());
        configuration.put("window", settings.window());
        configuration.put("payloadBytes", settings.payloadBytes());
        configuration.put("killsPerRound", settings.kills());
        configuration.put("handOversPerRound", settings.handOvers());
        ArrayNode results = root.putArray("results");
        for (Workload workload : Workload.values()) {
            if (settings.workloads().contains(workload)) {
                results.add(json(workload));
            }
        }
        ArrayNode failed = root.putArray("failures");
        failures.forEach(failed::add);
        return root;
    }

    private ObjectNode json(Workload workload) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("workload", workload.label());
        node.put("unit", workload.unit().label());
        node.put("better", workload.unit().isMoreBetter() ? "more" : "less");
        for (Map.Entry<String, Flavour> entry :
                List.of(Map.entry("matriarch", Flavour.MATRIARCH), Map.entry("apache", Flavour.APACHE))) {
            summary(workload, entry.getValue()).ifPresent(summary -> node.set(entry.getKey(), json(summary)));
        }
        ratio(workload).ifPresent(ratio -> node.put("ratio", ratio));
        return node;
    }

    private static ObjectNode json(Summary summary) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("median", summary.median());
        node.put("min", summary.min());
        node.put("max", summary.max());
        ArrayNode values = node.putArray("values");
        summary.values().forEach(m -> values.add(m.value()));
        if (!Double.isNaN(summary.median(Measurement::p50Millis))) {
            node.put("p50Millis", summary.median(Measurement::p50Millis));
            node.put("p99Millis", summary.median(Measurement::p99Millis));
            node.put("clientCpus", summary.median(Measurement::clientCpus));
            node.put("serverCpus", summary.median(Measurement::serverCpus));
            node.put("errors", summary.errors());
        }
        return node;
    }

    private String row(Workload workload) {
        Optional<Summary> ours = summary(workload, Flavour.MATRIARCH);
        Optional<Summary> apaches = summary(workload, Flavour.APACHE);
        return String.format(
                Locale.ROOT,
                ROW,
                workload.label(),
                workload.unit().label(),
                ours.map(Report::spread).orElse("-"),
                apaches.map(Report::spread).orElse("-"),
                ratio(workload).map(r -> String.format(Locale.ROOT, "%.2f", r)).orElse("-"),
                workload.unit() == Workload.Unit.PER_SECOND
                        ? ours.map(Report::latencies).orElse("-") + " | "
                                + apaches.map(Report::latencies).orElse("-")
                        : "");
    }

    private static String spread(Summary summary) {
        Workload workload = summary.workload();
        return number(workload, summary.median()) + " [" + number(workload, summary.min()) + ".."
                + number(workload, summary.max()) + "]";
    }

    private static String latencies(Summary summary) {
        return String.format(
                Locale.ROOT,
                "%.2f/%.2f",
                summary.median(Measurement::p50Millis),
                summary.median(Measurement::p99Millis));
    }

    private Optional<Summary> summary(Workload workload, Flavour flavour) {
        return Summary.of(measurements, workload, flavour);
    }

    private Optional<Double> ratio(Workload workload) {
        return summary(workload, Flavour.MATRIARCH)
                .flatMap(ours -> summary(workload, Flavour.APACHE).map(apaches -> ours.median() / apaches.median()));
    }

    private static String number(Workload workload, double value) {
        return String.format(Locale.ROOT, workload.unit() == Workload.Unit.PER_SECOND ? "%,.0f" : "%,.1f", value);
    }
}
