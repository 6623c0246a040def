package io.matriarch.bench.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Server processes that form one ensemble, or one standalone server, on free loopback ports. {@link #close()} kills whatever still
 * runs, and so does the end of this JVM. Not safe for use by several threads.
 */
public final class EnsembleProcess implements AutoCloseable {
    private final List<ServerProcess> servers;

    private EnsembleProcess(List<ServerProcess> servers) {
        this.servers = List.copyOf(servers);
    }

    /** Writes directories, configurations and ids; starts nothing yet. */
    public static EnsembleProcess create(EnsembleOptions options) {
        int count = options.flavours().size();
        Map<String, String> shared = new LinkedHashMap<>();
        shared.put("clientPortAddress", "127.0.0.1");
        shared.put("tickTime", "2000");
        shared.put("initLimit", "10");
        shared.put("syncLimit", "5");
        shared.put("maxClientCnxns", "0");
        shared.put("admin.enableServer", "false");
        shared.put("4lw.commands.whitelist", "*");
        if (count > 1) {
            for (int sid = 1; sid <= count; sid++) {
                String role = options.observers().contains(sid) ? ":observer" : ":participant";
                shared.put("server." + sid, "127.0.0.1:" + FreePorts.next() + ":" + FreePorts.next() + role);
            }
        }
        shared.putAll(options.settings());
        List<String> lines = shared.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
        List<String> jvmFlags = new ArrayList<>();
        jvmFlags.add("-Xms" + options.heapMegabytes() + "m");
        jvmFlags.add("-Xmx" + options.heapMegabytes() + "m");
        jvmFlags.addAll(options.jvmFlags());
        List<ServerProcess> servers = new ArrayList<>();
        try {
            for (int sid = 1; sid <= count; sid++) {
                Path directory = options.directory().toAbsolutePath().resolve("server" + sid);
                Files.createDirectories(directory);
                ServerProcess server =
                        new ServerProcess(sid, directory, FreePorts.next(), options, List.copyOf(jvmFlags));
                server.writeFiles(lines, options.apacheLogLevel());
                servers.add(server);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lay out servers under " + options.directory(), e);
        }
        return new EnsembleProcess(servers);
    }

    /** Lays out and starts all servers and waits until every one serves. */
    public static EnsembleProcess start(EnsembleOptions options) {
        EnsembleProcess ensemble = create(options);
        try {
            ensemble.startAll();
            ensemble.awaitServing(Duration.ofSeconds(30));
            return ensemble;
        } catch (RuntimeException e) {
            ensemble.close();
            throw e;
        }
    }

    /** Starts every server that does not run; returns at once. */
    public void startAll() {
        for (ServerProcess server : servers) {
            if (!server.isAlive()) {
                server.start();
            }
        }
    }

    /**
     * Waits until every server that was started and not killed serves, and, in an ensemble, one of them leads.
     *
     * @throws IllegalStateException if that does not happen in time or a process ended by itself; with the ends of the logs
     */
    public void awaitServing(Duration bound) {
        boolean isDecided = Await.isTrueWithin(bound, () -> hasFailed() || isServing());
        if (hasFailed()) {
            throw new IllegalStateException("a server ended by itself\n" + logTails());
        }
        if (!isDecided) {
            throw new IllegalStateException("not every server serves after " + bound + "\n" + logTails());
        }
    }

    private boolean hasFailed() {
        return servers.stream().anyMatch(ServerProcess::hasEndedByItself);
    }

    private boolean isServing() {
        List<ServerStatus> statuses = running().stream()
                .map(ServerProcess::status)
                .flatMap(Optional::stream)
                .toList();
        boolean isLed = servers.size() == 1 || statuses.stream().anyMatch(ServerStatus::isLeader);
        return statuses.size() == running().size() && isLed;
    }

    /** All members, server 1 first. */
    public List<ServerProcess> servers() {
        return servers;
    }

    /** The member with this id. */
    public ServerProcess server(int sid) {
        return servers.get(sid - 1);
    }

    /** Members whose process runs. */
    public List<ServerProcess> running() {
        return servers.stream().filter(ServerProcess::isAlive).toList();
    }

    /** The member that says it leads; waits for one up to ten seconds. */
    public ServerProcess leader() {
        return withStatus(ServerStatus::isLeader, "no server leads");
    }

    /** The first member that says it follows; waits for one up to ten seconds. */
    public ServerProcess follower() {
        return withStatus(ServerStatus::isFollower, "no server follows");
    }

    /** Host and port of every member's client port, as ZooKeeper's clients want it. */
    public String connectString() {
        return connectString(servers);
    }

    /** The same for some members. */
    public static String connectString(List<ServerProcess> some) {
        return some.stream()
                .map(server -> "127.0.0.1:" + server.clientAddress().getPort())
                .collect(Collectors.joining(","));
    }

    /** The ends of all servers' logs. */
    public String logTails() {
        return servers.stream().map(server -> server + ", " + server.logTail()).collect(Collectors.joining("\n"));
    }

    /** Kills every process that still runs. */
    @Override
    public void close() {
        servers.forEach(ServerProcess::signalKill);
        servers.forEach(ServerProcess::close);
    }

    private ServerProcess withStatus(Predicate<ServerStatus> wanted, String failure) {
        List<ServerProcess> found = new ArrayList<>();
        boolean isFound = Await.isTrueWithin(Duration.ofSeconds(10), () -> {
            for (ServerProcess server : running()) {
                if (server.status().filter(wanted).isPresent()) {
                    found.add(server);
                    return true;
                }
            }
            return false;
        });
        if (!isFound) {
            throw new IllegalStateException(failure + "\n" + logTails());
        }
        return found.get(0);
    }
}
