package io.matriarch.server.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.PeerGates;
import io.matriarch.server.link.RecordedEvents;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotEncoder;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The quorum port over real sockets, with a recorder in the core's place (zab.md 2.1, 3 and 9). */
class QuorumPortTest {
    private static final QuorumPacket PACKET =
            QuorumPacket.of(PacketType.PROPOSAL, 0x100000001L, Bytes.wrap(new byte[] {1, 2, 3}));
    private static final QuorumPacket SNAP = QuorumPacket.of(PacketType.SNAP, 0x100000001L);
    private static final QuorumPacket AFTER = QuorumPacket.of(PacketType.NEWLEADER, 0x200000000L);

    private final Transport transport = new Transport("test-quorum");
    private final NameLookup names = new NameLookup(transport.loop());
    private final RecordedEvents events = new RecordedEvents();
    private final LinkTable links = new LinkTable();
    private MemberConfig own = MemberConfig.participant(1, "127.0.0.1", 1, 2);
    private AddressBook book = new AddressBook(own.sid(), List.of(own));
    private QuorumPort quorum = portFor(own);

    private QuorumPort portFor(MemberConfig member) {
        book = new AddressBook(member.sid(), List.of(member));
        return new QuorumPort(
                transport,
                names,
                events,
                links,
                Outbox::flush,
                book,
                PeerGates.OPEN,
                new QuorumPort.Limits(2000, 1_048_575, false, 0));
    }

    @BeforeEach
    void takeAFreePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            own = MemberConfig.participant(1, "127.0.0.1", free.getLocalPort(), free.getLocalPort() + 1);
        }
        quorum = portFor(own);
    }

    @AfterEach
    void shutDown() {
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }

    @Test
    void portIsOpenWhenTheTurnOfTheEventLoopHasEnded() throws Exception {
        onLoop(quorum::listen);
        try (Socket learner = dial()) {
            assertThat(events.next(Event.LearnerLinkUp.class).address())
                    .isEqualTo("/127.0.0.1:" + learner.getLocalPort());
        }
        assertThat(events.next(Event.LinkDown.class).reason()).isEqualTo("closed by the other side");
    }

    @Test
    void portInUseIsTracedAndTriedAgainUntilItIsFree() throws Exception {
        try (ServerSocket other = new ServerSocket(own.quorumPort(), 1, InetAddress.getLoopbackAddress())) {
            onLoop(quorum::listen);
            assertThat(events.nextTrace().toString())
                    .contains("cannot listen on quorum port 127.0.0.1:" + other.getLocalPort()
                            + " yet: Address already in use");
        }
        try (Socket learner = dialWhenOpen()) {
            assertThat(events.next(Event.LearnerLinkUp.class).address()).endsWith(":" + learner.getLocalPort());
        }
    }

    @Test
    void packetsAreCutWhereverTheBytesAreSplit() throws Exception {
        onLoop(quorum::listen);
        byte[] bytes = PACKET.encode().toByteArray();
        try (Socket learner = dial()) {
            LinkId link = events.next(Event.LearnerLinkUp.class).link();
            OutputStream out = learner.getOutputStream();
            for (int split = 0; split <= bytes.length; split++) {
                out.write(bytes, 0, split);
                out.flush();
                out.write(bytes, split, bytes.length - split);
                out.flush();
                assertThat(events.next(Event.PacketReceived.class)).isEqualTo(new Event.PacketReceived(link, PACKET));
            }
        }
    }

    @Test
    void lengthThatNoPacketHasClosesBeforeAnythingOfItArrives() throws Exception {
        onLoop(quorum::listen);
        try (Socket learner = dial()) {
            events.next(Event.LearnerLinkUp.class);
            JuteWriter out = new JuteWriter();
            out.writeInt(PacketType.PROPOSAL);
            out.writeLong(1);
            out.writeInt(Integer.MAX_VALUE);
            learner.getOutputStream().write(out.array(), 0, out.length());
            assertThat(events.next(Event.LinkDown.class).reason()).startsWith("sent no packet: ");
            assertThat(learner.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void snapshotBehindSnapIsDecodedUpToItsSignatureAndThenPacketsAgain() throws Exception {
        try (ServerSocket leader = new ServerSocket(own.quorumPort(), 1, InetAddress.getLoopbackAddress())) {
            LinkId link = new LinkId(-1);
            onLoop(() -> quorum.connect(link, own.sid()));
            try (Socket socket = leader.accept()) {
                events.next(Event.LeaderLinkUp.class);
                JuteWriter out = new JuteWriter();
                SNAP.encode(out);
                for (SnapshotPiece piece : pieces()) {
                    SnapshotEncoder.encode(piece, out);
                }
                SnapshotEncoder.encodeSignature(out);
                AFTER.encode(out);
                byte[] bytes = out.toBytes().toByteArray();
                for (byte each : bytes) {
                    socket.getOutputStream().write(each);
                }
                assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(SNAP);
                assertThat(events.next(Event.SnapshotPieceReceived.class).piece())
                        .isInstanceOf(SnapshotPiece.Tables.class);
                assertThat(events.next(Event.SnapshotPieceReceived.class).piece())
                        .isEqualTo(pieces().get(1));
                assertThat(events.next(Event.SnapshotPieceReceived.class).piece())
                        .isInstanceOf(SnapshotPiece.End.class);
                assertThat(events.next(Event.PacketReceived.class).packet()).isEqualTo(AFTER);
            }
        }
    }

    @Test
    void pieceOfASnapshotIsSentAndThenTheLinkIsWritable() throws Exception {
        onLoop(quorum::listen);
        try (Socket learner = dial()) {
            LinkId link = events.next(Event.LearnerLinkUp.class).link();
            onLink(link, peer -> peer.send(pieces().get(2), new JuteWriter()));

            assertThat(events.next(Event.LinkWritable.class).link()).isEqualTo(link);
            byte[] end = learner.getInputStream().readNBytes(4 + 1 + 4 + 10);
            assertThat(new String(end, 9, 10, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("BenWasHere");
        }
    }

    @Test
    void refusedAndUnknownLeadersAreLinksThatAreDown() throws Exception {
        onLoop(() -> quorum.connect(new LinkId(-1), own.sid()));
        assertThat(events.next(Event.LinkDown.class).reason()).startsWith("cannot connect: Connection refused");

        MemberConfig unknown = MemberConfig.participant(2, "no-such-host.invalid", 1, 2);
        onLoop(() -> book.replace(List.of(own, unknown), List.of()));
        onLoop(() -> quorum.connect(new LinkId(-2), unknown.sid()));
        assertThat(events.next(Event.LinkDown.class))
                .isEqualTo(new Event.LinkDown(new LinkId(-2), "host no-such-host.invalid is not known"));
        onLoop(() -> quorum.connect(new LinkId(-3), new ServerId(9)));
        assertThat(events.next(Event.LinkDown.class))
                .isEqualTo(new Event.LinkDown(new LinkId(-3), "server 9 is no member"));
    }

    /** zab.md 2.1: the learner tries all addresses, and takes the one that answers. */
    @Test
    void secondAddressIsTakenWhenTheFirstDropsPacketsOrRefuses() throws Exception {
        onLoop(quorum::listen);
        for (String first : List.of("192.0.2.1", "127.0.0.2")) {
            MemberConfig leader = new MemberConfig(
                    new ServerId(2),
                    List.of(
                            new MemberAddress(first, own.quorumPort(), 2),
                            new MemberAddress("127.0.0.1", own.quorumPort(), 2)),
                    true,
                    null);
            onLoop(() -> book.replace(List.of(own, leader), List.of()));
            LinkId link = new LinkId(first.equals("192.0.2.1") ? -1 : -2);
            onLoop(() -> quorum.connect(link, leader.sid()));
            List<Event> both = List.of(events.next(Event.class), events.next(Event.class));
            assertThat(both).contains(new Event.LeaderLinkUp(link));
        }
    }

    @Test
    void changedOwnAddressIsBoundAnewAndTheOldOneClosed() throws Exception {
        onLoop(quorum::listen);
        int old = own.quorumPort();
        MemberConfig moved;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            moved = MemberConfig.participant(1, "127.0.0.1", free.getLocalPort(), free.getLocalPort() + 1);
        }
        onLoop(() -> book.replace(List.of(moved), List.of()));
        try (Socket learner = new Socket(InetAddress.getLoopbackAddress(), moved.quorumPort())) {
            assertThat(events.next(Event.LearnerLinkUp.class).address()).endsWith(":" + learner.getLocalPort());
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), old))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void closedLinkSaysWhatWasSentBeforeAndReportsNothing() throws Exception {
        onLoop(quorum::listen);
        try (Socket learner = dial()) {
            LinkId link = events.next(Event.LearnerLinkUp.class).link();
            onLink(link, peer -> {
                peer.send(AFTER, new JuteWriter());
                peer.close("no quorum");
            });
            assertThat(learner.getInputStream().readAllBytes())
                    .isEqualTo(AFTER.encode().toByteArray());
        }
        assertThat(links.get(new LinkId(1))).isNull();
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void connectionsAreBoundedAndOneThatEndsMakesRoom() throws Exception {
        onLoop(quorum::listen);
        List<Socket> learners = new ArrayList<>();
        for (int i = 0; i < QuorumPort.MAX_ACCEPTED; i++) {
            learners.add(dial());
            events.next(Event.LearnerLinkUp.class);
        }
        try (Socket oneMore = dial()) {
            assertThat(oneMore.getInputStream().read()).isEqualTo(-1);
        }
        learners.get(0).close();
        events.next(Event.LinkDown.class);
        try (Socket again = dial()) {
            assertThat(events.next(Event.LearnerLinkUp.class).address()).endsWith(":" + again.getLocalPort());
        }
        for (Socket learner : learners) {
            learner.close();
        }
    }

    private static List<SnapshotPiece> pieces() {
        NodeRecord root = new NodeRecord("", Bytes.EMPTY, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return List.of(
                new SnapshotPiece.Tables(Map.of(7L, 4000), Map.of(1L, Acl.OPEN)),
                new SnapshotPiece.Nodes(List.of(root)),
                SnapshotPiece.End.BARE);
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), own.quorumPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private Socket dialWhenOpen() throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                return dial();
            } catch (java.net.ConnectException e) {
                if (attempt == 100_000) {
                    throw e;
                }
            }
        }
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, transport.loop()).join();
        // Binding ends in the same turn of the loop; one more task sees it done.
        CompletableFuture.runAsync(() -> {}, transport.loop()).join();
    }

    private void onLink(LinkId id, Consumer<QuorumLink> action) {
        onLoop(() -> {
            if (links.get(id) instanceof QuorumLink peer) {
                action.accept(peer);
            }
        });
    }
}
