package io.matriarch.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.server.config.KeyStoreFile;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.QuorumTls;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.election.ElectionPort;
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
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Opening;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the ports between servers (election.md 1.9 and C13, zab.md 2.2), with the JDK's sockets as the other side. */
@Timeout(60)
class PeerTlsTest {
    private static final QuorumPacket PACKET =
            QuorumPacket.of(PacketType.PROPOSAL, 0x100000001L, Bytes.wrap(new byte[300]));

    @TempDir
    static Path dir;

    private static Certificates certificates;
    private static KeyStoreFile good;
    private static KeyStoreFile elsewhere;
    private static KeyStoreFile unknown;
    private static KeyStoreFile trust;

    private final Transport transport = new Transport("test-tls");
    private final NameLookup names = new NameLookup(transport.loop());
    private final RecordedEvents events = new RecordedEvents();
    private final List<PeerTls> gates = new ArrayList<>();
    private AddressBook book = new AddressBook(new ServerId(1), List.of());
    private MemberConfig own = MemberConfig.participant(1, "127.0.0.1", 1, 2);

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new Certificates(dir);
        good = certificates.key("zk1", "dns:localhost,dns:zk1.example");
        elsewhere = certificates.key("elsewhere", "dns:elsewhere.example,ip:192.0.2.9");
        unknown = certificates.key("unknown", "dns:localhost");
        trust = certificates.trusting("trust", good, elsewhere);
    }

    @AfterEach
    void shutDown() {
        gates.forEach(PeerTls::close);
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }

    @Test
    void c13TlsOnlyPortTakesTlsAndRefusesClearText() throws Exception {
        listen(Certificates.tls(good, trust, true, false));
        try (Socket learner = tlsSocket(good)) {
            sayPacket(learner);
            heardPacket();
        }
        events.next(Event.LinkDown.class);
        try (Socket learner = clearSocket()) {
            learner.getOutputStream().write(PACKET.encode().toByteArray());
            assertThat(isHungUpOn(learner)).isTrue();
        }
        assertThat(events.nextTrace().toString())
                .contains("no TLS with a server at 127.0.0.1: it speaks clear text; set sslQuorum=true there");
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void c13UnifiedPortTakesBothAndTheSilentOneAsClearText() throws Exception {
        listen(Certificates.tls(good, trust, true, true));
        try (Socket learner = tlsSocket(good)) {
            sayPacket(learner);
            heardPacket();
        }
        events.next(Event.LinkDown.class);
        try (Socket learner = clearSocket()) {
            sayPacket(learner);
            heardPacket();
            assertThat(events.nextTrace().toString())
                    .contains("accepted a connection in clear text from 127.0.0.1; leave portUnification on");
        }
        events.next(Event.LinkDown.class);
        try (Socket silent = clearSocket()) {
            events.next(Event.LearnerLinkUp.class);
            silent.getOutputStream().write(PACKET.encode().toByteArray());
            assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(PACKET);
        }
    }

    @Test
    void tlsRecordMayArriveByteByByteAtAUnifiedPort() throws Exception {
        listen(Certificates.tls(good, trust, true, true));
        try (Socket learner = clearSocket()) {
            // A record header of a handshake, then rubbish: taken for TLS, and refused as such.
            for (byte each : new byte[] {22, 3, 1, 0, 5, 9, 9, 9, 9, 9}) {
                learner.getOutputStream().write(each);
                learner.getOutputStream().flush();
            }
            assertThat(isHungUpOn(learner)).isTrue();
        }
        assertThat(events.nextTrace().toString()).contains("no TLS with a server at 127.0.0.1");
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void weDialWithTlsAndTheCertificateMustNameTheConfiguredHost() throws Exception {
        QuorumPort quorum = port(Certificates.tls(good, trust, true, false));
        try (SSLServerSocket leader = leader(good)) {
            connect(quorum, -1, "localhost", leader.getLocalPort());
            try (Socket learner = leader.accept()) {
                assertThat(learner.getOutputStream()).isNotNull();
                learner.getOutputStream().write(PACKET.encode().toByteArray());
                assertThat(events.next(Event.LeaderLinkUp.class).link()).isEqualTo(new LinkId(-1));
                assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(PACKET);
            }
            events.next(Event.LinkDown.class);
        }
        try (SSLServerSocket leader = leader(elsewhere)) {
            connect(quorum, -2, "localhost", leader.getLocalPort());
            try (Socket learner = leader.accept()) {
                isHungUpOn(learner);
            }
            String why = "certificate of localhost:" + leader.getLocalPort()
                    + " is for elsewhere.example, 192.0.2.9, not for the configured host localhost (127.0.0.1); issue";
            assertThat(events.next(Event.LinkDown.class).reason()).startsWith(why);
            assertThat(events.nextTrace().toString()).contains(why);
        }
    }

    @Test
    void certificateThatNobodyTrustsIsExplained() throws Exception {
        QuorumPort quorum = port(Certificates.tls(good, trust, true, false));
        try (SSLServerSocket leader = leader(unknown)) {
            connect(quorum, -1, "localhost", leader.getLocalPort());
            try (Socket learner = leader.accept()) {
                isHungUpOn(learner);
            }
            assertThat(events.next(Event.LinkDown.class).reason())
                    .contains("its certificate is signed by nobody in the trust store " + trust.location());
        }
    }

    @Test
    void diallerMustShowACertificateOfAMember() throws Exception {
        listen(Certificates.tls(good, trust, true, false));
        try (Socket learner = tlsSocket(elsewhere)) {
            learner.getOutputStream().write(PACKET.encode().toByteArray());
            assertThat(isHungUpOn(learner)).isTrue();
        }
        assertThat(events.nextTrace().toString())
                .contains("certificate of the server that dialled from 127.0.0.1 is for elsewhere.example, 192.0.2.9,"
                        + " which is no configured member nor that address");
        try (Socket learner = tlsSocket(unknown)) {
            assertThat(isHungUpOn(learner)).isTrue();
        }
        assertThat(events.nextTrace().toString())
                .contains("it has no certificate signed by somebody in the trust store " + trust.location());
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void beforeSslQuorumWeDialInClearText() throws Exception {
        QuorumPort quorum = port(Certificates.tls(good, trust, false, true));
        try (ServerSocket leader = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            connect(quorum, -1, "localhost", leader.getLocalPort());
            try (Socket learner = leader.accept()) {
                learner.getOutputStream().write(PACKET.encode().toByteArray());
                events.next(Event.LeaderLinkUp.class);
                assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(PACKET);
            }
        }
    }

    @Test
    void stoppedPeerInTheMiddleOfAHandshakeHoldsUpNobody() throws Exception {
        listen(Certificates.tls(good, trust, true, false));
        try (Socket stuck = clearSocket()) {
            stuck.getOutputStream().write(new byte[] {22, 3, 1});
            try (Socket learner = tlsSocket(good)) {
                sayPacket(learner);
                heardPacket();
            }
            events.next(Event.LinkDown.class);
            assertThat(isHungUpOn(stuck)).isTrue();
        }
    }

    /** election.md 1.3: the smaller server asks to be called back, and hangs up right behind its opening. */
    @Test
    void c2RequestForACallBackIsHeardThoughItsSenderHangsUpAtOnce() throws Exception {
        int electionPort;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            electionPort = free.getLocalPort();
        }
        List<MemberConfig> members = List.of(
                MemberConfig.participant(1, "localhost", 1, 2),
                MemberConfig.participant(2, "127.0.0.1", electionPort + 1, electionPort));
        ServerConfig config = ServerConfig.builder()
                .dataDir(dir)
                .limits(5, 5)
                .ensemble(new ServerId(2), members)
                .build();
        book = new AddressBook(new ServerId(2), members);
        PeerGates secured = new PeerGates(gate(Certificates.tls(good, trust, true, false)), Gate.OPEN);
        ElectionPort election = new ElectionPort(transport, names, events, config, book, secured, why -> {});
        onLoop(election::open);
        for (int i = 0; i < 10; i++) {
            try (SSLServerSocket atOne = leader(good)) {
                Opening asking = new Opening(new ServerId(1), List.of(new HostPort("localhost", atOne.getLocalPort())));
                try (Socket request = Certificates.context(good, trust)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), electionPort)) {
                    request.getOutputStream().write(asking.encode().toByteArray());
                }
                atOne.setSoTimeout(10_000);
                try (Socket call = atOne.accept()) {
                    assertThat(call.getInputStream().read()).isEqualTo(0xff);
                }
            }
        }
        onLoop(election::close);
    }

    @Test
    void pemFilesServeAsWell() throws Exception {
        listen(Certificates.tls(certificates.asPem(good), certificates.asTrustedPem(good), true, false));
        try (Socket learner = tlsSocket(good)) {
            sayPacket(learner);
            heardPacket();
        }
    }

    @Test
    void changedFilesAreReadAgainAndBrokenOnesAreNot() throws Exception {
        Path file = dir.resolve("changing.p12");
        Files.copy(good.location(), file);
        KeyStoreFile changing = new KeyStoreFile(file, Certificates.PASSWORD, KeyStoreFile.Type.PKCS12);
        TlsContext context = new TlsContext(Certificates.tls(changing, trust, true, false));
        Object before = context.server();
        assertThat(context.reloadIfChanged()).isFalse();
        Files.write(file, Files.readAllBytes(elsewhere.location()));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(context.reloadIfChanged()).isTrue();
        Object after = context.server();
        assertThat(after).isNotSameAs(before);
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(context::reloadIfChanged)
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("changing.p12 cannot be used");
        assertThat(context.server()).isSameAs(after);
    }

    @Test
    void unusableStoresAreNamed() throws Exception {
        assertThatThrownBy(() -> new TlsContext(Certificates.tls(
                        new KeyStoreFile(good.location(), "wrong-1", KeyStoreFile.Type.PKCS12), trust, true, false)))
                .hasMessageContaining("zk1.p12 cannot be used")
                .hasMessageContaining("check file, type and password");
        assertThatThrownBy(() -> new TlsContext(Certificates.tls(trust, trust, true, false)))
                .hasMessageContaining("trust.p12 holds no private key");
    }

    private void listen(QuorumTls tls) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            own = MemberConfig.participant(1, "127.0.0.1", free.getLocalPort(), free.getLocalPort() + 1);
        }
        QuorumPort quorum = port(tls);
        onLoop(quorum::listen);
    }

    private QuorumPort port(QuorumTls tls) {
        book = new AddressBook(own.sid(), List.of(own, MemberConfig.participant(3, "localhost", 1, 2)));
        PeerTls gate = new PeerTls(new TlsContext(tls), transport.loop(), book, new RepeatedWarnings(events), 1000);
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

    private PeerTls gate(QuorumTls tls) {
        PeerTls gate = new PeerTls(new TlsContext(tls), transport.loop(), book, new RepeatedWarnings(events), 5000);
        gates.add(gate);
        return gate;
    }

    private void connect(QuorumPort quorum, long link, String host, int port) {
        MemberConfig leader = MemberConfig.participant(2, host, port, 3);
        onLoop(() -> book.replace(List.of(own, leader), List.of()));
        onLoop(() -> quorum.connect(new LinkId(link), leader.sid()));
    }

    private Socket clearSocket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), own.quorumPort());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private Socket tlsSocket(KeyStoreFile key) throws Exception {
        SSLSocket socket = (SSLSocket) Certificates.context(key, trust)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), own.quorumPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static SSLServerSocket leader(KeyStoreFile key) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) Certificates.context(key, trust)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        return socket;
    }

    private static void sayPacket(Socket socket) throws IOException {
        socket.getOutputStream().write(PACKET.encode().toByteArray());
        socket.getOutputStream().flush();
    }

    private void heardPacket() throws InterruptedException {
        events.next(Event.LearnerLinkUp.class);
        assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(PACKET);
    }

    private static boolean isHungUpOn(Socket socket) {
        try {
            // An alert of TLS may come first.
            return socket.getInputStream().readAllBytes().length
                    < PACKET.encode().length();
        } catch (IOException reset) {
            return true;
        }
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, transport.loop()).join();
        // What the action put off to this turn of the loop, such as binding, is done too.
        CompletableFuture.runAsync(() -> {}, transport.loop()).join();
    }
}
