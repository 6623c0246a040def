package io.matriarch.compat.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Servers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of every server in every role, in ensembles of ours and mixed ones, are as in an ensemble of Apache's (N11). */
@Timeout(180)
class LocalSessionEnsembleTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private static final List<Flavour> APACHES = Collections.nCopies(3, Flavour.APACHE);
    private static final List<List<String>> ORACLE = new ArrayList<>();

    @BeforeAll
    static void askApaches() throws Exception {
        for (boolean isUpgrading : new boolean[] {true, false}) {
            try (EnsembleProcess apaches = start("apaches-" + isUpgrading, APACHES, isUpgrading)) {
                ORACLE.add(play(apaches.follower(), apaches.leader(), "/f", isUpgrading));
                assertThat(play(apaches.leader(), apaches.follower(), "/l", isUpgrading))
                        .isEqualTo(ORACLE.get(ORACLE.size() - 1));
            }
        }
        assertThat(ORACLE.get(0)).contains("goes elsewhere -> expired", "goes elsewhere -> resumed");
        assertThat(ORACLE.get(1))
                .contains("is refused an ephemeral znode between writes -> [1 0, 2 -120, 3 -120, 4 0, 5 -101]");
    }

    static Stream<Arguments> ensembles() {
        Flavour ours = Servers.ours();
        Flavour apache = Flavour.APACHE;
        return Stream.of(
                Arguments.of("three of ours", List.of(ours, ours, ours), true),
                Arguments.of("three of ours that never upgrade", List.of(ours, ours, ours), false),
                Arguments.of("ours lead one of Apache's", List.of(apache, ours, ours), true),
                Arguments.of("Apache leads two of ours", List.of(ours, ours, apache), true),
                Arguments.of("Apache leads two of ours that never upgrade", List.of(ours, ours, apache), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ensembles")
    void everyServerGrantsThemAsApacheDoes(String name, List<Flavour> flavours, boolean isUpgrading) throws Exception {
        try (EnsembleProcess ensemble = start(name.replaceAll("[^a-zA-Z]+", "-"), flavours, isUpgrading)) {
            assertThat(ensemble.leader().sid()).isEqualTo(3);
            for (ServerProcess home : ensemble.servers()) {
                ServerProcess other = ensemble.server(home.sid() % 3 + 1);
                assertThat(play(home, other, "/at-" + home.sid(), isUpgrading))
                        .as("%s, then %s", home, other)
                        .isEqualTo(ORACLE.get(isUpgrading ? 0 : 1));
            }
        }
    }

    private static EnsembleProcess start(String name, List<Flavour> flavours, boolean isUpgrading) {
        EnsembleProcess ensemble =
                SERVERS.create(name, flavours, options -> options.withSetting("localSessionsEnabled", "true")
                        .withSetting("localSessionsUpgradingEnabled", String.valueOf(isUpgrading)));
        // Two can only decide together, and so for the higher id.
        ensemble.server(3).start();
        ensemble.server(2).start();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        ensemble.startAll();
        ensemble.awaitServing(Clients.SERVING_BOUND);
        return ensemble;
    }

    private static List<String> play(ServerProcess home, ServerProcess other, String root, boolean isUpgrading)
            throws Exception {
        return isUpgrading
                ? SessionScript.withUpgrading(home, other, root)
                : SessionScript.withoutUpgrading(home, other, root);
    }
}
