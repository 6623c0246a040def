package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.SharedDirectory.Handover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every release of Apache's that we claim to live with, as members beside ours and on our directories. Runs under the Maven profile
 * {@code matrix} only, which copies the releases to {@code target/apache/VERSION}; {@code -Dmatrix.versions=3.6.4,3.7.2} chooses some, and
 * with {@code -Dmatrix.mixes=false} no ensemble has two of them. The table is in {@code target/version-matrix.txt}.
 */
@Timeout(900) // each wait in it has a bound of its own; this is for a machine that has much else to do
class VersionMatrix {
    private static final String ALL = "3.5.10,3.6.4,3.7.2,3.8.4,3.9.5";
    private static final String COMPRESSION = "-Dzookeeper.snapshot.compression.method=";
    private static final String OURS = "ours";
    private static final List<String> BOTH_ROLES = List.of("leader", "follower");
    private static final List<Flavour> TURNS =
            List.of(Flavour.APACHE, Servers.ours(), Flavour.APACHE, Servers.ours(), Flavour.APACHE);
    private static final List<Handover> HANDOVERS =
            List.of(Handover.KILLED, Handover.KILLED, Handover.STOPPED, Handover.STOPPED);
    private static final MatrixTable TABLE = new MatrixTable();

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    static Stream<String> versions() {
        return Stream.of(System.getProperty("matrix.versions", ALL).split(","));
    }

    static Stream<String> versionsWithDigests() {
        return versions().filter(version -> !version.startsWith("3.5."));
    }

    /** Several releases in one ensemble. */
    static Stream<String> mixes() {
        Stream<String> all = Stream.of(
                "3.5.10 3.6.4 ours",
                "3.7.2 ours 3.8.4",
                "3.8.4 3.9.5 ours",
                "3.5.10 ours 3.9.5",
                "ours 3.5.10 ours 3.9.5 ours",
                "3.6.4 ours 3.7.2 3.8.4 ours");
        return Boolean.parseBoolean(System.getProperty("matrix.mixes", "true")) ? all : Stream.of();
    }

    @AfterAll
    static void publishTable() throws IOException {
        TABLE.publish(Path.of("target", "version-matrix.txt"));
    }

    @ParameterizedTest(name = "two of ours, one {0}")
    @MethodSource("versions")
    void oneOfTheirsAmongOurs(String version) throws Exception {
        killEachInTurn(version, "2 ours + 1 Apache", List.of(OURS, OURS, version), Set.of());
    }

    @ParameterizedTest(name = "one of ours, two {0}")
    @MethodSource("versions")
    void oneOfOursAmongTheirs(String version) throws Exception {
        killEachInTurn(version, "1 ours + 2 Apache", List.of(version, version, OURS), Set.of());
    }

    @ParameterizedTest(name = "one {0} observes two of ours")
    @MethodSource("versions")
    void theirsObservesOurs(String version) throws Exception {
        killEachInTurn(version, "2 ours, Apache observes", List.of(OURS, OURS, version), Set.of(3));
    }

    @ParameterizedTest(name = "one of ours observes two {0}")
    @MethodSource("versions")
    void oursObservesTheirs(String version) throws Exception {
        killEachInTurn(version, "2 Apache, ours observes", List.of(version, version, OURS), Set.of(3));
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("mixes")
    void severalReleases(String members) throws Exception {
        List<String> versions = Arrays.asList(members.split(" "));
        killEachInTurn("several", members, versions, Set.of());
    }

    @ParameterizedTest(name = "from three {0} to ours and back")
    @MethodSource("versions")
    void migratesThereAndBack(String version) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                version + "-migration",
                Collections.nCopies(3, Flavour.APACHE),
                options -> options.withApacheLibrary(library(version)));
        try {
            Migration migration = new Migration(ensemble);
            Verdict verdict = migration.thereAndBack();
            TABLE.add(migration.row(version));
            assertThat(verdict.complaints()).isEmpty();
        } finally {
            ensemble.close();
        }
    }

    @ParameterizedTest(name = "{0} is ahead of a leader of ours that has yet to see its last entries agreed")
    @MethodSource("versions")
    void learnerAheadOfANewLeader(String version) throws Exception {
        LearnerAhead.isCutBackByALeaderWithoutAQuorum(
                SERVERS, version, Flavour.APACHE, options -> options.withApacheLibrary(library(version)));
    }

    @ParameterizedTest(name = "directory of {0}, bare logs")
    @MethodSource("versions")
    void oneDirectoryOfLogs(String version) throws Exception {
        shareDirectory(version, 100_000, "");
    }

    @ParameterizedTest(name = "directory of {0}, many snapshots")
    @MethodSource("versions")
    void oneDirectoryOfSnapshots(String version) throws Exception {
        shareDirectory(version, 12, "");
    }

    /** With the files of the configuration that it was changed to. */
    @ParameterizedTest(name = "directory of {0}, members changed")
    @MethodSource("versions")
    void oneDirectoryOfChangedMembers(String version) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                version + "-directory-members",
                List.of(Flavour.APACHE),
                options -> options.withApacheLibrary(library(version)));
        DynamicMembers members = new DynamicMembers(ensemble.server(1));
        TABLE.addDirectory(
                version, 100_000, "members changed", SharedDirectory.takeTurns(ensemble, TURNS, HANDOVERS, members));
    }

    /** Releases before 3.6 have no compression (disk.md 5.8). */
    @ParameterizedTest(name = "directory of {0}, snapshots as gz", allowZeroInvocations = true)
    @MethodSource("versionsWithDigests")
    void oneDirectoryOfGzipSnapshots(String version) throws Exception {
        shareDirectory(version, 12, "gz");
    }

    @ParameterizedTest(name = "directory of {0}, snapshots as snappy", allowZeroInvocations = true)
    @MethodSource("versionsWithDigests")
    void oneDirectoryOfSnappySnapshots(String version) throws Exception {
        shareDirectory(version, 12, "snappy");
    }

    /** The check for digests can fail with each release that has them: a changed log makes it complain. */
    @ParameterizedTest(name = "{0} says that a digest does not match", allowZeroInvocations = true)
    @MethodSource("versionsWithDigests")
    void complainsOfADigest(String version) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                version + "-tampered", List.of(Flavour.APACHE), options -> options.withApacheLibrary(library(version)));
        ServerProcess server = ensemble.server(1);
        server.start();
        server.awaitServing(Clients.SERVING_BOUND);
        ZooKeeper client = Clients.connect(ensemble.connectString());
        try {
            client.create("/data", new byte[] {'x', '1'}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            server.kill();
            LogTampering.replace(server.directory().resolve("data").resolve("version-2"), "x1", "x2");
            server.start();
            server.awaitServing(Clients.SERVING_BOUND);
        } finally {
            Clients.close(client);
            ensemble.close();
        }
        assertThat(new Verdict()
                        .requireNoDigestComplaint(
                                version, Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1))
                        .of(Verdict.Check.DIGEST))
                .isNotEmpty();
    }

    /** Members are {@link #OURS} or releases of Apache's. */
    private static void killEachInTurn(String label, String setting, List<String> members, Set<Integer> observers)
            throws Exception {
        List<Flavour> flavours = members.stream()
                .map(member -> member.equals(OURS) ? Servers.ours() : Flavour.APACHE)
                .toList();
        EnsembleProcess ensemble =
                SERVERS.create(label + "-" + setting.replaceAll("[^a-z0-9]+", "-"), flavours, options -> withLibraries(
                                options, members)
                        .withObservers(observers));
        try {
            KillsInTurn kills = new KillsInTurn(ensemble, observers);
            Verdict verdict = kills.run();
            for (Flavour flavour : Set.copyOf(flavours)) {
                kills.requireRoles(flavour, rolesOf(flavour, flavours, observers));
            }
            TABLE.add(kills.row(label, setting));
            assertThat(verdict.complaints()).isEmpty();
            CommandRun verified = CommandRun.of("ensemble", "verify", "--full", "--servers", ensemble.connectString());
            assertThat(verified.exit()).as(verified.text()).isZero();
        } finally {
            ensemble.close();
        }
    }

    private static EnsembleOptions withLibraries(EnsembleOptions options, List<String> members) {
        EnsembleOptions with = options;
        for (int i = 0; i < members.size(); i++) {
            with = members.get(i).equals(OURS) ? with : with.withApacheLibrary(i + 1, library(members.get(i)));
        }
        return with;
    }

    private static List<String> rolesOf(Flavour flavour, List<Flavour> flavours, Set<Integer> observers) {
        List<String> roles = new ArrayList<>();
        for (int sid = 1; sid <= flavours.size(); sid++) {
            if (flavours.get(sid - 1) == flavour) {
                roles.addAll(observers.contains(sid) ? List.of("observer") : BOTH_ROLES);
            }
        }
        return roles.stream().distinct().toList();
    }

    private static void shareDirectory(String version, int snapCount, String compression) throws Exception {
        EnsembleProcess ensemble =
                SERVERS.create(version + "-directory-" + snapCount + compression, List.of(Flavour.APACHE), options -> {
                    EnsembleOptions with = options.withSetting("snapCount", String.valueOf(snapCount))
                            .withApacheLibrary(library(version));
                    return compression.isEmpty() ? with : with.withJvmFlag(COMPRESSION + compression);
                });
        int compared = SharedDirectory.takeTurns(ensemble, TURNS, HANDOVERS);
        Path version2 = ensemble.server(1).directory().resolve("data").resolve("version-2");
        if (!compression.isEmpty()) {
            assertThat(version2).isDirectoryContaining("glob:**.{" + compression + "}");
        }
        assertToolsRead(version2);
        TABLE.addDirectory(version, snapCount, compression, compared);
    }

    /** Our tools find nothing wrong in it, and find what is made wrong. */
    private static void assertToolsRead(Path version2) throws Exception {
        CommandRun logs = CommandRun.of("log", "--summary", version2.toString());
        assertThat(logs.exit()).as(logs.text()).isZero();
        CommandRun snapshots = CommandRun.of("snapshot", "--summary", version2.toString());
        assertThat(snapshots.exit()).as(snapshots.text()).isZero();
        Path log = newest(version2, "log.");
        LogTampering.damage(log);
        CommandRun damaged = CommandRun.of("log", "--summary", "--json", log.toString());
        assertThat(damaged.exit()).as(damaged.text()).isEqualTo(1);
        assertThat(damaged.text()).contains("\"wrong\":true", "\"offset\":", log.toString());
        Path snapshot = newest(version2, "snapshot.");
        LogTampering.damage(snapshot);
        CommandRun unsealed = CommandRun.of("snapshot", "--summary", "--json", snapshot.toString());
        assertThat(unsealed.exit()).as(unsealed.text()).isEqualTo(1);
        assertThat(unsealed.text()).contains("\"wrong\":true", snapshot.toString());
    }

    private static Path newest(Path version2, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(version2)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .max(Comparator.comparing(VersionMatrix::zxidOf))
                    .orElseThrow();
        }
    }

    private static long zxidOf(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.")[1], 16);
    }

    private static Path library(String version) {
        return Path.of("target", "apache", version);
    }
}
