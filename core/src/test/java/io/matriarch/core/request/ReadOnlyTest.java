package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Level 1: a server without a quorum serves those who allow it, and changes nothing; client.md 19, R1 to R3. */
class ReadOnlyTest {
    private final Server server = new Server(Server.CONFIG.withSessions(new SessionRules(false, false, true), 1_000));

    /** A server that served, has a znode /a, and lost its quorum. */
    private Server readOnly() {
        server.desk.serve(server.now(), server);
        TestClient client = server.connected();
        client.err(TestClient.create(OpCode.CREATE, "/a", 0));
        server.desk.linkDown(server.now(), client.link);
        server.desk.suspend(server.now(), "lost");
        server.desk.serveReadOnly(server.now());
        return server;
    }

    private static Bytes asking(long session, boolean hasByte, boolean readOnly) {
        return new ConnectRequest(0, 0, 10_000, session, SessionPassword.of(session), hasByte, readOnly).encode();
    }

    private TestClient reader() {
        TestClient client = server.client();
        client.frame(asking(0, true, true));
        return client;
    }

    @Test
    void r1AClientThatAllowsItIsServedAndToldThatItIsReadOnly() {
        readOnly();
        TestClient client = reader();
        ConnectResponse granted = client.connected();
        assertThat(granted.readOnly()).isTrue();
        assertThat(granted.sessionId()).isNotZero();
        assertThat(client.err(new Request.GetData("/a", true))).isZero();
        assertThat(client.err(new Request.Exists("/b", true))).isEqualTo(ErrorCode.NO_NODE);
        client.heard();
        client.send(-2, OpCode.PING, Bytes.EMPTY);
        client.auth("digest", "a:b");
        assertThat(client.heard()).containsExactly("#-2 0", "#-4 0");
    }

    @Test
    void r2AClientThatDoesNotIsClosedWithoutAWord() {
        readOnly();
        for (boolean hasByte : new boolean[] {true, false}) {
            TestClient plain = server.client();
            plain.frame(asking(0, hasByte, false));
            assertThat(plain.heard()).containsExactly("closed");
        }
    }

    @Test
    void everyChangeIsRefusedUnseenAtTheLastZxidAndTheSessionGoesOn() {
        readOnly();
        TestClient client = reader();
        client.connected();
        long zxid = server.tree.lastApplied().value();
        List<Request> changes = List.of(
                TestClient.create(OpCode.CREATE, "/x", 1),
                TestClient.create(OpCode.CREATE2, "/x", 0),
                TestClient.create(OpCode.CREATE_CONTAINER, "/x", 4),
                new Request.Delete("/a", -1),
                TestClient.set("/a", -1),
                new Request.SetAcl("/a", Acl.OPEN, -1),
                new Request.Multi(List.of(new Request.Delete("/a", -1))),
                new Request.Check("/a", -1),
                new Request.Sync("/"));
        for (Request change : changes) {
            assertThat(client.answer(change).err()).as(change.toString()).isEqualTo(ErrorCode.NOT_READ_ONLY);
        }
        client.heard();
        client.send(OpCode.RECONFIG, Bytes.EMPTY);
        client.send(OpCode.CREATE_TTL, Bytes.EMPTY);
        client.send(OpCode.SET_DATA, Bytes.EMPTY);
        assertThat(client.heard()).allMatch(reply -> reply.endsWith(" -119")).hasSize(3);
        assertThat(server.outcomesToCome()).isZero();
        assertThat(server.tree.lastApplied().value()).isEqualTo(zxid);
        assertThat(client.answer(new Request.GetData("/a", false)).zxid()).isEqualTo(zxid);
    }

    @Test
    void itsSessionIsClosedWithAnAnswer() {
        readOnly();
        TestClient client = reader();
        client.connected();
        client.send(OpCode.CLOSE_SESSION, Bytes.EMPTY);
        assertThat(client.heard()).containsExactly("#1 0", "closed");
        assertThat(server.desk.figures().localSessionCount()).isZero();
    }

    @Test
    void aGlobalSessionIsSentElsewhereWithoutAWord() {
        server.desk.serve(server.now(), server);
        long session = server.connected().sessionId;
        server.desk.suspend(server.now(), "lost");
        server.desk.serveReadOnly(server.now());
        TestClient known = server.client();
        known.frame(asking(session, true, true));
        assertThat(known.heard()).containsExactly("closed");
        TestClient unknown = server.client();
        unknown.frame(asking(77, true, true));
        assertThat(unknown.heard()).containsExactly("closed");
    }

    @Test
    void aReadOnlySessionIsResumedOnItsServer() {
        readOnly();
        TestClient client = reader();
        long session = client.connected().sessionId();
        TestClient again = server.client();
        again.frame(asking(session, true, true));
        assertThat(again.connected().sessionId()).isEqualTo(session);
        assertThat(client.heard()).containsExactly("closed");
    }

    @Test
    void r3WhenTheQuorumReturnsItsClientsAreClosedAndTheirSessionsGone() {
        readOnly();
        TestClient client = reader();
        long session = client.connected().sessionId();
        server.desk.endReadOnly("joined");
        assertThat(client.heard()).containsExactly("closed");
        server.desk.serve(server.now(), server);
        TestClient again = server.client();
        again.frame(asking(session, true, true));
        server.settle();
        assertThat(again.connected()).isEqualTo(ConnectResponse.expired(true));
        TestClient anew = reader();
        server.settle();
        assertThat(anew.connected().readOnly()).isFalse();
    }

    @Test
    void linksThatWaitForTheQuorumAreNotServed() {
        server.desk.serve(server.now(), server);
        TestClient old = server.connected();
        server.desk.suspend(server.now(), "lost");
        TestClient held = server.client();
        held.frame(asking(0, true, true));
        TestClient plain = server.client();
        plain.frame(asking(0, true, false));
        server.desk.serveReadOnly(server.now());
        assertThat(held.connected().readOnly()).as("it waited, and allows it").isTrue();
        assertThat(plain.heard()).containsExactly("closed");
        old.send(new Request.Exists("/", false));
        assertThat(old.heard()).isEmpty();
        server.desk.endReadOnly("joined");
        server.desk.serve(server.now(), server);
        assertThat(old.heard()).containsExactly("#1 0");
    }

    @Test
    void aSilentReadOnlySessionExpires() {
        readOnly();
        TestClient client = reader();
        client.connected();
        server.pass(12_001);
        assertThat(client.heard()).containsExactly("closed");
        assertThat(server.desk.figures().localSessionCount()).isZero();
    }
}
