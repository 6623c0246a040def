package io.matriarch.server.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.server.config.QuorumSasl;
import io.matriarch.server.election.ElectionPort;
import io.matriarch.server.link.RecordedEvents;
import io.matriarch.server.quorum.QuorumPort;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.Opening;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.AuthPacket;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** SASL between servers: all combinations of the two sides' settings on both ports (election.md 1.10 and C14). */
@Timeout(60)
class PeerSaslTest {
    private static final QuorumPacket PACKET = QuorumPacket.of(PacketType.PROPOSAL, 1, Bytes.wrap(new byte[] {1, 2}));
    private static final Map<String, String> USERS = Map.of("zoe", "secret");

    @TempDir
    Path dir;

    private final RecordedEvents atSmaller = new RecordedEvents();
    private final RecordedEvents atLarger = new RecordedEvents();
    private PeerPorts ports;

    /** How one side is set up. */
    enum Side {
        OFF,
        ENABLED,
        SAYS,
        SAYS_WRONG,
        SAYS_AND_REQUIRES;

        @Nullable
        QuorumSasl config() {
            return switch (this) {
                case OFF -> null;
                case ENABLED -> QuorumSasl.digest(false, false, "zoe", "secret", USERS);
                case SAYS -> QuorumSasl.digest(true, false, "zoe", "secret", USERS);
                case SAYS_WRONG -> QuorumSasl.digest(true, false, "zoe", "guess", USERS);
                case SAYS_AND_REQUIRES -> QuorumSasl.digest(true, true, "zoe", "secret", USERS);
            };
        }

        boolean lets(Side dialler) {
            return switch (dialler) {
                case OFF, ENABLED -> this != SAYS_AND_REQUIRES;
                case SAYS, SAYS_AND_REQUIRES -> this != OFF;
                case SAYS_WRONG -> false;
            };
        }
    }

    static Stream<Arguments> combinations() {
        return Stream.of(Side.values())
                .flatMap(dialler -> Stream.of(Side.values()).map(acceptor -> Arguments.of(dialler, acceptor)));
    }

    @BeforeEach
    void takeFreePorts() throws IOException {
        ports = new PeerPorts(dir, "127.0.0.1", 1, 400);
    }

    @AfterEach
    void shutDown() {
        ports.close();
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("combinations")
    void c14QuorumPort(Side dialler, Side acceptor) throws Exception {
        QuorumPort leader = ports.quorumPort(1, acceptor.config(), atSmaller);
        QuorumPort learner = ports.quorumPort(2, dialler.config(), atLarger);
        ports.onLoop(leader::listen);
        ports.onLoop(() -> learner.connect(new LinkId(-1), new ServerId(1)));
        if (acceptor.lets(dialler)) {
            atLarger.next(Event.LeaderLinkUp.class);
            atSmaller.next(Event.LearnerLinkUp.class);
        } else if (dialler == Side.OFF || dialler == Side.ENABLED) {
            // The learner thinks that it is connected until it is hung up on.
            atLarger.next(Event.LeaderLinkUp.class);
            atLarger.next(Event.LinkDown.class);
            assertThat(atSmaller.isEmpty()).isTrue();
        } else {
            atLarger.next(Event.LinkDown.class);
            assertThat(atLarger.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("combinations")
    void c14ElectionPort(Side dialler, Side acceptor) throws Exception {
        ElectionPort smaller = ports.electionPort(1, acceptor.config(), atSmaller);
        ElectionPort larger = ports.electionPort(2, dialler.config(), atLarger);
        ports.onLoop(smaller::open);
        ports.onLoop(() -> larger.send(new ServerId(1), vote(5)));
        if (acceptor.lets(dialler)) {
            assertThat(atSmaller.next(Event.ElectionLinkUp.class).peer()).isEqualTo(new ServerId(2));
            assertThat(atSmaller.next(Event.NotificationReceived.class).notification())
                    .isEqualTo(vote(5));
        } else if (acceptor == Side.OFF) {
            // It cannot know better than to take the opening; no frame comes.
            atSmaller.next(Event.ElectionLinkUp.class);
            atSmaller.next(Event.ElectionLinkDown.class);
        } else {
            assertThat(atSmaller.nextTraceOr(atLarger).toString()).contains("no SASL with the server at 127.0.0.1: ");
            assertThat(acceptor == Side.SAYS_AND_REQUIRES && !atSmaller.isEmpty())
                    .isFalse();
        }
        ports.onLoop(larger::close);
        ports.onLoop(smaller::close);
    }

    @Test
    void c14SmallerServerAuthenticatesBeforeItHangsUpAndIsCalledBack() throws Exception {
        ElectionPort smaller = ports.electionPort(1, Side.SAYS_AND_REQUIRES.config(), atSmaller);
        ElectionPort larger = ports.electionPort(2, Side.SAYS_AND_REQUIRES.config(), atLarger);
        ports.onLoop(smaller::open);
        ports.onLoop(larger::open);
        ports.onLoop(() -> smaller.send(new ServerId(2), vote(7)));
        assertThat(atLarger.next(Event.ElectionLinkUp.class).peer()).isEqualTo(new ServerId(1));
        assertThat(atLarger.next(Event.NotificationReceived.class).notification())
                .isEqualTo(vote(7));
        ports.onLoop(larger::close);
        ports.onLoop(smaller::close);
    }

    @Test
    void silentDiallerThatNeedNotAuthenticateIsTakenAfterAWhile() throws Exception {
        ElectionPort smaller = ports.electionPort(1, Side.SAYS.config(), atSmaller);
        ports.onLoop(smaller::open);
        try (Socket dialler = dial(ports.member(1).electionPort())) {
            dialler.getOutputStream().write(opening());
            assertThat(atSmaller.next(Event.ElectionLinkUp.class).peer()).isEqualTo(new ServerId(2));
        }
        ports.onLoop(smaller::close);
    }

    @Test
    void rulesOfTheExchangeAreKept() throws Exception {
        ElectionPort smaller = ports.electionPort(1, Side.SAYS_AND_REQUIRES.config(), atSmaller);
        ports.onLoop(smaller::open);
        // Success claimed by the dialler; an endless exchange; a token that is too long; silence.
        for (byte[] bad : List.of(
                new AuthPacket(AuthPacket.Status.SUCCESS, null).encode().toByteArray(), tooLong(), new byte[0])) {
            try (Socket dialler = dial(ports.member(1).electionPort())) {
                dialler.getOutputStream().write(opening());
                dialler.getOutputStream().write(bad);
                DataInputStream in = new DataInputStream(dialler.getInputStream());
                byte[] answer = in.readAllBytes();
                assertThat(answer.length).isIn(0, 16);
            }
        }
        assertThat(atSmaller.isEmpty()).isTrue();
        ports.onLoop(smaller::close);
    }

    @Test
    void exchangeMayComeByteByByteAndTheFirstFrameRightBehindIt() throws Exception {
        QuorumPort leader = ports.quorumPort(1, Side.SAYS_AND_REQUIRES.config(), atSmaller);
        ports.onLoop(leader::listen);
        try (Socket learner = dial(ports.member(1).quorumPort())) {
            for (byte each : new AuthPacket(AuthPacket.Status.IN_PROGRESS, Bytes.EMPTY)
                    .encode()
                    .toByteArray()) {
                learner.getOutputStream().write(each);
            }
            DataInputStream in = new DataInputStream(learner.getInputStream());
            SaslClient client = Sasl.createSaslClient(
                    new String[] {Digest.MECHANISM},
                    "zoe",
                    Digest.PROTOCOL,
                    Digest.SERVER_NAME,
                    Map.of(),
                    PeerSaslTest::answer);
            byte[] response = client.evaluateChallenge(tokenOf(in, 0));
            DataOutputStream out = new DataOutputStream(learner.getOutputStream());
            ByteArrayOutputStream together = new ByteArrayOutputStream();
            together.writeBytes(new AuthPacket(AuthPacket.Status.IN_PROGRESS, Bytes.wrap(response))
                    .encode()
                    .toByteArray());
            together.writeBytes(PACKET.encode().toByteArray());
            out.write(together.toByteArray());
            out.flush();
            client.evaluateChallenge(tokenOf(in, 1));
            assertThat(client.isComplete()).isTrue();
            atSmaller.next(Event.LearnerLinkUp.class);
            assertThat(atSmaller.next(Event.PacketReceived.class).packet()).isEqualTo(PACKET);
        }
    }

    private static void answer(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName("zoe");
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword("secret".toCharArray());
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            }
        }
    }

    private static byte[] tokenOf(DataInputStream in, int status) throws IOException {
        assertThat(in.readLong()).isEqualTo(AuthPacket.MAGIC);
        assertThat(in.readInt()).isEqualTo(status);
        return in.readNBytes(in.readInt());
    }

    private static byte[] tooLong() {
        JuteWriter out = new JuteWriter();
        out.writeLong(AuthPacket.MAGIC);
        out.writeInt(0);
        out.writeInt(AuthPacket.MAX_TOKEN_BYTES + 1);
        return out.toBytes().toByteArray();
    }

    private static byte[] opening() {
        return new Opening(new ServerId(2), List.of(new HostPort("127.0.0.1", 9)))
                .encode()
                .toByteArray();
    }

    private static Notification vote(long round) {
        return new Notification(
                PeerState.LOOKING, new ServerId(2), Zxid.ZERO, round, 0, Notification.VERSION, "version=0");
    }

    private static Socket dial(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }
}
