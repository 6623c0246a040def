package io.matriarch.bench.ensemble;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs are that server processes run: the checkout's {@code bin/matriarch} and the class path of Apache's server,
 * which the build copies to {@code bench/target/apache-lib}. System property {@code matriarch.home} names the checkout; without
 * it, it is looked for upwards from the working directory and from this class's own file. System property
 * {@code matriarch.launcher} names another launcher than the checkout's, for example an older version's.
 */
public final class Installation {
    private static final String HOME_PROPERTY = "matriarch.home";
    private static final String LAUNCHER_PROPERTY = "matriarch.launcher";
    private static final Path LAUNCHER = Path.of("bin", "matriarch");
    private static final Path APACHE_LIBRARY = Path.of("bench", "target", "apache-lib");

    private Installation() {}

    /** Whether servers of this flavour can be started here. */
    public static boolean offers(Flavour flavour) {
        return home().map(home -> switch (flavour) {
                    case MATRIARCH -> Files.isExecutable(namedLauncher().orElse(home.resolve(LAUNCHER)));
                    case APACHE -> Files.isDirectory(home.resolve(APACHE_LIBRARY));
                })
                .orElse(false);
    }

    /** The checkout, absolute; empty if this program does not run inside one. */
    public static Optional<Path> home() {
        String named = System.getProperty(HOME_PROPERTY);
        if (named != null) {
            return Optional.of(Path.of(named).toAbsolutePath());
        }
        Path found = upwardsFrom(Path.of("").toAbsolutePath());
        if (found == null) {
            found = upwardsFrom(Path.of(Installation.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toAbsolutePath());
        }
        return Optional.ofNullable(found);
    }

    /**
     * Lets the launcher do what it does only once, building above all, so that no start that is waited for includes it.
     *
     * @param output told what the launcher prints
     * @throws IOException if it does not end well within ten minutes
     */
    public static void prepare(Consumer<String> output) throws IOException {
        Process process = new ProcessBuilder(launcher().toString(), "--version")
                .redirectErrorStream(true)
                .start();
        ChildProcesses.started(process);
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.accept(line);
            }
            if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(launcher() + " --version did not end well");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the launcher prepared itself");
        } finally {
            process.destroyForcibly();
            ChildProcesses.ended(process);
        }
    }

    /** The program {@code bin/matriarch}. */
    public static Path launcher() {
        return namedLauncher().orElseGet(() -> existing(LAUNCHER, "it is part of the repository"));
    }

    private static Optional<Path> namedLauncher() {
        return Optional.ofNullable(System.getProperty(LAUNCHER_PROPERTY)).map(Path::of);
    }

    static Path apacheLibrary() {
        return existing(APACHE_LIBRARY, "build it with: mvn -pl bench package -DskipTests");
    }

    private static Path existing(Path relative, String advice) {
        Path home = home().orElseThrow(() -> new IllegalStateException("no checkout of Matriarch found around "
                + Path.of("").toAbsolutePath() + "; name it with -D" + HOME_PROPERTY + "=DIR"));
        Path path = home.resolve(relative);
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " is missing; " + advice);
        }
        return path;
    }

    private static @Nullable Path upwardsFrom(Path start) {
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("bench").resolve("pom.xml")) && Files.exists(at.resolve("pom.xml"))) {
                return at;
            }
        }
        return null;
    }
}
