package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ours and Apache's servers in one ensemble that lets nobody in without a ticket of Kerberos (election.md 1.10, zab.md 2.3). */
@Timeout(300)
class KerberosMixedEnsembleMatrix {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private static final Duration BOUND = Duration.ofMinutes(2);

    private static final SimpleKdcServer KDC = newKdc();
    private static Path directory;

    private static SimpleKdcServer newKdc() {
        try {
            return new SimpleKdcServer();
        } catch (KrbException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void startKdc() throws Exception {
        directory = Files.createDirectories(
                Path.of("target", "compat", "KerberosMixedEnsembleMatrix-keys").toAbsolutePath());
        KDC.setWorkDir(directory.toFile());
        KDC.setKdcRealm("EXAMPLE.COM");
        KDC.setKdcHost("127.0.0.1");
        KDC.setAllowUdp(false);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            KDC.setKdcTcpPort(free.getLocalPort());
        }
        KDC.init();
        KDC.start();
        File keyTab = directory.resolve("keys").toFile();
        Files.deleteIfExists(keyTab.toPath());
        KDC.createAndExportPrincipals(keyTab, "zkquorum/127.0.0.1", "zkquorum/elsewhere.example");
        writeJaas("jaas.conf", "zkquorum/127.0.0.1");
        writeJaas("elsewhere.conf", "zkquorum/elsewhere.example");
    }

    @AfterAll
    static void stopKdc() throws Exception {
        KDC.stop();
    }

    private static void writeJaas(String name, String learner) throws Exception {
        String section = """
                %s {
                    com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab="%s"
                    storeKey=true useTicketCache=false doNotPrompt=true principal="%s";
                };
                """;
        Path keyTab = directory.resolve("keys");
        Files.writeString(
                directory.resolve(name),
                section.formatted("QuorumServer", keyTab, "zkquorum/127.0.0.1")
                        + section.formatted("QuorumLearner", keyTab, learner),
                StandardCharsets.UTF_8);
    }

    private static EnsembleOptions secured(EnsembleOptions options, String jaas) {
        return options.withJvmFlag("-Djava.security.auth.login.config=" + directory.resolve(jaas))
                .withJvmFlag("-Djava.security.krb5.conf=" + directory.resolve("krb5.conf"))
                .withSetting("quorum.auth.enableSasl", "true")
                .withSetting("quorum.auth.learnerRequireSasl", "true")
                .withSetting("quorum.auth.serverRequireSasl", "true")
                .withSetting("quorum.auth.kerberos.servicePrincipal", "zkquorum/_HOST");
    }

    static Stream<Arguments> mixtures() {
        return Stream.of(
                Arguments.of("two of ours", List.of(Servers.ours(), Servers.ours(), Flavour.APACHE)),
                Arguments.of("two of Apache's", List.of(Flavour.APACHE, Flavour.APACHE, Servers.ours())));
    }

    /** Each kind leads once: the leader is killed twice, and once it was the largest. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void electsReplicatesAndOutlivesItsLeaders(String name, List<Flavour> flavours) throws Exception {
        EnsembleProcess ensemble =
                SERVERS.create(name.replaceAll("[^A-Za-z]+", "-"), flavours, options -> secured(options, "jaas.conf"));
        ensemble.startAll();
        ensemble.awaitServing(BOUND);
        try (Writer writer = new Writer(ensemble.connectString(), "/written")) {
            for (int round = 1; round <= 2; round++) {
                ServerProcess leader = ensemble.leader();
                int before = writer.count();
                leader.kill();
                await("writes go on after the loss of %s".formatted(leader))
                        .atMost(BOUND)
                        .until(() -> writer.count() > before + 20);
                leader.start();
                ensemble.awaitServing(BOUND);
            }
            writer.stopWriting();
            assertThat(writer.hasKeptSession()).isTrue();
            assertThat(writer.count()).isGreaterThan(40);
        }
        ensemble.close();
    }

    /** Its principal is of a host that is no member's: neither kind lets it in. */
    @Test
    void serverOfAnotherHostStaysOut() throws Exception {
        for (Flavour stranger : List.of(Servers.ours(), Flavour.APACHE)) {
            Flavour other = stranger == Flavour.APACHE ? Servers.ours() : Flavour.APACHE;
            EnsembleProcess ensemble = SERVERS.create(
                    "stranger-" + stranger, List.of(other, stranger), options -> secured(options, "elsewhere.conf"));
            ensemble.startAll();
            ServerProcess ours = oursOf(ensemble);
            await("%s says whom it refuses".formatted(ours)).atMost(BOUND).until(() -> Files.readString(ours.log())
                    .contains("whose host is no member's"));
            await("nobody finds a second server")
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> ensemble.server(1).status().isEmpty()
                            && ensemble.server(2).status().isEmpty());
            ensemble.close();
        }
    }

    private static ServerProcess oursOf(EnsembleProcess ensemble) {
        return ensemble.servers().stream()
                .filter(server -> server.toString().contains(Servers.ours().label()))
                .findFirst()
                .orElseThrow();
    }
}
