package io.matriarch.core.request;

import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * How links get their sessions (client.md 3.2): a new one by a transaction, an old one by its password and the leader's
 * consent; or, of the sessions that only this server knows, by itself. Only while this server serves.
 */
final class Handshakes {
    private final ClientDesk desk;
    private final DeskSessions sessions;
    private final DeskConfig config;
    private final EffectSink out;
    private final Outgoing outgoing;

    /** Links whose new session is being created, by its id. */
    private final Map<Long, ClientLink> creating = new HashMap<>();

    /** Links whose session the leader was asked about, in the order of asking; closed ones too. */
    private final Map<Long, ArrayDeque<ClientLink>> revalidating = new HashMap<>();

    Handshakes(ClientDesk desk, DeskSessions sessions, DeskConfig config, EffectSink out, Outgoing outgoing) {
        this.desk = desk;
        this.sessions = sessions;
        this.config = config;
        this.out = out;
        this.outgoing = outgoing;
    }

    /** Forgets what was passed on; its outcome will not come. */
    void clear() {
        creating.clear();
        revalidating.clear();
    }

    /** Takes the first frame of a link. */
    void begin(Now now, ClientLink link, Bytes frame) {
        ConnectRequest request;
        try {
            request = ConnectRequest.decode(frame);
        } catch (MalformedException malformed) {
            desk.close(link, "malformed connect request: " + malformed.getMessage());
            return;
        }
        if (desk.isReadOnly() && !request.readOnly()) {
            desk.close(link, "there is no quorum, and the client does not want a read-only server");
            return;
        }
        long lastApplied = desk.tree().lastApplied().value();
        if (request.lastZxidSeen() > lastApplied) {
            desk.close(
                    link,
                    "client has seen 0x" + Long.toHexString(request.lastZxidSeen()) + ", this server is at 0x"
                            + Long.toHexString(lastApplied));
            return;
        }
        link.hasReadOnly = request.hasReadOnly();
        link.isReadOnly = desk.isReadOnly();
        link.timeoutMillis = config.clampTimeoutMillis(request.timeoutMillis());
        if (request.sessionId() == 0) {
            if (desk.isReadOnly() || sessions.rules().hasLocal()) {
                openLocal(now, link);
            } else {
                create(now, link);
            }
        } else if (desk.isReadOnly() && !sessions.isLocal(request.sessionId())) {
            // Nobody here can tell whether it lives; the client must not hear that it does not.
            desk.close(link, "there is no quorum to resume session 0x" + Long.toHexString(request.sessionId()));
        } else if (SessionPassword.matches(request.sessionId(), request.passwd())) {
            link.sessionId = request.sessionId();
            resume(now, link);
        } else {
            // Deviation: Apache closes the session's live connection before it looks at the password (client.md 23).
            reject(link, "wrong session password");
        }
    }

    private void create(Now now, ClientLink link) {
        link.sessionId = sessions.newId(now, desk.tree());
        link.phase = ClientLink.Phase.CREATING;
        creating.put(link.sessionId, link);
        Bytes body = new Request.CreateSession(link.timeoutMillis).encode();
        desk.upstream().submit(new WriteRequest(link.sessionId, 0, OpCode.CREATE_SESSION, body, link.identities));
    }

    /**
     * Deviation: Apache's read-only server since 3.7 has no sessions to give unless local ones are enabled, and leaves the
     * client without an answer that it could read (client.md 19).
     */
    private void openLocal(Now now, ClientLink link) {
        if (!sessions.local().hasRoom()) {
            desk.close(link, "this server holds " + sessions.local().count() + " local sessions and takes no more");
            return;
        }
        link.sessionId = sessions.newId(now, desk.tree());
        sessions.local().open(now, link.sessionId, link.timeoutMillis, link.isReadOnly);
        out.trace(new TraceEvent.SessionOpened(link.sessionId, link.timeoutMillis));
        accept(now, link);
    }

    /** The leader does not know a local session, but its answer comes behind the writes of the session's earlier links. */
    private void resume(Now now, ClientLink link) {
        desk.closeOtherLink(link);
        boolean isInDoubt = !desk.isReadOnly() && desk.hasOrphans(link.sessionId);
        if (sessions.isLocal(link.sessionId) && !isInDoubt) {
            accept(now, link);
        } else {
            revalidate(link);
        }
    }

    private void revalidate(ClientLink link) {
        link.phase = ClientLink.Phase.REVALIDATING;
        revalidating
                .computeIfAbsent(link.sessionId, session -> new ArrayDeque<>(2))
                .add(link);
        desk.upstream().revalidate(link.sessionId, link.timeoutMillis);
    }

    /** The transaction that creates the session was applied, perhaps another server's. */
    void created(Now now, long sessionId) {
        ClientLink link = creating.remove(sessionId);
        if (link != null && link.isOpen()) {
            out.trace(new TraceEvent.SessionOpened(sessionId, link.timeoutMillis));
            accept(now, link);
        }
    }

    /** An error transaction of a session without link was applied. */
    void creationFailed(long sessionId) {
        ClientLink link = creating.remove(sessionId);
        if (link != null && link.isOpen()) {
            desk.close(link, "the session could not be created");
        }
    }

    void revalidated(Now now, long sessionId, boolean isValid) {
        ArrayDeque<ClientLink> asking = revalidating.get(sessionId);
        if (asking == null) {
            return;
        }
        ClientLink link = asking.poll();
        if (asking.isEmpty()) {
            revalidating.remove(sessionId);
        }
        if (desk.upstream().revalidatesBehindWrites()) {
            desk.forgetOrphans(sessionId);
        }
        if (!link.isOpen()) {
            return;
        }
        if (isValid || sessions.isLocal(sessionId)) {
            accept(now, link);
        } else {
            reject(link, "session 0x" + Long.toHexString(sessionId) + " is gone");
        }
    }

    private void accept(Now now, ClientLink link) {
        outgoing.send(
                link,
                new ConnectResponse(
                        link.timeoutMillis,
                        link.sessionId,
                        SessionPassword.of(link.sessionId),
                        link.hasReadOnly,
                        link.isReadOnly));
        desk.established(now, link);
    }

    private void reject(ClientLink link, String reason) {
        outgoing.send(link, ConnectResponse.expired(link.hasReadOnly));
        desk.close(link, reason);
    }
}
