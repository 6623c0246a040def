package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.ensemble.ServerStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Observers at followers (zab.md 15): of Apache's at ours, of ours at Apache's, both at once. Servers 1 to 3 vote, 4 and 5 observe; each
 * has a loopback address of its own, because the port for observers is the same on all.
 */
@Timeout(180)
class ObserverMasterEnsembleMatrix {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int WRITTEN = 50;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    static Stream<Arguments> mixtures() {
        Flavour ours = Servers.ours();
        Flavour apache = Flavour.APACHE;
        return Stream.of(
                Arguments.of("observers of both at followers of ours", List.of(ours, ours, ours, apache, ours)),
                Arguments.of("observers of ours at followers of Apaches", List.of(apache, apache, apache, ours, ours)),
                Arguments.of("observers of both at followers of both", List.of(apache, ours, ours, apache, ours)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void writesThroughObserversOutliveTheirFollowerAndTheLeader(String name, List<Flavour> flavours) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                name.replaceAll("[^A-Za-z]+", "-"), flavours, ObserverMasterEnsembleMatrix::withObserversAtFollowers);
        ensemble.startAll();
        ensemble.awaitServing(BOUND);
        List<ServerProcess> observers = ensemble.servers().subList(3, 5);
        try (Writer at4 = new Writer(EnsembleProcess.connectString(observers.subList(0, 1)), "/at-4");
                Writer atBoth = new Writer(EnsembleProcess.connectString(observers), "/at-both")) {
            awaitWrites(at4, atBoth);
            for (ServerProcess observer : observers) {
                assertThat(masterOf(ensemble, observer).status().map(ServerStatus::mode))
                        .as("who serves %s", observer)
                        .contains("follower");
            }
            killAndRestart(ensemble, masterOf(ensemble, observers.get(0)), at4, atBoth);
            killAndRestart(ensemble, ensemble.leader(), at4, atBoth);
            killAndRestart(ensemble, observers.get(1), at4, atBoth);
            at4.stopWriting();
            atBoth.stopWriting();
            assertThat(at4.hasKeptSession()).as("%s", at4.events()).isTrue();
            assertThat(atBoth.hasKeptSession()).as("%s", atBoth.events()).isTrue();
            List<String> first = dump(ensemble.server(1));
            for (String written : at4.acknowledgedNames()) {
                assertThat(first).anyMatch(line -> line.startsWith("/at-4/" + written + " "));
            }
            assertThat(first).anyMatch(line -> line.startsWith("/at-4-here "));
            for (ServerProcess other : ensemble.servers().subList(1, 5)) {
                assertThat(dump(other)).as("the tree of %s", other).isEqualTo(first);
            }
        }
        ensemble.close();
    }

    private static EnsembleOptions withObserversAtFollowers(EnsembleOptions options) {
        EnsembleOptions result =
                options.withObservers(Set.of(4, 5)).withSetting("observerMasterPort", String.valueOf(freePort()));
        for (int sid = 1; sid <= 5; sid++) {
            String role = sid < 4 ? "participant" : "observer";
            result = result.withSetting(
                    "server." + sid, "127.0.0.1" + sid + ":" + freePort() + ":" + freePort() + ":" + role);
        }
        return result;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void killAndRestart(EnsembleProcess ensemble, ServerProcess victim, Writer... writers) {
        victim.kill();
        if (victim.sid() < 4) {
            awaitWrites(writers);
        }
        victim.start();
        ensemble.awaitServing(BOUND);
        awaitWrites(writers);
    }

    private static void awaitWrites(Writer... writers) {
        for (Writer writer : writers) {
            int before = writer.count();
            await("writes to " + writer.path()).atMost(BOUND).until(() -> writer.count() > before + WRITTEN);
        }
    }

    /** Whom the observer is connected to, as it says itself. */
    private static ServerProcess masterOf(EnsembleProcess ensemble, ServerProcess observer) {
        List<ServerProcess> found = new ArrayList<>();
        await("a master of " + observer).atMost(BOUND).until(() -> {
            masterId(observer).ifPresent(sid -> found.add(ensemble.server(sid)));
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private static Optional<Integer> masterId(ServerProcess observer) {
        try {
            return FourLetterWord.ask(observer.clientAddress(), "mntr", Duration.ofSeconds(5))
                    .lines()
                    .filter(line -> line.startsWith("zk_observer_master_id\t"))
                    .map(line -> (int) Double.parseDouble(line.split("\t")[1]))
                    .findFirst();
        } catch (IOException notServing) {
            return Optional.empty();
        }
    }

    private static List<String> dump(ServerProcess server) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            new RecordingWatcher().drain(client);
            return TreeDump.of(client);
        } finally {
            Clients.close(client);
        }
    }
}
