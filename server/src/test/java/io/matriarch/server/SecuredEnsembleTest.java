package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.server.config.KeyStoreFile;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.QuorumSasl;
import io.matriarch.server.config.QuorumTls;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.tls.Certificates;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers over secured links: they elect, and the switch from clear text to TLS needs no outage. */
@Timeout(180)
class SecuredEnsembleTest {
    @TempDir
    static Path keys;

    private static KeyStoreFile key;
    private static KeyStoreFile trust;

    @TempDir
    Path dir;

    private final List<MemberConfig> members = new ArrayList<>();
    private final List<MatriarchServer> servers = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        Certificates certificates = new Certificates(keys);
        key = certificates.key("zk", "ip:127.0.0.1");
        trust = certificates.trusting("trust", key);
    }

    @BeforeEach
    void takeFreePorts() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (int i = 0; i < 3; i++) {
            members.add(MemberConfig.participant(
                    i + 1L,
                    "127.0.0.1",
                    held.get(2 * i).getLocalPort(),
                    held.get(2 * i + 1).getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(MatriarchServer::kill);
    }

    @Test
    void serversElectAndElectAgainOverTlsWithSasl() throws Exception {
        QuorumTls tls = Certificates.tls(key, trust, true, false);
        QuorumSasl sasl = QuorumSasl.digest(true, true, "zoe", "secret", Map.of("zoe", "secret"));
        for (int i = 0; i < 3; i++) {
            servers.add(start(i, tls, sasl));
        }
        awaitAll();
        MatriarchServer leader = leader();
        leader.kill();
        servers.remove(leader);
        awaitAll();
        assertThat(leader()).isNotEqualTo(leader);
    }

    /** portUnification, then sslQuorum, then portUnification off (election.md 1.9). */
    @Test
    void tlsIsSwitchedOnServerByServer() throws Exception {
        for (int i = 0; i < 3; i++) {
            servers.add(start(i, null, null));
        }
        awaitAll();
        for (QuorumTls step : List.of(
                Certificates.tls(key, trust, false, true),
                Certificates.tls(key, trust, true, true),
                Certificates.tls(key, trust, true, false))) {
            for (int i = 0; i < 3; i++) {
                servers.get(i).close();
                servers.set(i, start(i, step, null));
                assertThat(servers.get(i).awaitServing(Duration.ofSeconds(30)))
                        .as("server %s serves with %s", i + 1, step)
                        .isTrue();
            }
        }
    }

    @Test
    void keysThatCannotBeUsedStopTheStartBeforeAnythingIsOpened() throws IOException {
        Path broken = dir.resolve("broken.p12");
        Files.writeString(broken, "no keys");
        QuorumTls tls = Certificates.tls(new KeyStoreFile(broken, "x", KeyStoreFile.Type.PKCS12), trust, true, false);
        assertThatThrownBy(() -> start(0, tls, null))
                .isInstanceOfSatisfying(ServerStartException.class, refused -> assertThat(refused.exitCode())
                        .isEqualTo(2))
                .hasMessageContaining("broken.p12 cannot be used");
        assertThat(dir.resolve("1")).doesNotExist();
    }

    private MatriarchServer start(int index, @Nullable QuorumTls tls, @Nullable QuorumSasl sasl) {
        ServerConfig.Builder config = ServerConfig.builder()
                .dataDir(dir.resolve(String.valueOf(index + 1)))
                .tickMillis(1000)
                .limits(20, 10)
                .forcesLog(false)
                .ensemble(new ServerId(index + 1L), members);
        if (tls != null) {
            config.quorumTls(tls);
        }
        if (sasl != null) {
            config.quorumSasl(sasl);
        }
        return MatriarchServer.start(config.build());
    }

    private void awaitAll() throws InterruptedException {
        for (MatriarchServer server : servers) {
            assertThat(server.awaitServing(Duration.ofSeconds(30))).isTrue();
        }
    }

    private MatriarchServer leader() {
        return servers.stream()
                .filter(server -> server.status().role() == PeerState.LEADING)
                .findFirst()
                .orElseThrow();
    }
}
