package io.matriarch.bench.ensemble;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whose server runs in a process. Both read the same {@code zoo.cfg}. */
public enum Flavour {
    /** Ours, through {@code bin/matriarch server CONF}; the launcher replaces itself by the JVM. */
    MATRIARCH("Matriarch") {
        @Override
        List<String> command(Path configFile, Path directory, Optional<Path> apacheLibrary, List<String> jvmFlags) {
            return List.of(Installation.launcher().toString(), "server", configFile.toString());
        }

        @Override
        Map<String, String> environment(List<String> jvmFlags) {
            return Map.of("JVMFLAGS", String.join(" ", jvmFlags), "JAVA_HOME", System.getProperty("java.home"));
        }
    },

    /** Apache ZooKeeper, by default of the version that the build copied beside us, on a class path of its own. */
    APACHE("Apache ZooKeeper") {
        @Override
        List<String> command(Path configFile, Path directory, Optional<Path> apacheLibrary, List<String> jvmFlags) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmFlags);
            command.add("-Dlogback.configurationFile=" + directory.resolve(ServerProcess.LOGBACK_FILE));
            // Releases before 3.8 log through the successor of log4j 1.2.
            command.add("-Dlog4j.configuration="
                    + directory.resolve(ServerProcess.LOG4J_FILE).toUri());
            command.add("-Dzookeeper.jmx.log4j.disable=true");
            command.add("-cp");
            command.add(apacheLibrary
                    .orElseGet(Installation::apacheLibrary)
                    .resolve("*")
                    .toString());
            command.add("org.apache.zookeeper.server.quorum.QuorumPeerMain");
            command.add(configFile.toString());
            return command;
        }

        @Override
        Map<String, String> environment(List<String> jvmFlags) {
            return Map.of();
        }
    };

    private final String label;

    Flavour(String label) {
        this.label = label;
    }

    /** The name to print. */
    public String label() {
        return label;
    }

    abstract List<String> command(Path configFile, Path directory, Optional<Path> apacheLibrary, List<String> jvmFlags);

    abstract Map<String, String> environment(List<String> jvmFlags);
}
