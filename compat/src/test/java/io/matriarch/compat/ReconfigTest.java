package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.ensemble.ServerStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * zab.md 14 with Apache's client and Apache's servers: a server joins, the leader is taken out, comes back as an observer and
 * as a participant, and the files that one flavour wrote are what the other starts from.
 */
@Timeout(240)
class ReconfigTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private EnsembleProcess ensemble;
    private ZooKeeperAdmin admin;
    private List<String> serverLines;

    static Stream<Arguments> mixtures() {
        Flavour ours = Servers.ours();
        Flavour apache = Flavour.APACHE;
        return Stream.of(
                Arguments.of("ours only", List.of(ours, ours, ours, ours)),
                Arguments.of("ours leads Apache's", List.of(apache, apache, ours, apache)),
                Arguments.of("Apache's leads ours", List.of(ours, ours, apache, ours)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void membersComeGoAndChangeTheirRole(String name, List<Flavour> flavours) throws Exception {
        try {
            layOut(name.replaceAll("[^a-zA-Z]+", "-"), flavours);
            join();
            takeOutTheLeader();
            changeRoles();
            startAllAsTheOtherFlavour();
        } finally {
            if (admin != null) {
                admin.close();
            }
            ensemble.close();
        }
    }

    /** Servers 1 to 3 know of three; 4 knows of four and does not run. Server 3 leads: at first only 2 is beside it. */
    private void layOut(String name, List<Flavour> flavours) throws IOException {
        ensemble = SERVERS.create(name, flavours, options -> options.withSetting("reconfigEnabled", "true")
                .withSetting("DigestAuthenticationProvider.superDigest", SuperUser.DIGEST));
        List<String> lines = Files.readAllLines(file(4, "zoo.cfg"));
        serverLines = lines.stream().filter(line -> line.startsWith("server.")).toList();
        for (int sid = 1; sid <= 3; sid++) {
            List<String> known = new ArrayList<>(Files.readAllLines(file(sid, "zoo.cfg")));
            known.removeIf(line -> line.startsWith("server.4="));
            Files.write(file(sid, "zoo.cfg"), known);
        }
        ensemble.server(3).start();
        ensemble.server(2).start();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        ensemble.server(1).start();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        assertThat(ensemble.leader().sid()).isEqualTo(3);
        admin = SuperUser.connect(EnsembleProcess.connectString(List.of(ensemble.server(1))));
    }

    private void join() throws Exception {
        CountDownLatch changed = new CountDownLatch(1);
        Stat before = new Stat();
        String first = text(admin.getConfig(
                event -> {
                    if (event.getType() == Watcher.Event.EventType.NodeDataChanged) {
                        changed.countDown();
                    }
                },
                before));
        assertThat(first).endsWith("version=100000000").doesNotContain("server.4=");
        assertThat(before.getMzxid()).isEqualTo(0x100000000L);
        ensemble.server(4).start();
        ensemble.server(4).awaitServing(Clients.SERVING_BOUND);
        assertThat(changed.getCount())
                .as("following without a vote changes nothing")
                .isEqualTo(1);
        assertThatThrownBy(() -> admin.reconfigure(line(4, "participant"), null, null, 7, null))
                .isInstanceOf(KeeperException.BadVersionException.class);
        String second = reconfigure(line(4, "participant"), null);
        assertThat(second).contains(line(4, "participant"));
        assertThat(changed.await(10, TimeUnit.SECONDS)).as("the watch fires").isTrue();
        write("joined");
        awaitFiles(second, 1, 2, 3, 4);
    }

    private void takeOutTheLeader() throws Exception {
        String without = reconfigure(null, "3");
        assertThat(without).doesNotContain("server.3=");
        await("another leader").atMost(Clients.SERVING_BOUND).until(() -> Stream.of(1, 2, 4)
                .map(ensemble::server)
                .anyMatch(server -> isIn(server, ServerStatus::isLeader)));
        write("without-leader");
        await("the old leader follows without a vote")
                .atMost(Clients.SERVING_BOUND)
                .until(() -> isIn(ensemble.server(3), ServerStatus::isFollower));
        awaitFiles(without, 1, 2, 4);
    }

    private void changeRoles() throws Exception {
        String observing = reconfigure(line(3, "observer"), null);
        await("it observes")
                .atMost(Clients.SERVING_BOUND)
                .until(() -> isIn(ensemble.server(3), status -> "observer".equals(status.mode())));
        awaitFiles(observing, 1, 2, 3, 4);
        // It has to come back as a follower before it can be counted (zab.md 14), which a change back makes it do.
        String voting = reconfigure(line(3, "participant"), null);
        await("it votes again")
                .atMost(Clients.SERVING_BOUND)
                .until(() -> isIn(ensemble.server(3), status -> status.isFollower() || status.isLeader()));
        awaitFiles(voting, 1, 2, 3, 4);
        write("roles");
    }

    /** Each flavour starts from the files of the other. */
    private void startAllAsTheOtherFlavour() throws Exception {
        String before = text(admin.getConfig(false, null));
        ensemble.servers().forEach(ServerProcess::kill);
        for (ServerProcess server : ensemble.servers()) {
            server.startAs(server.flavour() == Flavour.APACHE ? Servers.ours() : Flavour.APACHE);
        }
        ensemble.awaitServing(Clients.SERVING_BOUND);
        for (ServerProcess server : ensemble.servers()) {
            ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
            try {
                assertThat(text(client.getConfig(false, null)).lines())
                        .containsExactlyInAnyOrderElementsOf(before.lines().toList());
            } finally {
                Clients.close(client);
            }
        }
        write("other-flavour");
    }

    // --- small things ------------------------------------------------------------------------------------------------

    private String reconfigure(@Nullable String joining, @Nullable String leaving) throws Exception {
        List<String> answers = new ArrayList<>();
        await("the change is taken")
                .atMost(Clients.SERVING_BOUND)
                .ignoreExceptionsMatching(ReconfigTest::passes)
                .until(() -> answers.add(text(admin.reconfigure(joining, leaving, null, -1, null))));
        return answers.get(0);
    }

    /** While the leader changes, or a server that comes back is not in sync yet. */
    private static boolean passes(Throwable failure) {
        return failure instanceof KeeperException.ConnectionLossException
                || failure instanceof KeeperException.NewConfigNoQuorum
                || failure instanceof KeeperException.ReconfigInProgress;
    }

    private void write(String name) throws Exception {
        await("a write")
                .atMost(Clients.SERVING_BOUND)
                .ignoreExceptionsMatching(ReconfigTest::passes)
                .until(() -> {
                    if (admin.exists("/" + name, false) == null) {
                        admin.create("/" + name, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                    }
                    return true;
                });
    }

    private String line(int sid, String role) {
        String static4 = serverLines.get(sid - 1).replace(":participant", ":" + role);
        return static4 + ";127.0.0.1:" + ensemble.server(sid).clientAddress().getPort();
    }

    /** Every one of these servers has that configuration on disk, and a zoo.cfg that names it. */
    private void awaitFiles(String configuration, int... sids) {
        String version = configuration.substring(configuration.lastIndexOf("version=") + "version=".length());
        for (int sid : sids) {
            Path dynamic = file(sid, "zoo.cfg.dynamic." + version);
            await(dynamic + " is written").atMost(Clients.SERVING_BOUND).untilAsserted(() -> {
                assertThat(Files.readAllLines(file(sid, "zoo.cfg")))
                        .contains("dynamicConfigFile=" + dynamic)
                        .noneMatch(line -> line.startsWith("server."));
                assertThat(Files.readAllLines(dynamic))
                        .hasSameElementsAs(configuration
                                .lines()
                                .filter(line -> !line.startsWith("version="))
                                .toList());
                assertThat(file(sid, "zoo.cfg.dynamic.next")).doesNotExist();
            });
        }
    }

    private Path file(int sid, String name) {
        return ensemble.server(sid).directory().resolve(name);
    }

    private static boolean isIn(ServerProcess server, Predicate<ServerStatus> state) {
        return server.status().filter(state).isPresent();
    }

    private static String text(byte[] configuration) {
        return new String(configuration, StandardCharsets.UTF_8);
    }
}
