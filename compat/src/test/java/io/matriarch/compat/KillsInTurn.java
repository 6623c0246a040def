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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * kill -9 of each member in turn, whoever leads first, while clients write through those that are left; then of each but the leader once
 * more, which comes back with an empty disk; then every server's tree is compared with every other's. The voter with the highest id leads
 * at first: it is in the first quorum, and all begin empty.
 */
final class KillsInTurn {
    /** Beyond initLimit: an Apache election can stall that long (election.md 6.3). */
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static final int WRITTEN_IN_EACH_PHASE = 25;
    private static final Duration REST = Duration.ofMillis(30);

    private final EnsembleProcess ensemble;
    private final Set<Integer> observers;
    private final Map<Flavour, Set<String>> modes = new EnumMap<>(Flavour.class);
    private final Verdict verdict = new Verdict();
    private int turn;
    private int kills;
    private int acknowledged;

    /** Of servers that are laid out and do not run; these of them observe. */
    KillsInTurn(EnsembleProcess ensemble, Set<Integer> observers) {
        this.ensemble = ensemble;
        this.observers = observers;
    }

    /** Returns what is wrong after it; the roles are checked by {@link #requireRoles}. */
    Verdict run() throws Exception {
        startHighestVoterFirst();
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
                verdict.requireSession(writer);
            }
            judge(writers);
        } finally {
            writers.forEach(Writer::close);
        }
        return verdict;
    }

    /** Servers of this flavour were in these roles: leader, follower, observer. */
    void requireRoles(Flavour flavour, List<String> roles) {
        verdict.requireRoles(flavour, modes.getOrDefault(flavour, Set.of()), roles);
    }

    MatrixTable.Row row(String version, String setting) {
        String roles = String.join(", ", modes.getOrDefault(Flavour.APACHE, Set.of()));
        return new MatrixTable.Row(
                version,
                setting,
                roles,
                kills,
                acknowledged,
                verdict.of(Verdict.Check.LOST).size(),
                verdict.of(Verdict.Check.DIFFERING).size());
    }

    private void startHighestVoterFirst() {
        List<ServerProcess> voters = new ArrayList<>(ensemble.servers());
        voters.removeIf(server -> observers.contains(server.sid()));
        voters.get(voters.size() - 1).start();
        for (int i = 0; i < voters.size() / 2; i++) {
            voters.get(i).start();
        }
        ensemble.awaitServing(BOUND);
        ensemble.startAll();
        ensemble.awaitServing(BOUND);
    }

    private Writer writer(String path) throws Exception {
        return new Writer(ensemble.connectString(), path, REST);
    }

    private void killWhileWriting(ServerProcess victim, List<Writer> writers, boolean isDiskLost) throws Exception {
        victim.kill();
        kills++;
        if (isQuorumRunning()) {
            awaitWrites(writers);
        }
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

    private boolean isQuorumRunning() {
        int voters = ensemble.servers().size() - observers.size();
        long running = ensemble.running().stream()
                .filter(server -> !observers.contains(server.sid()))
                .count();
        return running > voters / 2;
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
        List<Integer> before = writers.stream().map(Writer::count).toList();
        for (int i = 0; i < writers.size(); i++) {
            Writer writer = writers.get(i);
            int wanted = before.get(i) + WRITTEN_IN_EACH_PHASE;
            await("writes to " + writer.path()).atMost(BOUND).until(() -> writer.count() >= wanted);
        }
    }

    private void judge(List<Writer> writers) throws Exception {
        List<String> paths = new ArrayList<>();
        writers.forEach(writer -> writer.acknowledgedNames().forEach(name -> paths.add(writer.path() + "/" + name)));
        SortedMap<String, List<String>> trees = trees(ensemble);
        verdict.requireAll(paths, trees).requireEqual(trees);
        for (ServerProcess server : ensemble.servers()) {
            verdict.requireNoDigestComplaint(
                    server.toString(), Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1));
        }
    }

    /** Every server's tree, as lines of {@link TreeDump}, when all that is committed has reached it. */
    static SortedMap<String, List<String>> trees(EnsembleProcess ensemble) throws Exception {
        SortedMap<String, List<String>> trees = new TreeMap<>();
        for (ServerProcess server : ensemble.servers()) {
            ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
            try {
                // What is committed must be here before it is looked at (client.md 22, R8).
                new RecordingWatcher().drain(client);
                trees.put("server " + server.sid(), TreeDump.withBuiltIn(client));
            } finally {
                Clients.close(client);
            }
        }
        return trees;
    }
}
