package io.matriarch.core.request;

import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.session.SessionIds;
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
import org.jspecify.annotations.Nullable;

/**
 * How links get their sessions (client.md 3.2): a new one by a transaction, an old one by its password and the leader's
 * consent. Only while this server serves.
 */
final class Handshakes {
    private final ClientDesk desk;
    private final DeskConfig config;
    private final EffectSink out;
    private final Outgoing outgoing;

    /** Links whose new session is being created, by its id. */
    private final Map<Long, ClientLink> creating = new HashMap<>();

    /** Links whose session the leader was asked about, in the order of asking; closed ones too. */
    private final Map<Long, ArrayDeque<ClientLink>> revalidating = new HashMap<>();

    private @Nullable SessionIds ids;

    Handshakes(ClientDesk desk, DeskConfig config, EffectSink out, Outgoing outgoing) {
        this.desk = desk;
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
        long lastApplied = desk.tree().lastApplied().value();
        if (request.lastZxidSeen() > lastApplied) {
            desk.close(
                    link,
                    "client has seen 0x" + Long.toHexString(request.lastZxidSeen()) + ", this server is at 0x"
                            + Long.toHexString(lastApplied));
            return;
        }
        link.hasReadOnly = request.hasReadOnly();
        link.timeoutMillis = config.clampTimeoutMillis(request.timeoutMillis());
        if (request.sessionId() == 0) {
            create(now, link);
        } else if (SessionPassword.matches(request.sessionId(), request.passwd())) {
            link.sessionId = request.sessionId();
            revalidate(link);
        } else {
            // Deviation: Apache closes the session's live connection before it looks at the password (client.md 23).
            reject(link, "wrong session password");
        }
    }

    private void create(Now now, ClientLink link) {
        if (ids == null) {
            ids = new SessionIds(config.self(), now.wallMillis());
        }
        link.sessionId = ids.next(id -> desk.tree().hasSession(id));
        link.phase = ClientLink.Phase.CREATING;
        creating.put(link.sessionId, link);
        Bytes body = new Request.CreateSession(link.timeoutMillis).encode();
        desk.upstream().submit(new WriteRequest(link.sessionId, 0, OpCode.CREATE_SESSION, body, link.identities));
    }

    private void revalidate(ClientLink link) {
        desk.closeOtherLink(link);
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
        if (!link.isOpen()) {
            return;
        }
        if (isValid) {
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
                        false));
        desk.established(now, link);
    }

    private void reject(ClientLink link, String reason) {
        outgoing.send(link, ConnectResponse.expired(link.hasReadOnly));
        desk.close(link, reason);
    }
}
