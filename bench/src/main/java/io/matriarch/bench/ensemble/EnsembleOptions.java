package io.matriarch.bench.ensemble;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How an ensemble is laid out; the same for servers of either flavour.
 *
 * @param directory holds one directory per server; made if missing
 * @param flavours of servers 1, 2, 3…; one alone is a standalone server
 * @param observers ids of those that do not vote
 * @param heapMegabytes minimum and maximum heap of each server
 * @param settings keys of zoo.cfg beyond those written anyway, or in place of them
 * @param jvmFlags further flags for each server's JVM
 * @param apacheLogLevel what Apache's servers log: WARN costs least, INFO explains most
 * @param apacheLibraries by server id, the directory with the jars of the release that it runs as one of Apache's; the one copied
 *     beside us where there is none
 */
public record EnsembleOptions(
        Path directory,
        List<Flavour> flavours,
        Set<Integer> observers,
        int heapMegabytes,
        Map<String, String> settings,
        List<String> jvmFlags,
        String apacheLogLevel,
        Map<Integer, Path> apacheLibraries) {

    /** {@code count} servers of one flavour with small heaps, two-second ticks and Apache's usual log. */
    public static EnsembleOptions of(Path directory, Flavour flavour, int count) {
        return of(directory, Collections.nCopies(count, flavour));
    }

    /** Servers 1, 2, 3… of these flavours, otherwise as {@link #of(Path, Flavour, int)}. */
    public static EnsembleOptions of(Path directory, List<Flavour> flavours) {
        return new EnsembleOptions(
                directory, List.copyOf(flavours), Set.of(), 256, Map.of(), List.of(), "INFO", Map.of());
    }

    /** The same with these servers as observers. */
    public EnsembleOptions withObservers(Set<Integer> sids) {
        return new EnsembleOptions(
                directory,
                flavours,
                Set.copyOf(sids),
                heapMegabytes,
                settings,
                jvmFlags,
                apacheLogLevel,
                apacheLibraries);
    }

    /** The same with another heap. */
    public EnsembleOptions withHeapMegabytes(int megabytes) {
        return new EnsembleOptions(
                directory, flavours, observers, megabytes, settings, jvmFlags, apacheLogLevel, apacheLibraries);
    }

    /** The same with one more line in zoo.cfg. */
    public EnsembleOptions withSetting(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return new EnsembleOptions(
                directory, flavours, observers, heapMegabytes, more, jvmFlags, apacheLogLevel, apacheLibraries);
    }

    /** The same with one more flag for every server's JVM. */
    public EnsembleOptions withJvmFlag(String flag) {
        List<String> more = new ArrayList<>(jvmFlags);
        more.add(flag);
        return new EnsembleOptions(
                directory, flavours, observers, heapMegabytes, settings, more, apacheLogLevel, apacheLibraries);
    }

    /** The same with another log level for Apache's servers. */
    public EnsembleOptions withApacheLogLevel(String level) {
        return new EnsembleOptions(
                directory, flavours, observers, heapMegabytes, settings, jvmFlags, level, apacheLibraries);
    }

    /** The same with another release of Apache's for all servers, whose jars this directory holds. */
    public EnsembleOptions withApacheLibrary(Path library) {
        EnsembleOptions options = this;
        for (int sid = 1; sid <= flavours.size(); sid++) {
            options = options.withApacheLibrary(sid, library);
        }
        return options;
    }

    /** The same with another release of Apache's for one server. */
    public EnsembleOptions withApacheLibrary(int sid, Path library) {
        Map<Integer, Path> more = new LinkedHashMap<>(apacheLibraries);
        more.put(sid, library.toAbsolutePath());
        return new EnsembleOptions(
                directory, flavours, observers, heapMegabytes, settings, jvmFlags, apacheLogLevel, more);
    }
}
