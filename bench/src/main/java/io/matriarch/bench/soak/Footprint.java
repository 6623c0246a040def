package io.matriarch.bench.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What some processes hold together, as Linux tells.
 *
 * @param residentKilobytes memory
 * @param threads threads
 * @param files open files and sockets
 */
public record Footprint(long residentKilobytes, long threads, long files) {
    /** Of these processes together; empty where the system does not tell. */
    static Optional<Footprint> of(List<Long> pids) {
        long kilobytes = 0;
        long threads = 0;
        long files = 0;
        for (long pid : pids) {
            Path process = Path.of("/proc", Long.toString(pid));
            try (Stream<Path> open = Files.list(process.resolve("fd"))) {
                files += open.count();
                List<String> status = Files.readAllLines(process.resolve("status"));
                kilobytes += number(status, "VmRSS:");
                threads += number(status, "Threads:");
            } catch (IOException | UncheckedIOException e) {
                return Optional.empty();
            }
        }
        return Optional.of(new Footprint(kilobytes, threads, files));
    }

    private static long number(List<String> status, String key) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    @Override
    public String toString() {
        return threads + " threads, " + files + " files, " + residentKilobytes / 1024 + " MB";
    }
}
