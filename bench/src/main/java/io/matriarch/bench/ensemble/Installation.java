package io.matriarch.bench.ensemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs are that server processes run: the checkout's {@code bin/matriarch} and the class path of Apache's server,
 * which the build copies to {@code bench/target/apache-lib}. System property {@code matriarch.home} names the checkout; without
 * it, it is looked for upwards from the working directory and from this class's own file.
 */
public final class Installation {
    private static final String HOME_PROPERTY = "matriarch.home";
    private static final Path LAUNCHER = Path.of("bin", "matriarch");
    private static final Path APACHE_LIBRARY = Path.of("bench", "target", "apache-lib");

    private Installation() {}

    /** Whether servers of this flavour can be started here. */
    public static boolean offers(Flavour flavour) {
        return home().map(home -> switch (flavour) {
                    case MATRIARCH -> Files.isExecutable(home.resolve(LAUNCHER));
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

    static Path launcher() {
        return existing(LAUNCHER, "it is part of the repository");
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
