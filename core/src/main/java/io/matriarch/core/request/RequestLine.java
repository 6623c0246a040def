package io.matriarch.core.request;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.tree.TxnResult;
import io.matriarch.core.watch.WatchTable;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request from its frame to its reply: decoded, passed on or kept for its turn, answered in its turn
 * (client.md 4, 16).
 */
final class RequestLine {
    private static final int OPCODE_AT = 4;
    private static final int REQUEST_HEADER_BYTES = 8;

    private final ClientDesk desk;
    private final DeskSessions sessions;
    private final WatchTable watches;
    private final Authentication authentication;
    private final Backlog backlog;
    private final Outgoing outgoing;

    /** Syncs without outcome, in the order in which they were passed on; of closed links too. */
    private final ArrayDeque<QueuedRequest> syncs = new ArrayDeque<>();

    /** Writes without outcome of links that are closed: they must not be taken for those of the session's next link. */
    private final Map<Long, ArrayDeque<QueuedRequest>> orphans = new HashMap<>();

    RequestLine(
            ClientDesk desk,
            DeskSessions sessions,
            WatchTable watches,
            Authentication authentication,
            Backlog backlog,
            Outgoing outgoing) {
        this.desk = desk;
        this.sessions = sessions;
        this.watches = watches;
        this.authentication = authentication;
        this.backlog = backlog;
        this.outgoing = outgoing;
    }

    /** Forgets what was passed on; its outcome will not come. */
    void clear() {
        forgetSyncs();
        forgetOrphans();
    }

    /** The leader is lost, and with it the syncs; writes may be in the history of the next one. */
    void forgetSyncs() {
        syncs.clear();
    }

    /** The link is closed; its writes still become transactions. */
    void keepOrphans(ClientLink link) {
        for (QueuedRequest request : link.queue) {
            if (request.isUnresolved() && !request.isSync()) {
                orphans.computeIfAbsent(link.sessionId, session -> new ArrayDeque<>())
                        .add(request);
            }
        }
    }

    // --- taking --------------------------------------------------------------------------------------------------

    /**
     * A write is not passed on before the syncs ahead of it have their outcome: it could be committed first, and then a
     * read between the two would see it.
     */
    static boolean isBehindSync(ClientLink link, Bytes frame) {
        if (link.unresolvedSyncs == 0 || frame.length() < REQUEST_HEADER_BYTES) {
            return false;
        }
        int opcode = new JuteReader(frame.slice(OPCODE_AT, frame.length())).readInt();
        return opcode != OpCode.SYNC && isForwarded(opcode);
    }

    /** Takes a request of an established link, while serving. */
    void take(Now now, ClientLink link, Bytes frame, long receivedNanos) {
        ClientRequest header;
        try {
            header = ClientRequest.decode(frame);
        } catch (MalformedException malformed) {
            desk.close(link, "malformed request: " + malformed.getMessage());
            return;
        }
        link.lastXid = header.xid();
        QueuedRequest request = new QueuedRequest(link, header.xid(), header.opcode(), frame.length(), receivedNanos);
        if (header.opcode() == OpCode.AUTH) {
            authenticate(now, request, header.body());
            return;
        }
        if (link.isReadOnly && isChange(header.opcode())) {
            boolean isRefused = sessions.requestRules().refusesChangesWithoutQuorum();
            request.refuse(isRefused ? ErrorCode.NOT_READ_ONLY : ErrorCode.OK, lastApplied());
        } else if (!Request.isKnown(header.opcode())) {
            request.refuse(ErrorCode.UNIMPLEMENTED, -1);
            request.closesLink = true;
        } else {
            decode(request, header.body());
        }
        enqueue(now, request, header.body());
    }

    /** What a server without a quorum refuses unseen (client.md 19); sync, which it cannot keep, is among it. */
    private static boolean isChange(int opcode) {
        return switch (opcode) {
            case OpCode.CHECK, OpCode.DELETE_CONTAINER -> true;
            default -> opcode != OpCode.CLOSE_SESSION && isForwarded(opcode);
        };
    }

    private void decode(QueuedRequest request, Bytes body) {
        try {
            request.request = Request.decode(request.opcode, body);
        } catch (MalformedException malformed) {
            request.refuse(ErrorCode.MARSHALLING_ERROR, lastApplied());
        }
    }

    private void enqueue(Now now, QueuedRequest request, Bytes body) {
        ClientLink link = request.link;
        if (request.request instanceof Request.Sasl sasl) {
            if (sasl.token() == null) {
                // Compat: Apache trips over it.
                desk.close(link, "null SASL token");
                return;
            }
            request.reply = new Reply(request.xid, 0, ErrorCode.OK, new Response.SaslToken(null));
        }
        boolean endsLocally = request.opcode == OpCode.CLOSE_SESSION && sessions.isLocal(link.sessionId);
        if (endsLocally) {
            sessions.forget(link.sessionId);
            desk.trace(new TraceEvent.SessionClosed(link.sessionId, "closed by its client"));
            request.closesLink = true;
        }
        request.isForwarded = request.reply == null && !endsLocally && isForwarded(request.opcode);
        if (!request.isForwarded && link.queue.isEmpty()) {
            answer(now, request);
            return;
        }
        backlog.queue(request);
        if (request.closesLink) {
            // What follows an unknown operation must not be done while the refusal waits for its turn.
            link.phase = ClientLink.Phase.CLOSING;
        }
        if (request.isForwarded) {
            forward(request, body);
        }
    }

    private static boolean isForwarded(int opcode) {
        return switch (opcode) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL, OpCode.DELETE -> true;
            case OpCode.SET_DATA, OpCode.SET_ACL, OpCode.MULTI, OpCode.RECONFIG -> true;
            case OpCode.SYNC, OpCode.CLOSE_SESSION -> true;
            default -> false;
        };
    }

    /** The state is complete before the upstream is called: a leader may answer within the call. */
    private void forward(QueuedRequest request, Bytes body) {
        ClientLink link = request.link;
        link.unresolved++;
        if (request.isSync()) {
            syncs.add(request);
            link.unresolvedSyncs++;
            request.forwarded = body;
            desk.upstream().sync(link.sessionId, request.xid, body);
            return;
        }
        boolean needsGlobal = sessions.requestRules().upgradesForEphemerals();
        if (needsGlobal && sessions.isLocal(link.sessionId) && EphemeralCreation.isIn(request.request)) {
            request.isBehindUpgrade = true;
            makeGlobal(request);
        }
        Bytes record = body;
        if (request.opcode == OpCode.CLOSE_SESSION) {
            link.phase = ClientLink.Phase.CLOSING;
            record = Bytes.EMPTY;
        }
        request.forwarded = record;
        desk.upstream()
                .submit(new WriteRequest(link.sessionId, request.xid, request.opcode, record, request.identities));
    }

    /**
     * Whether what was passed on can be passed on once more: all but what depends on a session that became global with it, or on
     * one that only this server knew and that its client has closed since.
     */
    boolean isRepeatable(ClientLink link) {
        return link.queue.stream()
                .noneMatch(request -> (request.isUnresolved() && request.isBehindUpgrade)
                        || (request.opcode == OpCode.CLOSE_SESSION && !request.isForwarded));
    }

    /** When the oldest request without outcome came; only where there is one. */
    long inDoubtSinceNanos(ClientLink link) {
        return link.queue.element().receivedNanos;
    }

    /** Passes on again, in order, what the leader before has not proposed. */
    void repeat(ClientLink link) {
        for (QueuedRequest request : List.copyOf(link.queue)) {
            Bytes body = request.forwarded;
            if (request.isUnresolved() && body != null && request.isSync()) {
                syncs.add(request);
                desk.upstream().sync(link.sessionId, request.xid, body);
            } else if (request.isUnresolved() && body != null) {
                desk.upstream()
                        .submit(new WriteRequest(
                                link.sessionId, request.xid, request.opcode, body, request.identities));
            }
        }
    }

    /**
     * Ephemeral znodes need a session that all servers know (zab.md 12). Its creation goes ahead of the request, and with it
     * the session ceases to be local, whatever becomes of the creation: should the leader be lost before, the next one
     * knows whether the session is there.
     */
    private void makeGlobal(QueuedRequest request) {
        ClientLink link = request.link;
        if (!sessions.rules().mayUpgrade()) {
            request.isRefusedLocally = true;
            return;
        }
        sessions.becameGlobal(link.sessionId, link.timeoutMillis);
        desk.trace(new TraceEvent.SessionMadeGlobal(link.sessionId));
        Bytes body = new Request.CreateSession(link.timeoutMillis).encode();
        desk.upstream().submit(new WriteRequest(link.sessionId, 0, OpCode.CREATE_SESSION, body, request.identities));
    }

    /** At once, overtaking what is queued (client.md 11.5). */
    private void authenticate(Now now, QueuedRequest request, Bytes body) {
        ClientLink link = request.link;
        List<Id> gained;
        try {
            gained = authentication.identities((Request.Auth) Request.decode(OpCode.AUTH, body), link.address);
        } catch (MalformedException malformed) {
            desk.close(link, "malformed auth packet: " + malformed.getMessage());
            return;
        }
        if (gained == null) {
            outgoing.answer(now, request, Reply.failed(request.xid, 0, ErrorCode.AUTH_FAILED));
            desk.close(link, "authentication refused");
            return;
        }
        link.addIdentities(gained);
        outgoing.answer(now, request, new Reply(request.xid, 0, ErrorCode.OK, null));
    }

    // --- answering -----------------------------------------------------------------------------------------------

    /** Sends the reply of a request whose turn it is. */
    private void answer(Now now, QueuedRequest request) {
        Reply reply = request.reply;
        if (reply == null && request.opcode == OpCode.CLOSE_SESSION) {
            reply = new Reply(request.xid, lastApplied(), ErrorCode.OK, null);
        } else if (reply == null) {
            int xid = request.opcode == OpCode.PING ? Reply.XID_PING : request.xid;
            reply = new ReadAnswer(desk.tree(), watches, request, desk.znodes().aclChecks()).to(xid, request.request);
        }
        outgoing.answer(now, request, reply);
        if (request.closesLink) {
            boolean isClosed = request.opcode == OpCode.CLOSE_SESSION;
            desk.close(request.link, isClosed ? "session closed" : "unknown operation " + request.opcode);
        }
    }

    /** The outcome of a request that was passed on; answers from the front of the queue up to the next without one. */
    void resolve(Now now, QueuedRequest resolved, Reply reply) {
        resolved.reply = reply;
        ClientLink link = resolved.link;
        link.unresolved--;
        while (link.isOpen() && !link.queue.isEmpty() && !link.queue.peek().isUnresolved()) {
            answer(now, backlog.dequeue(link));
        }
        backlog.resumeIfDrained(link);
    }

    /** The oldest sync without outcome has one. */
    void synced(Now now) {
        QueuedRequest sync = syncs.poll();
        if (sync == null) {
            return;
        }
        String path = ((Request.Sync) sync.request).path();
        sync.link.unresolvedSyncs--;
        resolve(now, sync, new Reply(sync.xid, lastApplied(), ErrorCode.OK, new Response.SyncPath(path)));
        if (sync.link.isOpen()) {
            desk.takeHeld(now, sync.link);
        }
    }

    /**
     * A write of the session's link was applied, unless it is another link's or another server's.
     *
     * @return false if it is none that {@code link} waits for
     */
    boolean written(Now now, ClientLink link, Txn txn, TxnResult result) {
        QueuedRequest write = link.oldestUnresolvedWrite();
        if (write == null || write.xid != txn.header().cxid()) {
            return false;
        }
        if (result.err() == ErrorCode.SESSION_MOVED) {
            // Without a reply, and it is no orphan: its outcome is known.
            write.refuse(ErrorCode.SESSION_MOVED, 0);
            link.unresolved--;
            desk.close(link, "session 0x" + Long.toHexString(link.sessionId) + " moved to another server");
            return true;
        }
        resolve(now, write, WriteAnswer.of(write, txn, result));
        return true;
    }

    /** Whether a write of a closed link of the session may have its outcome yet. */
    boolean hasOrphans(long sessionId) {
        return orphans.containsKey(sessionId);
    }

    /** Whether this is the outcome of a write whose link is closed. Those that were passed on before it were lost then. */
    boolean takeOrphan(long sessionId, int cxid) {
        if (orphans.isEmpty()) {
            return false;
        }
        @Nullable ArrayDeque<QueuedRequest> writes = orphans.get(sessionId);
        if (writes == null || writes.stream().noneMatch(write -> write.xid == cxid)) {
            return false;
        }
        while (writes.remove().xid != cxid) {
            // A leader may have been given it that did not propose it.
        }
        if (writes.isEmpty()) {
            orphans.remove(sessionId);
        }
        return true;
    }

    /** No outcome of the session's writes comes any more, or none matters. */
    void forgetOrphans(long sessionId) {
        orphans.remove(sessionId);
    }

    /** What was passed on to the leader before has its outcome, or never will. */
    void forgetOrphans() {
        orphans.clear();
    }

    private long lastApplied() {
        return desk.tree().lastApplied().value();
    }
}
