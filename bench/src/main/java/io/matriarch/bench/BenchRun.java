package io.matriarch.bench;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.load.Load;
import io.matriarch.bench.load.LoadClient;
import io.matriarch.bench.load.LoadResult;
import io.matriarch.bench.load.Outage;
import io.matriarch.bench.load.OutageProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The rounds of a run. In each round each flavour gets fresh directories and fresh processes and goes through all workloads; which
 * flavour begins alternates, so that neither always meets the warmer machine.
 */
final class BenchRun {
    private static final Duration START_BOUND = Duration.ofSeconds(60);
    private static final Duration OUTAGE_BOUND = Duration.ofSeconds(60);
    private static final int PROBES_PER_SERVER = 2;
    private static final int ZNODES_PER_CONNECTION = 64;
    private static final int FIRST_WARM_UP_FACTOR = 5;

    private final BenchSettings settings;
    private final Consumer<String> progress;
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** @param progress told one line per step */
    BenchRun(BenchSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** Runs all rounds. A round that breaks is told in {@link #failures()} and the others go on. */
    List<Measurement> run() {
        for (int round = 1; round <= settings.rounds(); round++) {
            List<Flavour> order = new ArrayList<>(settings.flavours());
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Flavour flavour : order) {
                String name = "round " + round + "/" + settings.rounds() + ", " + flavour.label();
                progress.accept(name);
                Path directory = settings.directory()
                        .resolve("round-" + round + "-" + flavour.name().toLowerCase(Locale.ROOT));
                try {
                    round(flavour, directory);
                } catch (IOException | IllegalStateException e) {
                    failures.add(name + ": " + e.getMessage());
                    progress.accept("  broke off: " + e.getMessage());
                }
                if (!settings.isDataKept()) {
                    delete(directory);
                }
            }
        }
        return List.copyOf(measurements);
    }

    /** Rounds that broke off, and why; empty in a sound run. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void round(Flavour flavour, Path directory) throws IOException {
        EnsembleOptions options = EnsembleOptions.of(directory, flavour, settings.servers())
                .withHeapMegabytes(settings.heapMegabytes())
                .withApacheLogLevel("WARN");
        try (EnsembleProcess ensemble = EnsembleProcess.create(options)) {
            coldStart(flavour, ensemble);
            ensemble.awaitServing(START_BOUND);
            if (isWanted(Workload.HAND_OVER) && flavour == Flavour.MATRIARCH && settings.servers() > 1) {
                handOvers(flavour, ensemble);
            }
            boolean isKilling = isWanted(Workload.FAILOVER) || isWanted(Workload.FAILOVER_MOVED);
            boolean isDisturbing = isKilling || isWanted(Workload.SILENCE);
            List<Workload> loads = withoutCreates();
            if (isDisturbing || !loads.isEmpty()) {
                // With no load at all this still warms the servers up for what follows.
                throughput(flavour, ensemble, loads);
            }
            if (isKilling) {
                for (int i = 0; i < settings.kills(); i++) {
                    if (i > 0) {
                        // The server killed before has just started; in service servers run for longer than that.
                        throughput(flavour, ensemble, List.of());
                    }
                    failover(flavour, ensemble);
                }
            }
            if (isWanted(Workload.SILENCE)) {
                silence(flavour, ensemble);
            }
            // Last, because it leaves a large tree behind, which would weigh on the others.
            if (isWanted(Workload.CREATE_PIPELINED)) {
                throughput(flavour, ensemble, List.of(Workload.CREATE_PIPELINED));
            }
        }
    }

    private void coldStart(Flavour flavour, EnsembleProcess ensemble) throws IOException {
        try (OutageProbe probe = new OutageProbe(null, addresses(ensemble.servers()), 1)) {
            Outage outage = probe.measure(ensemble::startAll, START_BOUND);
            add(Measurement.ofMillis(Workload.COLD_START, flavour, millis(outage.ofServing())));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + ensemble.logTails(), e);
        }
    }

    private List<Workload> withoutCreates() {
        return Stream.of(Workload.values())
                .filter(w -> w != Workload.CREATE_PIPELINED)
                .filter(w -> isWanted(w) && w.load(settings.window()).isPresent())
                .toList();
    }

    private void throughput(Flavour flavour, EnsembleProcess ensemble, List<Workload> workloads) throws IOException {
        try (LoadClient client = new LoadClient(
                addresses(ensemble.servers()),
                settings.connectionsPerServer(),
                ZNODES_PER_CONNECTION,
                settings.payloadBytes())) {
            warmUp(client);
            for (Workload workload : workloads) {
                add(throughput(flavour, ensemble, client, workload));
            }
        }
    }

    private void warmUp(LoadClient client) throws IOException {
        Duration each = settings.warmUp().multipliedBy(FIRST_WARM_UP_FACTOR).dividedBy(2);
        client.run(new Load(Load.Kind.WRITE, settings.window()), each, Duration.ZERO);
        client.run(new Load(Load.Kind.READ, settings.window()), each, Duration.ZERO);
    }

    private Measurement throughput(Flavour flavour, EnsembleProcess ensemble, LoadClient client, Workload workload)
            throws IOException {
        Load load = workload.load(settings.window()).orElseThrow();
        long startNanos = System.nanoTime();
        double cpuSecondsBefore = cpuSeconds(ensemble);
        LoadResult result = client.run(load, settings.warmUp(), settings.duration());
        double serverCpus = (cpuSeconds(ensemble) - cpuSecondsBefore) / ((System.nanoTime() - startNanos) / 1e9);
        return new Measurement(
                workload,
                flavour,
                result.perSecond(),
                result.latencyMillis(50),
                result.latencyMillis(99),
                result.clientCpus(),
                serverCpus,
                result.errors());
    }

    private void failover(Flavour flavour, EnsembleProcess ensemble) throws IOException {
        ServerProcess leader = ensemble.leader();
        List<ServerProcess> others =
                ensemble.servers().stream().filter(server -> server != leader).toList();
        try (OutageProbe probe = new OutageProbe(leader.clientAddress(), addresses(others), PROBES_PER_SERVER)) {
            probe.connect(OUTAGE_BOUND);
            Outage outage = probe.measure(leader::signalKill, OUTAGE_BOUND);
            add(Measurement.ofMillis(Workload.FAILOVER, flavour, millis(outage.ofServing())));
            add(Measurement.ofMillis(Workload.FAILOVER_MOVED, flavour, millis(outage.ofMoving())));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + ensemble.logTails(), e);
        }
        leader.kill();
        leader.start();
        ensemble.awaitServing(START_BOUND);
    }

    /** Before all load, so that the first of a round is what an operator sees who never handed over before. */
    private void handOvers(Flavour flavour, EnsembleProcess ensemble) throws IOException {
        try (LoadClient client =
                new LoadClient(addresses(ensemble.servers()), 1, ZNODES_PER_CONNECTION, settings.payloadBytes())) {
            client.run(new Load(Load.Kind.WRITE, 1), HandOver.FIRST_WARM_UP, Duration.ZERO);
            for (int i = 0; i < settings.handOvers(); i++) {
                double pauseMillis = new HandOver(ensemble).measureMillis(client);
                add(Measurement.ofMillis(Workload.HAND_OVER, flavour, pauseMillis));
            }
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + ensemble.logTails(), e);
        }
    }

    /** Once a round: Apache's servers take syncLimit ticks for it. */
    private void silence(Flavour flavour, EnsembleProcess ensemble) throws IOException {
        ServerProcess leader = ensemble.leader();
        List<ServerProcess> others =
                ensemble.servers().stream().filter(server -> server != leader).toList();
        try (OutageProbe probe = new OutageProbe(null, addresses(others), PROBES_PER_SERVER)) {
            probe.connect(OUTAGE_BOUND);
            Outage outage = probe.measure(leader::pause, OUTAGE_BOUND);
            add(Measurement.ofMillis(Workload.SILENCE, flavour, millis(outage.ofServing())));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + ensemble.logTails(), e);
        } finally {
            leader.kill();
        }
        leader.start();
        ensemble.awaitServing(START_BOUND);
    }

    private void add(Measurement measurement) {
        if (isWanted(measurement.workload())) {
            measurements.add(measurement);
            progress.accept("  " + Report.line(measurement));
        }
    }

    private boolean isWanted(Workload workload) {
        return settings.workloads().contains(workload);
    }

    private static List<InetSocketAddress> addresses(List<ServerProcess> servers) {
        return servers.stream().map(ServerProcess::clientAddress).toList();
    }

    private static double cpuSeconds(EnsembleProcess ensemble) {
        return ensemble.running().stream()
                        .mapToLong(server -> server.cpuTime().toNanos())
                        .sum()
                / 1e9;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
