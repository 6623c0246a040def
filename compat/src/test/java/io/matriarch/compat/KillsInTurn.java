package io.matriarch.compat;

import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * kill -9 of each member of three in turn, whoever leads first, while clients write through those that are left; then of each follower
 * once more, which comes back with an empty disk; then every server's tree is compared with every other's. Server 3 leads at first: it is in the first quorum, has the highest id, and all begin empty.
 */
final class KillsInTurn {
    /** Beyond initLimit: an Apache election can stall that long (election.md 6.3). */
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static final Pattern DIGEST_COMPLAINT = Pattern.compile("Digests are not matching|digest mismatch");

    private static final int WRITTEN_IN_EACH_PHASE = 30;
    private static final Duration REST = Duration.ofMillis(30);

    private final EnsembleProcess ensemble;
    private final Map<Flavour, Set<String>> modes = new EnumMap<>(Flavour.class);
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> differing = new TreeSet<>();
    private int turn;
    private int kills;
    private int acknowledged;

    /** Of three servers that are laid out and do not run. */
    KillsInTurn(EnsembleProcess ensemble) {
        this.ensemble = ensemble;
    }

    void run() throws Exception {
        ensemble.server(3).start();
        ensemble.server(1).start();
        ensemble.awaitServing(BOUND);
        ensemble.server(2).start();
        ensemble.awaitServing(BOUND);
        noteModes();
        List<Writer> writers = List.of(writer("/first"), writer("/second"));
        try {
            awaitWrites(writers);
            writeMuchThroughEach();
            List<ServerProcess> left = new ArrayList<>(ensemble.servers());
            while (!left.isEmpty()) {
                ServerProcess leader = ensemble.leader();
                ServerProcess victim = left.contains(leader) ? leader : left.get(0);
                left.remove(victim);
                killWhileWriting(victim, writers, false);
            }
            ServerProcess leader = ensemble.leader();
            for (ServerProcess server : ensemble.servers()) {
                if (server != leader) {
                    killWhileWriting(server, writers, true);
                }
            }
            for (Writer writer : writers) {
                writer.stopWriting();
                acknowledged += writer.count();
                if (!writer.hasKeptSession()) {
                    throw new AssertionError("the session of " + writer.path() + " is another: " + writer.events());
                }
            }
            compare(writers);
        } finally {
            writers.forEach(Writer::close);
        }
    }

    /** What servers of this flavour were seen as: leader, follower. */
    Set<String> modes(Flavour flavour) {
        return modes.getOrDefault(flavour, Set.of());
    }

    /** Lines in which an Apache server says that its tree's digest is not the one it was told (disk.md 9). */
    List<String> digestMismatches() throws IOException {
        List<String> lines = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            for (String line : Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1)) {
                if (DIGEST_COMPLAINT.matcher(line).find()) {
                    lines.add(server + ": " + line);
                }
            }
        }
        return lines;
    }

    /** What was acknowledged and some server lacks: path and server. */
    Set<String> missing() {
        return missing;
    }

    /** Lines of the trees that not every server has. */
    Set<String> differing() {
        return differing;
    }

    MatrixTable.Row row(String version, String setting) {
        String roles = String.join(", ", modes(Flavour.APACHE));
        long paths =
                differing.stream().map(line -> line.split(" ", 3)[1]).distinct().count();
        return new MatrixTable.Row(version, setting, roles, kills, acknowledged, missing.size(), (int) paths);
    }

    private Writer writer(String path) throws Exception {
        return new Writer(ensemble.connectString(), path, REST);
    }

    private void killWhileWriting(ServerProcess victim, List<Writer> writers, boolean isDiskLost) throws Exception {
        victim.kill();
        kills++;
        awaitWrites(writers);
        noteModes();
        if (isDiskLost) {
            deleteDatabase(victim);
        }
        victim.start();
        ensemble.awaitServing(BOUND);
        awaitWrites(writers);
        writeMuchThroughEach();
        noteModes();
    }

    private static void deleteDatabase(ServerProcess server) throws IOException {
        Path database = server.directory().resolve("data").resolve("version-2");
        try (Stream<Path> files = Files.list(database)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Whoever leads, each member takes every kind of write. */
    private void writeMuchThroughEach() throws Exception {
        for (ServerProcess server : ensemble.servers()) {
            ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
            try {
                client.create("/of-" + server.sid(), null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                SharedDirectory.writeMuch(client, turn++);
            } finally {
                Clients.close(client);
            }
        }
    }

    private void noteModes() {
        for (ServerProcess server : ensemble.running()) {
            server.status().ifPresent(status -> modes.computeIfAbsent(server.flavour(), any -> new LinkedHashSet<>())
                    .add(status.mode()));
        }
    }

    private static void awaitWrites(List<Writer> writers) {
        for (Writer writer : writers) {
            int before = writer.count();
            await("writes to " + writer.path())
                    .atMost(BOUND)
                    .until(() -> writer.count() >= before + WRITTEN_IN_EACH_PHASE);
        }
    }

    private void compare(List<Writer> writers) throws Exception {
        List<String> first = dump(ensemble.server(1));
        for (ServerProcess server : ensemble.servers()) {
            List<String> tree = dump(server);
            Set<String> paths = tree.stream().map(line -> line.split(" ", 2)[0]).collect(Collectors.toSet());
            for (Writer writer : writers) {
                for (String name : writer.acknowledgedNames()) {
                    String path = writer.path() + "/" + name;
                    if (!paths.contains(path)) {
                        missing.add(path + " at " + server);
                    }
                }
            }
            addThoseOnlyIn(first, tree, "server-1: ");
            addThoseOnlyIn(tree, first, "server-" + server.sid() + ": ");
        }
    }

    private void addThoseOnlyIn(List<String> some, List<String> others, String prefix) {
        Set<String> known = new HashSet<>(others);
        some.stream().filter(line -> !known.contains(line)).forEach(line -> differing.add(prefix + line));
    }

    private static List<String> dump(ServerProcess server) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            // What is committed must be here before it is looked at (client.md 22, R8).
            new RecordingWatcher().drain(client);
            return TreeDump.withBuiltIn(client);
        } finally {
            Clients.close(client);
        }
    }
}
