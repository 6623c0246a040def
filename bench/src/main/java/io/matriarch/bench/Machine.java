package io.matriarch.bench;

import io.matriarch.bench.ensemble.ForcedFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the figures were measured on.
 *
 * @param fileSystem type of the file system that holds the servers' data; on tmpfs a force costs nothing
 * @param loadAverage processes that wanted to run in the last minute before the run; negative if the system does not tell
 * @param forceMicros median time to append 1 KiB to a file there and force it
 */
record Machine(int processors, String system, String java, String fileSystem, double loadAverage, double forceMicros) {
    private static final int FORCES = 200;

    /** Looks at this machine and tries the disk under the directory, which is made if missing. */
    static Machine look(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                Files.getFileStore(directory).type(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                forceMicros(directory));
    }

    /** Whether others keep this machine so busy that the figures tell of them too. */
    boolean isBusy() {
        return loadAverage > processors / 2.0;
    }

    private static double forceMicros(Path directory) throws IOException {
        double[] micros = new double[FORCES];
        try (ForcedFile file = ForcedFile.in(directory)) {
            for (int i = 0; i < FORCES; i++) {
                micros[i] = file.appendNanos() / 1e3;
            }
        }
        Arrays.sort(micros);
        return micros[FORCES / 2];
    }
}
