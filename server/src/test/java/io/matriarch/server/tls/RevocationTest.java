package io.matriarch.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.server.config.KeyStoreFile;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.QuorumTls;
import io.matriarch.server.config.QuorumTls.Revocation;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.PeerGates;
import io.matriarch.server.link.RecordedEvents;
import io.matriarch.server.link.RepeatedWarnings;
import io.matriarch.server.link.Transport;
import io.matriarch.server.quorum.QuorumPort;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ssl.quorum.crl and ssl.quorum.ocsp (operations.md 9): a certificate that its issuer took back opens nothing. */
@Timeout(60)
class RevocationTest {
    private static final QuorumPacket PACKET = QuorumPacket.of(PacketType.PROPOSAL, 1, Bytes.EMPTY);

    @TempDir
    static Path dir;

    private static Authority authority;
    private static KeyStoreFile good;
    private static KeyStoreFile bad;
    private static KeyStoreFile trust;

    private final Transport transport = new Transport("test-revocation");
    private final NameLookup names = new NameLookup(transport.loop());
    private final RecordedEvents events = new RecordedEvents();
    private final List<PeerTls> gates = new ArrayList<>();
    private MemberConfig own = MemberConfig.participant(1, "127.0.0.1", 1, 2);

    @BeforeAll
    static void issue() throws Exception {
        authority = new Authority(dir);
        trust = authority.trusted();
        good = authority.issue("good", Authority.Place.LIST);
        bad = authority.issue("bad", Authority.Place.LIST);
        authority.issue("asked-bad", Authority.Place.RESPONDER);
        authority.revoke("bad", "asked-bad");
    }

    @AfterAll
    static void end() {
        authority.close();
    }

    @AfterEach
    void shutDown() {
        gates.forEach(PeerTls::close);
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }

    @Test
    void listTellsWhichCertificatesWereTakenBack() throws Exception {
        assertThat(objection(good, Revocation.CRL)).isNull();
        assertThat(objection(bad, Revocation.CRL))
                .startsWith("its certificate was revoked by CN=authority at ")
                .endsWith("(KEY_COMPROMISE); issue a new one");
    }

    @Test
    void responderIsAskedAndTheListIfThereIsNone() throws Exception {
        KeyStoreFile asked = authority.issue("asked", Authority.Place.RESPONDER);
        assertThat(objection(asked, Revocation.OCSP)).isNull();
        assertThat(objection(authority.key("asked-bad"), Revocation.OCSP)).startsWith("its certificate was revoked by");
        assertThat(objection(good, Revocation.OCSP)).isNull();
        assertThat(objection(bad, Revocation.OCSP)).startsWith("its certificate was revoked by CN=authority");
        // Only lists are wanted, and there is none.
        assertThat(objection(asked, Revocation.CRL)).startsWith("whether its certificate is revoked cannot be found");
    }

    @Test
    void whatCannotBeFoundOutIsRefused() throws Exception {
        KeyStoreFile mute = authority.issue("mute", Authority.Place.NONE);
        for (Revocation each : List.of(Revocation.CRL, Revocation.OCSP)) {
            assertThat(objection(mute, each))
                    .startsWith("whether its certificate is revoked cannot be found out")
                    .contains("must be reachable from here");
        }
    }

    @Test
    void certificateInTheTrustStoreItselfIsNotAskedAbout() throws Exception {
        KeyStoreFile pinned = authority.trusted(bad);
        assertThat(new RevocationCheck(StoredKeys.read(pinned), Revocation.CRL).objection(Authority.chain(bad)))
                .isNull();
    }

    @Test
    void revokedDiallerIsHungUpOnAndOthersAreHeard() throws Exception {
        listen(good, trust);
        try (Socket learner = dial(bad)) {
            learner.getOutputStream().write(PACKET.encode().toByteArray());
            assertThat(isHungUpOn(learner)).isTrue();
        }
        assertThat(events.nextTrace().toString())
                .contains("no TLS with a server at 127.0.0.1: its certificate was revoked by CN=authority");
        assertThat(events.isEmpty()).isTrue();
        try (Socket learner = dial(good)) {
            learner.getOutputStream().write(PACKET.encode().toByteArray());
            events.next(Event.LearnerLinkUp.class);
            assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(PACKET);
        }
    }

    @Test
    void nothingIsSaidToAServerWhoseCertificateIsRevoked() throws Exception {
        try (SSLServerSocket leader = (SSLServerSocket) Certificates.context(bad, trust)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MemberConfig member = MemberConfig.participant(2, "localhost", leader.getLocalPort(), 3);
            QuorumPort quorum = port(good, trust, new AddressBook(own.sid(), List.of(own, member)));
            onLoop(() -> quorum.connect(new LinkId(-1), member.sid()));
            try (Socket learner = leader.accept()) {
                learner.setSoTimeout(20_000);
                assertThat(isHungUpOn(learner)).isTrue();
            }
            assertThat(events.next(Event.LinkDown.class).reason())
                    .contains("no TLS with localhost:" + leader.getLocalPort() + ": its certificate was revoked");
        }
    }

    /** The replica thread never waits: whoever has to be asked about holds up nobody else. */
    @Test
    void silentAuthorityHoldsUpNobodyWhoNeedNotBeAskedAbout() throws Exception {
        KeyStoreFile stuck = authority.issue("stuck", Authority.Place.SILENT);
        listen(good, authority.trusted(good));
        try (Socket waiting = dial(stuck);
                Socket learner = dial(good)) {
            waiting.getOutputStream().write(PACKET.encode().toByteArray());
            learner.getOutputStream().write(PACKET.encode().toByteArray());
            events.next(Event.LearnerLinkUp.class);
            assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(PACKET);
            assertThat(events.isEmpty()).isTrue();
        }
    }

    private @Nullable String objection(KeyStoreFile key, Revocation revocation) throws Exception {
        return new RevocationCheck(StoredKeys.read(trust), revocation).objection(Authority.chain(key));
    }

    private void listen(KeyStoreFile key, KeyStoreFile trusted) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            own = MemberConfig.participant(1, "127.0.0.1", free.getLocalPort(), free.getLocalPort() + 1);
        }
        MemberConfig other = MemberConfig.participant(3, "localhost", 1, 2);
        QuorumPort quorum = port(key, trusted, new AddressBook(own.sid(), List.of(own, other)));
        onLoop(quorum::listen);
    }

    private QuorumPort port(KeyStoreFile key, KeyStoreFile trusted, AddressBook book) {
        QuorumTls tls = Certificates.tls(key, trusted, true, false, Revocation.CRL);
        PeerTls gate = new PeerTls(new TlsContext(tls), transport.loop(), book, new RepeatedWarnings(events), 5000);
        gates.add(gate);
        return new QuorumPort(
                transport,
                names,
                events,
                new LinkTable(),
                Outbox::flush,
                book,
                new PeerGates(gate, Gate.OPEN),
                new QuorumPort.Limits(2000, 1_048_575, false, 0));
    }

    private Socket dial(KeyStoreFile key) throws Exception {
        Socket socket = Certificates.context(key, trust)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), own.quorumPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static boolean isHungUpOn(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes().length == 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, transport.loop()).join();
        CompletableFuture.runAsync(() -> {}, transport.loop()).join();
    }
}
