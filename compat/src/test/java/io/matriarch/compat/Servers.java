package io.matriarch.compat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The server processes of one test class, in {@code target/compat/<class>}, where their logs stay. Killed after the last test; a test
 * that fails shows the ends of their logs.
 *
 * <p>With {@code -Dcompat.ours=APACHE} Apache's servers stand in for ours: the tests must pass then too, which tells a wrong test from
 * a wrong server.
 */
public final class Servers implements BeforeAllCallback, AfterAllCallback, TestExecutionExceptionHandler {
    private final List<Flavour> flavours;
    private final List<EnsembleProcess> started = new ArrayList<>();
    private Path directory = Path.of("target", "compat");

    private Servers(List<Flavour> flavours) {
        this.flavours = flavours;
    }

    /** Whose server is under test. */
    public static Flavour ours() {
        return Flavour.valueOf(System.getProperty("compat.ours", "MATRIARCH"));
    }

    /** {@code count} servers of ours, started before the first test. */
    public static Servers ofOurs(int count) {
        return new Servers(Collections.nCopies(count, ours()));
    }

    /** Servers are started by the tests themselves. */
    public static Servers onDemand() {
        return new Servers(List.of());
    }

    /** The ensemble started before the first test. */
    public EnsembleProcess ensemble() {
        return started.get(0);
    }

    /** Lays out further servers in a directory of this name, and starts none. */
    public EnsembleProcess create(String name, List<Flavour> ofFlavours, UnaryOperator<EnsembleOptions> options) {
        // Servers that live for seconds do best with the first compiler and the simplest collector.
        EnsembleOptions small = EnsembleOptions.of(directory.resolve(name), ofFlavours)
                .withJvmFlag("-XX:TieredStopAtLevel=1")
                .withJvmFlag("-XX:+UseSerialGC");
        EnsembleProcess ensemble = EnsembleProcess.create(options.apply(small));
        started.add(ensemble);
        return ensemble;
    }

    /** Starts further servers and waits until they serve. */
    public EnsembleProcess start(String name, List<Flavour> ofFlavours) {
        EnsembleProcess ensemble = create(name, ofFlavours, UnaryOperator.identity());
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        return ensemble;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = directory.resolve(context.getRequiredTestClass().getSimpleName());
        delete(directory);
        if (ours() == Flavour.MATRIARCH) {
            Installation.prepare(line -> {});
        }
        if (!flavours.isEmpty()) {
            EnsembleProcess ensemble = create("ensemble", flavours, UnaryOperator.identity());
            try {
                ensemble.startAll();
                ensemble.awaitServing(Clients.SERVING_BOUND);
            } catch (IllegalStateException e) {
                // Without this, afterAll would not be called for what beforeAll left half done.
                ensemble.close();
                throw e;
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        started.forEach(EnsembleProcess::close);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        for (EnsembleProcess ensemble : started) {
            failure.addSuppressed(new AssertionError(ensemble.logTails()));
        }
        throw failure;
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
