package io.matriarch.server.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Event;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.PeerGates;
import io.matriarch.server.link.RecordedEvents;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.Opening;
import io.matriarch.wire.election.PeerState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server 2 of 1, 2 and 3 on real sockets; the tests play the peers (election.md 1 and 9.3). */
class ElectionPortTest {
    private static final ServerId THREE = new ServerId(3);
    private static final long V1 = -65_536;

    @TempDir
    Path dir;

    private final Transport transport = new Transport("test-election");
    private final NameLookup names = new NameLookup(transport.loop());
    private final RecordedEvents events = new RecordedEvents();
    private final List<MemberConfig> members = new ArrayList<>();
    private AddressBook book = new AddressBook(new ServerId(2), members);
    private ElectionPort port;

    @BeforeEach
    void open() throws IOException {
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
        ServerConfig config = ServerConfig.builder()
                .dataDir(dir)
                .tickMillis(100)
                .limits(5, 2)
                .ensemble(new ServerId(2), members)
                .build();
        book = new AddressBook(new ServerId(2), members);
        port = new ElectionPort(transport, names, events, config, book, PeerGates.OPEN, why -> {});
        onLoop(port::open);
    }

    @AfterEach
    void shutDown() {
        onLoop(port::close);
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }

    @Test
    void c2SmallerPeerIsCalledBackWithOurOpeningInOnePiece() throws Exception {
        try (ServerSocket atOne = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket request = dial()) {
            Opening asking = new Opening(new ServerId(1), List.of(new HostPort("127.0.0.1", atOne.getLocalPort())));
            request.getOutputStream().write(asking.encode().toByteArray());
            assertThat(request.getInputStream().readAllBytes()).isEmpty();
            try (Socket call = atOne.accept()) {
                DataInputStream in = new DataInputStream(call.getInputStream());
                assertThat(in.readLong()).isEqualTo(V1);
                assertThat(in.readLong()).isEqualTo(2);
                byte[] text = in.readNBytes(in.readInt());
                assertThat(new String(text, StandardCharsets.UTF_8))
                        .isEqualTo("127.0.0.1:" + members.get(1).electionPort());
                assertThat(events.next(Event.ElectionLinkUp.class).peer()).isEqualTo(new ServerId(1));
            }
        }
        events.next(Event.ElectionLinkDown.class);
    }

    @Test
    void c5OpeningMayArriveByteByByte() throws Exception {
        try (Socket peer = dial()) {
            for (byte each : opening(THREE)) {
                peer.getOutputStream().write(each);
                peer.getOutputStream().flush();
            }
            assertThat(events.next(Event.ElectionLinkUp.class).peer()).isEqualTo(THREE);
        }
    }

    @Test
    void c7BadOpeningsAreClosedWithoutAReaction() throws Exception {
        for (byte[] bad : List.of(
                v1(V1, 3, 0, ""),
                v1(V1, 3, 2049, ""),
                v1(V1, 3, -1, ""),
                v1(-65_530, 3, 5, "a:123"),
                v1(V1, 3, 3, "a:x"),
                v1(V1, 3, 1, "a"))) {
            try (Socket peer = dial()) {
                peer.getOutputStream().write(bad);
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
        }
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void c9SilentDiallerIsClosedAfterSyncLimitTicks() throws Exception {
        try (Socket silent = dial()) {
            long began = System.nanoTime();
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(System.nanoTime() - began).isGreaterThan(150_000_000L);
        }
    }

    @Test
    void c10BadFrameLengthsCloseTheConnection() throws Exception {
        for (int length : new int[] {0, -20, 524_289}) {
            try (Socket peer = dial()) {
                peer.getOutputStream().write(opening(THREE));
                events.next(Event.ElectionLinkUp.class);
                new DataOutputStream(peer.getOutputStream()).writeInt(length);
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
                events.next(Event.ElectionLinkDown.class);
            }
        }
    }

    @Test
    void c10GarbageBodyIsIgnoredAndTheConnectionKept() throws Exception {
        try (Socket peer = dial()) {
            DataOutputStream out = new DataOutputStream(peer.getOutputStream());
            out.write(opening(THREE));
            out.writeInt(12);
            out.write(new byte[12]);
            byte[] good = vote(4).encode().toByteArray();
            out.writeInt(good.length);
            out.write(good);
            out.flush();

            events.next(Event.ElectionLinkUp.class);
            assertThat(events.next(Event.NotificationReceived.class))
                    .isEqualTo(new Event.NotificationReceived(THREE, vote(4)));
            onLoop(() -> port.send(THREE, vote(5)));
            DataInputStream in = new DataInputStream(peer.getInputStream());
            assertThat(in.readNBytes(in.readInt())).isEqualTo(vote(5).encode().toByteArray());
        }
    }

    @Test
    void c11RandomBytesNeitherHurtNorStay() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            // No valid opening by chance: the version word is a negative one that nobody uses.
            if (noise.length > 0) {
                noise[0] = (byte) 0x80;
            }
            try (Socket peer = dial()) {
                peer.getOutputStream().write(noise);
            }
        }
        try (Socket peer = dial()) {
            peer.getOutputStream().write(opening(THREE));
            assertThat(events.next(Event.ElectionLinkUp.class).peer()).isEqualTo(THREE);
        }
    }

    @Test
    void peerThatRefusesIsReportedAndOneThatListensIsAsked() throws Exception {
        onLoop(() -> port.send(new ServerId(1), vote(1)));
        assertThat(events.next(Event.PeerRefused.class).peer()).isEqualTo(new ServerId(1));

        MemberConfig three = members.get(2);
        try (ServerSocket atThree = new ServerSocket(three.electionPort(), 1, InetAddress.getLoopbackAddress())) {
            onLoop(() -> port.send(THREE, vote(1)));
            try (Socket asked = atThree.accept()) {
                DataInputStream in = new DataInputStream(asked.getInputStream());
                assertThat(in.readLong()).isEqualTo(V1);
                assertThat(in.readLong()).isEqualTo(2);
                in.readNBytes(in.readInt());
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    private static byte[] opening(ServerId sid) {
        return new Opening(sid, List.of(new HostPort("127.0.0.1", 9))).encode().toByteArray();
    }

    private static byte[] v1(long version, long sid, int length, String text) throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(version);
        out.writeLong(sid);
        out.writeInt(length);
        out.write(text.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static Notification vote(long round) {
        return new Notification(PeerState.LOOKING, THREE, Zxid.ZERO, round, 0, Notification.VERSION, "version=0");
    }

    private Socket dial() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), members.get(1).electionPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, transport.loop()).join();
        CompletableFuture.runAsync(() -> {}, transport.loop()).join();
    }
}
