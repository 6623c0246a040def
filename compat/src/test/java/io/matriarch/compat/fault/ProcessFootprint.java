package io.matriarch.compat.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What another JVM holds. Linux and a JDK tell it.
 *
 * @param liveBytes objects on its heap after a collection
 * @param residentBytes all its memory, with garbage and what the JVM itself needs
 * @param threads that live
 * @param descriptors open files and sockets
 */
record ProcessFootprint(long liveBytes, long residentBytes, int threads, int descriptors) {
    private static final int BOUND_SECONDS = 60;

    /** Has the JVM collect garbage, then looks. */
    static ProcessFootprint of(long pid) throws IOException, InterruptedException {
        long live = liveBytes(pid);
        Path process = Path.of("/proc", Long.toString(pid));
        List<String> status = Files.readAllLines(process.resolve("status"));
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return new ProcessFootprint(
                    live,
                    number(status, "VmRSS:") << 10,
                    Math.toIntExact(number(status, "Threads:")),
                    Math.toIntExact(open.count()));
        }
    }

    /** The sum at the end of the histogram: {@code Total 73563 5117016}. */
    private static long liveBytes(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS);
        return answer.lines()
                .filter(line -> line.startsWith("Total"))
                .map(line -> line.strip().split("\\s+"))
                .mapToLong(words -> Long.parseLong(words[2]))
                .findFirst()
                .orElseThrow(() -> new IOException(jcmd + " does not tell of process " + pid + ": " + answer));
    }

    private static long number(List<String> status, String key) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return (liveBytes >> 10) + " KiB of objects, " + (residentBytes >> 20) + " MiB resident, " + threads
                + " threads, " + descriptors + " descriptors";
    }
}
