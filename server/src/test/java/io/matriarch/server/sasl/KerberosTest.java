package io.matriarch.server.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.server.config.QuorumSasl;
import io.matriarch.server.election.ElectionPort;
import io.matriarch.server.link.RecordedEvents;
import io.matriarch.server.quorum.QuorumPort;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.Subject;
import javax.security.sasl.SaslException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kerberos between servers (election.md 1.10, zab.md 2.3, operations.md 8.4), with a KDC in this JVM. */
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KerberosTest {
    @TempDir
    static Path dir;

    private static KeyCentre keys;

    private final RecordedEvents atSmaller = new RecordedEvents();
    private final RecordedEvents atLarger = new RecordedEvents();
    private PeerPorts ports;

    @BeforeAll
    static void startKdc() throws Exception {
        keys = new KeyCentre(dir, "zkquorum/localhost", "learner/localhost", "learner/elsewhere.example");
    }

    @AfterAll
    static void stopKdc() throws Exception {
        keys.close();
    }

    @BeforeEach
    void takeFreePorts() throws IOException {
        ports = new PeerPorts(dir, "localhost", 40, 20_000);
    }

    @AfterEach
    void shutDown() {
        ports.close();
    }

    @Test
    void learnerWithATicketIsLetInByTheQuorumPort() throws Exception {
        connect(ticket("learner/localhost", "zkquorum", "_HOST"), keys("zkquorum/localhost"));
        atLarger.next(Event.LeaderLinkUp.class);
        atSmaller.next(Event.LearnerLinkUp.class);
    }

    @Test
    void serverWithATicketIsHeardByTheElectionPort() throws Exception {
        QuorumSasl both = sasl(ticket("zkquorum/localhost", "zkquorum", "localhost"), keys("zkquorum/localhost"));
        ElectionPort smaller = ports.electionPort(1, both, atSmaller);
        ElectionPort larger = ports.electionPort(2, both, atLarger);
        ports.onLoop(smaller::open);
        ports.onLoop(larger::open);
        Notification vote = new Notification(
                PeerState.LOOKING, new ServerId(2), Zxid.ZERO, 5, 0, Notification.VERSION, "version=0");
        // The smaller one authenticates itself, hangs up, and is called back (election.md 1.3).
        ports.onLoop(() -> smaller.send(new ServerId(2), vote));
        assertThat(atLarger.next(Event.ElectionLinkUp.class).peer()).isEqualTo(new ServerId(1));
        assertThat(atLarger.next(Event.NotificationReceived.class).notification())
                .isEqualTo(vote);
        ports.onLoop(larger::close);
        ports.onLoop(smaller::close);
    }

    @Test
    void principalMustBeOfAMembersHost() throws Exception {
        connect(ticket("learner/elsewhere.example", "zkquorum", "_HOST"), keys("zkquorum/localhost"));
        assertThat(atSmaller.nextTrace().toString())
                .contains("principal learner/elsewhere.example@EXAMPLE.COM, whose host is no member's");
        assertThat(atLarger.next(Event.LinkDown.class).reason())
                .contains("it refused our ticket for zkquorum/localhost");
        assertThat(atSmaller.isEmpty()).isTrue();
    }

    @Test
    void serverThatTheKdcDoesNotKnowIsNamed() throws Exception {
        connect(ticket("learner/localhost", "nobody", "_HOST"), keys("zkquorum/localhost"));
        assertThat(atLarger.next(Event.LinkDown.class).reason())
                .contains("Server not found in Kerberos database")
                .contains("set quorum.auth.kerberos.servicePrincipal");
    }

    @Test
    void keyThatIsMissingIsNamed() throws Exception {
        connect(ticket("stranger/localhost", "zkquorum", "_HOST"), keys("zkquorum/localhost"));
        assertThat(atLarger.next(Event.LinkDown.class).reason())
                .contains("no login to Kerberos as section stranger-localhost of the JAAS file says: ")
                .contains("the keyTab has no key of that principal; export it anew");
    }

    @Test
    void passwordOpensNothingWhereATicketIsRequired() throws Exception {
        connect(new QuorumSasl.Password("zoe", "secret"), keys("zkquorum/localhost"));
        assertThat(atSmaller.nextTrace().toString()).contains("no SASL with the server at 127.0.0.1: ");
        atLarger.next(Event.LinkDown.class);
        assertThat(atSmaller.isEmpty()).isTrue();
    }

    @Test
    @Order(Integer.MAX_VALUE) // it stops the KDC
    void ticketIsRenewedBeforeItsEndAndKeptAsLongAsItIsGood() throws Exception {
        Instant start = Instant.now();
        Watch watch = new Watch(start);
        List<String> warnings = new ArrayList<>();
        KerberosLogin login = new KerberosLogin(keys.section("learner/localhost"), warnings::add, watch);
        Subject first = login.subject();
        Duration life = Duration.between(start, KerberosLogin.endOf(first));
        assertThat(life).isGreaterThan(Duration.ofMinutes(5));
        watch.now = start.plus(life.multipliedBy(7).dividedBy(10));
        assertThat(login.subject()).isSameAs(first);
        watch.now = start.plus(life.multipliedBy(9).dividedBy(10));
        Subject second = login.subject();
        assertThat(second).isNotSameAs(first);
        assertThat(warnings).isEmpty();

        keys.stop();
        assertThat(login.subject()).isSameAs(second);
        assertThat(warnings).singleElement().asString().contains("the ticket at hand is good until ");
        watch.now = start.plus(life.multipliedBy(2));
        assertThatThrownBy(login::subject)
                .isInstanceOf(SaslException.class)
                .hasMessageContaining("no login to Kerberos as section learner-localhost");
    }

    /** A clock that a test sets. */
    private static final class Watch extends Clock {
        private Instant now;

        Watch(Instant start) {
            now = start;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static QuorumSasl.Ticket ticket(String principal, String service, String host) {
        return new QuorumSasl.Ticket(keys.section(principal), service, host);
    }

    private static QuorumSasl.Keys keys(String principal) {
        return new QuorumSasl.Keys(keys.section(principal));
    }

    private static QuorumSasl sasl(QuorumSasl.Initiator initiator, QuorumSasl.Acceptor acceptor) {
        return new QuorumSasl(true, true, initiator, acceptor);
    }

    private void connect(QuorumSasl.Initiator initiator, QuorumSasl.Acceptor acceptor) throws IOException {
        QuorumPort leader = ports.quorumPort(1, sasl(initiator, acceptor), atSmaller);
        QuorumPort learner = ports.quorumPort(2, sasl(initiator, acceptor), atLarger);
        ports.onLoop(leader::listen);
        awaitListening(ports.member(1).quorumPort());
        ports.onLoop(() -> learner.connect(new LinkId(-1), new ServerId(1)));
    }

    /** It listens when its name is looked up. */
    private static void awaitListening(int port) throws IOException {
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(probe.isConnected()).isTrue();
                return;
            } catch (ConnectException e) {
                Thread.onSpinWait();
            }
        }
    }
}
