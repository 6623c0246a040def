package io.matriarch.bench.soak;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One soak: lays everything out, lets faults strike for the time wanted, heals, and tells what the witness saw. */
public final class Soak {
    static final String PATH = "/soak/candidates";

    private static final long LOOK_AGAIN_MILLIS = 50;
    private static final long READY_SECONDS = 120;

    private final SoakSettings settings;
    private final Consumer<String> story;
    private final Witness witness = new Witness();
    private final List<Crew> crews = new ArrayList<>();
    private final long beganNanos = System.nanoTime();

    private Soak(SoakSettings settings, Consumer<String> story) {
        this.settings = settings;
        this.story = line ->
                story.accept(String.format(Locale.ROOT, "%8.3f s  %s", (System.nanoTime() - beganNanos) / 1e9, line));
    }

    /**
     * Runs one.
     *
     * @param story told what is done to whom, with times, one line each
     * @throws IllegalStateException if not even its beginning works: no servers, or no leader
     */
    public static SoakReport run(SoakSettings settings, Consumer<String> story) throws InterruptedException {
        return new Soak(settings, story).run();
    }

    private SoakReport run() throws InterruptedException {
        EnsembleOptions options = EnsembleOptions.of(settings.directory(), settings.flavour(), settings.servers())
                .withSetting("tickTime", Integer.toString(settings.tickMillis()))
                .withSetting("syncLimit", Integer.toString(SoakSettings.SYNC_LIMIT))
                .withApacheLogLevel("WARN");
        try (EnsembleProcess ensemble = EnsembleProcess.start(options);
                Line line = new Line(ensemble.connectString())) {
            List<Integer> ports = ensemble.servers().stream()
                    .map(server -> server.clientAddress().getPort())
                    .toList();
            try {
                return soak(ensemble, line, ports);
            } finally {
                crews.forEach(Crew::close);
            }
        }
    }

    private SoakReport soak(EnsembleProcess ensemble, Line line, List<Integer> ports) throws InterruptedException {
        for (int i = 0; i < settings.processes(); i++) {
            int share = settings.candidates() * (i + 1) / settings.processes()
                    - settings.candidates() * i / settings.processes();
            Crew crew = new Crew("p" + (i + 1), share, settings, ports, witness);
            crews.add(crew);
            crew.start();
        }
        if (!isWhole(line, TimeUnit.SECONDS.toNanos(READY_SECONDS))) {
            throw new IllegalStateException("only " + line.size() + " of " + settings.candidates()
                    + " candidates entered, or nobody leads; see the logs in " + settings.directory());
        }
        story.accept(settings.candidates() + " candidates stand, and one leads");
        Crew.Size firstSize = crews.get(0).size();
        Optional<Footprint> firstServers = servers(ensemble);
        Faults faults = new Faults(settings, ensemble, crews, witness, story);
        faults.strikeUntil(System.nanoTime() + settings.duration().toNanos());
        story.accept("no more faults");
        boolean isWhole = isWhole(line, settings.bound().multipliedBy(2).toNanos());
        long endNanos = System.nanoTime();
        return new SoakReport(
                settings,
                witness,
                faults,
                List.copyOf(Interregnum.between(witness.reigns(), faults.moments())),
                endNanos,
                isWhole,
                line.size(),
                new SoakReport.Growth<>(firstSize, crews.get(0).size()),
                new SoakReport.Growth<>(firstServers, servers(ensemble)));
    }

    private static Optional<Footprint> servers(EnsembleProcess ensemble) {
        return Footprint.of(ensemble.servers().stream().map(ServerProcess::pid).toList());
    }

    /** Waits until every candidate stands in the line and one leads, at most so long; says whether. */
    private boolean isWhole(Line line, long patienceNanos) throws InterruptedException {
        long deadline = System.nanoTime() + patienceNanos;
        while (line.size() != settings.candidates() || witness.leader().isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        return true;
    }
}
