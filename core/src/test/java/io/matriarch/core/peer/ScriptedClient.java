package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import java.util.List;

/** A client of our server. */
public final class ScriptedClient {
    private final PeerFixture server;
    private final LinkId link;

    ScriptedClient(PeerFixture server, LinkId link) {
        this.server = server;
        this.link = link;
    }

    public static Request create(String path, int flags) {
        return new Request.Create(OpCode.CREATE, path, Bytes.EMPTY, Acl.OPEN, flags, Request.Create.NO_TTL);
    }

    public LinkId link() {
        return link;
    }

    /** Asks for a new session. */
    public ScriptedClient connects(int timeoutMillis) {
        return frame(new ConnectRequest(0, 0, timeoutMillis, 0, SessionPassword.of(0), true, false).encode());
    }

    /** Asks for a new session, on a read-only server too. */
    public ScriptedClient connectsReadOnly(int timeoutMillis) {
        return frame(new ConnectRequest(0, 0, timeoutMillis, 0, SessionPassword.of(0), true, true).encode());
    }

    /** Asks to go on with a session. */
    public ScriptedClient resumes(long sessionId, int timeoutMillis) {
        return frame(new ConnectRequest(0, 0, timeoutMillis, sessionId, SessionPassword.of(sessionId), true, false)
                .encode());
    }

    public ScriptedClient asks(int xid, Request request) {
        return frame(new ClientRequest(xid, request.opcode(), request.encode()).encode());
    }

    public ScriptedClient frame(Bytes frame) {
        server.step(new Event.ClientFrame(link, frame));
        return this;
    }

    /** The session that was given to it; 0 if none was. */
    public long sessionId() {
        return server.effects(Effect.SendConnectResponse.class).stream()
                .filter(send -> send.link().equals(link))
                .mapToLong(send -> send.response().sessionId())
                .findFirst()
                .orElse(0);
    }

    /** The answers since the fixture forgot, as "xid error"; "CLOSED" for the end of the link. */
    public List<String> answers() {
        return server.effects().stream()
                .filter(effect -> isForUs(effect))
                .map(effect -> effect instanceof Effect.SendReply send
                        ? send.reply().xid() + " " + send.reply().err()
                        : "CLOSED")
                .toList();
    }

    private boolean isForUs(Effect effect) {
        return (effect instanceof Effect.SendReply send && send.link().equals(link))
                || (effect instanceof Effect.CloseLink close && close.link().equals(link));
    }
}
