package io.matriarch.core.request;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TxnResult;
import io.matriarch.core.watch.WatchTable;
import io.matriarch.wire.Acl;
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
import io.matriarch.wire.client.WatchEvent;
import io.matriarch.wire.quorum.SessionTouch;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one server: their links, handshakes, requests, watches and answers. It lives as long as the server,
 * whatever role that has; who leads reaches it as {@link #serve} and {@link #suspend}.
 *
 * <p>The order on one link (client.md 16): writes are passed on as they come; a read is answered from the tree at once
 * unless something of this link before it is unanswered, and then in its turn. Replies leave strictly in the order of
 * requests, but for auth, which is answered when it is read. Events of a transaction leave before the reply to it.
 *
 * <p>Deviation: when the leader is lost, Apache closes every client link. Here a link stays if nothing on it depends on
 * the lost leader, that is unless a write, a sync or a handshake was passed on and has no outcome. What it sends is held,
 * unanswered, until this server serves again or a third of the session timeout has passed; then it is closed so that
 * the client, which gives up after two thirds, can go elsewhere in time. This is safe because nothing is answered or
 * passed on meanwhile, events keep coming in order as missed transactions are applied, and a link whose session turns
 * out to have written through another server or to have ended is closed.
 */
public final class ClientDesk {
    private static final int SCANS_PER_TICK = 4;
    private static final int OPCODE_AT = 4;
    private static final int REQUEST_HEADER_BYTES = 8;

    private final DeskConfig config;
    private final EffectSink out;
    private final WatchTable watches;
    private final Authentication authentication;
    private final Handshakes handshakes;

    private final Map<LinkId, ClientLink> links = new LinkedHashMap<>();
    private final Map<Long, ClientLink> bySession = new HashMap<>();
    private final Map<Long, Integer> touched = new LinkedHashMap<>();

    /** Syncs without outcome, in the order in which they were passed on; of closed links too. */
    private final ArrayDeque<QueuedRequest> syncs = new ArrayDeque<>();

    /** Writes without outcome of links that are closed: they must not be taken for those of the session's next link. */
    private final Map<Long, ArrayDeque<QueuedRequest>> orphans = new HashMap<>();

    private final LatencyMeter latency = new LatencyMeter();

    private DataTree tree;
    private @Nullable Upstream upstream;
    private int outstanding;
    private long received;
    private long sent;
    private long nextScanNanos;

    /** A desk that does not serve yet. */
    public ClientDesk(DeskConfig config, DataTree tree, EffectSink out) {
        this.config = config;
        this.tree = tree;
        this.out = out;
        this.watches = new WatchTable(this::fired);
        this.authentication = new Authentication(config.superDigest());
        this.handshakes = new Handshakes(this, config, out);
    }

    // --- links ---------------------------------------------------------------------------------------------------

    /** A client connected from {@code address}, an IP without port. */
    public void clientUp(Now now, LinkId link, String address) {
        if (links.isEmpty()) {
            nextScanNanos = now.plusMillis(scanMillis());
        }
        links.put(link, new ClientLink(link, address, now.nanos()));
    }

    /** A client sent a frame. Frames of links that this desk closed are ignored. */
    public void clientFrame(Now now, LinkId id, Bytes frame) {
        ClientLink link = links.get(id);
        if (link == null || link.phase == ClientLink.Phase.CLOSING) {
            return;
        }
        received++;
        link.received++;
        link.lastHeardNanos = now.nanos();
        if (mayProceed(link) && !isBehindSync(link, frame)) {
            take(now, link, frame, now.nanos());
        } else {
            if (upstream == null && link.inbox.isEmpty() && link.phase == ClientLink.Phase.CONNECTING) {
                link.heldSinceNanos = now.nanos();
            }
            link.inbox.add(new ClientLink.HeldFrame(frame, now.nanos()));
            link.heldBytes += frame.length();
            outstanding++;
        }
        pauseIfFull(link);
    }

    /** A link ended. Says whether it was a client's. */
    public boolean linkDown(Now now, LinkId id) {
        ClientLink link = links.get(id);
        if (link == null) {
            return false;
        }
        remove(link);
        return true;
    }

    /** Closes a link after what was sent before. */
    void close(ClientLink link, String reason) {
        if (link.isOpen()) {
            remove(link);
            out.emit(new Effect.CloseLink(link.id, reason));
        }
    }

    private void remove(ClientLink link) {
        links.remove(link.id);
        watches.removeLink(link.id);
        bySession.remove(link.sessionId, link);
        link.phase = ClientLink.Phase.CLOSED;
        outstanding -= link.load();
        if (link.unresolved > 0) {
            keepOrphans(link);
        }
        link.inbox.clear();
        link.queue.clear();
    }

    private void keepOrphans(ClientLink link) {
        for (QueuedRequest request : link.queue) {
            if (request.isUnresolved() && !request.isSync()) {
                orphans.computeIfAbsent(link.sessionId, session -> new ArrayDeque<>())
                        .add(request);
            }
        }
    }

    // --- serving -------------------------------------------------------------------------------------------------

    /**
     * This server serves from now on, with everything applied that it must know: held handshakes and requests proceed in
     * order.
     */
    public void serve(Now now, Upstream through) {
        suspend(now, "the leader changed");
        upstream = through;
        for (ClientLink link : List.copyOf(links.values())) {
            if (link.phase == ClientLink.Phase.ESTABLISHED && !tree.hasSession(link.sessionId)) {
                close(link, "session 0x" + Long.toHexString(link.sessionId) + " ended");
            } else {
                takeHeld(now, link);
            }
        }
    }

    /**
     * This server does not serve any more: links with something passed on whose outcome is unknown are closed, the others
     * stay and are held.
     */
    public void suspend(Now now, String reason) {
        if (upstream == null) {
            return;
        }
        upstream = null;
        for (ClientLink link : List.copyOf(links.values())) {
            boolean isInHandshake =
                    link.phase == ClientLink.Phase.CREATING || link.phase == ClientLink.Phase.REVALIDATING;
            if (isInHandshake || link.unresolved > 0) {
                close(link, reason);
            } else {
                link.heldSinceNanos = now.nanos();
            }
        }
        syncs.clear();
        orphans.clear();
        handshakes.clear();
    }

    /** Whether this server serves. */
    public boolean isServing() {
        return upstream != null;
    }

    /** What is passed on goes here; only to be called while serving. */
    Upstream upstream() {
        return upstream;
    }

    DataTree tree() {
        return tree;
    }

    private boolean mayProceed(ClientLink link) {
        return upstream != null
                && link.inbox.isEmpty()
                && (link.phase == ClientLink.Phase.CONNECTING || link.phase == ClientLink.Phase.ESTABLISHED);
    }

    /**
     * A write is not passed on before the syncs ahead of it have their outcome: it could be committed first, and then a
     * read between the two would see it.
     */
    private static boolean isBehindSync(ClientLink link, Bytes frame) {
        if (link.unresolvedSyncs == 0 || frame.length() < REQUEST_HEADER_BYTES) {
            return false;
        }
        int opcode = new JuteReader(frame.slice(OPCODE_AT, frame.length())).readInt();
        return opcode != OpCode.SYNC && isForwarded(opcode);
    }

    private void take(Now now, ClientLink link, Bytes frame, long receivedNanos) {
        if (link.phase == ClientLink.Phase.CONNECTING) {
            handshakes.begin(now, link, frame);
        } else {
            request(now, link, frame, receivedNanos);
        }
    }

    /** Takes the frames that waited, as far as they may proceed now. */
    private void takeHeld(Now now, ClientLink link) {
        while (upstream != null && !link.inbox.isEmpty()) {
            boolean mayTake = link.phase == ClientLink.Phase.CONNECTING || link.phase == ClientLink.Phase.ESTABLISHED;
            if (!mayTake || isBehindSync(link, link.inbox.peek().frame())) {
                return;
            }
            ClientLink.HeldFrame held = link.inbox.poll();
            link.heldBytes -= held.frame().length();
            outstanding--;
            take(now, link, held.frame(), held.receivedNanos());
        }
        if (link.phase == ClientLink.Phase.CLOSING) {
            outstanding -= link.inbox.size();
            link.inbox.clear();
        }
        resumeIfDrained(link);
    }

    // --- sessions ------------------------------------------------------------------------------------------------

    /** The session of {@code link} is established; another link of it on this server is closed. */
    void established(Now now, ClientLink link) {
        closeOtherLink(link);
        link.phase = ClientLink.Phase.ESTABLISHED;
        link.lastHeardNanos = now.nanos();
        bySession.put(link.sessionId, link);
        touched.put(link.sessionId, link.timeoutMillis);
        link.sent++;
        sent++;
        takeHeld(now, link);
    }

    void closeOtherLink(ClientLink link) {
        ClientLink other = bySession.get(link.sessionId);
        if (other != null && other != link) {
            close(other, "session 0x" + Long.toHexString(link.sessionId) + " moved to another connection");
        }
    }

    /** The leader answered {@link Upstream#revalidate}. */
    public void revalidated(Now now, long sessionId, boolean isValid) {
        handshakes.revalidated(now, sessionId, isValid);
    }

    /** The sessions heard of since the last call, with their timeouts; they must not expire now. */
    public List<SessionTouch> touches() {
        List<SessionTouch> touches = new ArrayList<>(touched.size());
        for (Map.Entry<Long, Integer> entry : touched.entrySet()) {
            touches.add(new SessionTouch(entry.getKey(), entry.getValue()));
        }
        touched.clear();
        return touches;
    }

    // --- requests ------------------------------------------------------------------------------------------------

    private void request(Now now, ClientLink link, Bytes frame, long receivedNanos) {
        touched.put(link.sessionId, link.timeoutMillis);
        ClientRequest header;
        try {
            header = ClientRequest.decode(frame);
        } catch (MalformedException malformed) {
            close(link, "malformed request: " + malformed.getMessage());
            return;
        }
        link.lastXid = header.xid();
        QueuedRequest request = new QueuedRequest(link, header.xid(), header.opcode(), frame.length(), receivedNanos);
        if (header.opcode() == OpCode.AUTH) {
            authenticate(now, request, header.body());
            return;
        }
        if (!Request.isKnown(header.opcode())) {
            refuse(request, ErrorCode.UNIMPLEMENTED, -1);
            request.closesLink = true;
        } else if (!isOffered(header.opcode())) {
            refuse(request, ErrorCode.UNIMPLEMENTED, tree.lastApplied().value());
        } else {
            decode(request, header.body());
        }
        enqueue(now, request, header.body());
    }

    /** Deviation: membership changes and times to live are not there yet; the connection stays (LESSONS 55). */
    private static boolean isOffered(int opcode) {
        return opcode != OpCode.RECONFIG && opcode != OpCode.CREATE_TTL;
    }

    private static void refuse(QueuedRequest request, int err, long zxid) {
        request.reply = Reply.failed(request.xid, zxid, err);
    }

    private void decode(QueuedRequest request, Bytes body) {
        try {
            request.request = Request.decode(request.opcode, body);
        } catch (MalformedException malformed) {
            refuse(request, ErrorCode.MARSHALLING_ERROR, tree.lastApplied().value());
        }
    }

    private void enqueue(Now now, QueuedRequest request, Bytes body) {
        ClientLink link = request.link;
        if (request.request instanceof Request.Sasl sasl) {
            if (sasl.token() == null) {
                // Compat: Apache trips over it.
                close(link, "null SASL token");
                return;
            }
            request.reply = new Reply(request.xid, 0, ErrorCode.OK, new Response.SaslToken(null));
        }
        request.isForwarded = request.reply == null && isForwarded(request.opcode);
        if (!request.isForwarded && link.queue.isEmpty()) {
            answer(now, request);
            return;
        }
        link.queue.add(request);
        link.heldBytes += request.sizeBytes;
        outstanding++;
        if (request.isForwarded) {
            forward(request, body);
        }
    }

    private static boolean isForwarded(int opcode) {
        return switch (opcode) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.DELETE -> true;
            case OpCode.SET_DATA, OpCode.SET_ACL, OpCode.MULTI -> true;
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
            upstream.sync(link.sessionId, request.xid, body);
            return;
        }
        Bytes record = body;
        if (request.opcode == OpCode.CLOSE_SESSION) {
            link.phase = ClientLink.Phase.CLOSING;
            record = Bytes.EMPTY;
        }
        upstream.submit(new WriteRequest(link.sessionId, request.xid, request.opcode, record, request.identities));
    }

    /** At once, overtaking what is queued (client.md 11.5). */
    private void authenticate(Now now, QueuedRequest request, Bytes body) {
        ClientLink link = request.link;
        List<Id> gained;
        try {
            gained = authentication.identities((Request.Auth) Request.decode(OpCode.AUTH, body), link.address);
        } catch (MalformedException malformed) {
            close(link, "malformed auth packet: " + malformed.getMessage());
            return;
        }
        if (gained == null) {
            send(now, request, Reply.failed(request.xid, 0, ErrorCode.AUTH_FAILED));
            close(link, "authentication refused");
            return;
        }
        link.addIdentities(gained);
        send(now, request, new Reply(request.xid, 0, ErrorCode.OK, null));
    }

    // --- answers -------------------------------------------------------------------------------------------------

    /** Sends the reply of a request whose turn it is. */
    private void answer(Now now, QueuedRequest request) {
        Reply reply = request.reply;
        if (reply == null) {
            int xid = request.opcode == OpCode.PING ? Reply.XID_PING : request.xid;
            reply = new ReadAnswer(tree, watches, request).to(xid, request.request);
        }
        send(now, request, reply);
        if (request.closesLink) {
            boolean isClosed = request.opcode == OpCode.CLOSE_SESSION;
            close(request.link, isClosed ? "session closed" : "unknown operation " + request.opcode);
        }
    }

    private void send(Now now, QueuedRequest request, Reply reply) {
        long nanos = now.nanos() - request.receivedNanos;
        latency.add(nanos);
        request.link.latency.add(nanos);
        send(request.link, reply);
    }

    private void send(ClientLink link, Reply reply) {
        sent++;
        link.sent(reply);
        out.emit(new Effect.SendReply(link.id, reply));
    }

    private void resolve(Now now, QueuedRequest request, Reply reply) {
        request.reply = reply;
        ClientLink link = request.link;
        link.unresolved--;
        if (link.isOpen()) {
            drain(now, link);
            resumeIfDrained(link);
        }
    }

    /** Answers from the front of the queue up to the next request without outcome. */
    private void drain(Now now, ClientLink link) {
        while (link.isOpen() && !link.queue.isEmpty() && !link.queue.peek().isUnresolved()) {
            QueuedRequest request = link.queue.poll();
            link.heldBytes -= request.sizeBytes;
            outstanding--;
            answer(now, request);
        }
    }

    /** Withholds what the client may not read (client.md 13.4). */
    private void fired(LinkId id, WatchEvent event, List<Acl> acl, long zxid) {
        ClientLink link = links.get(id);
        if (link != null && AccessControl.mayRead(acl, link.identities)) {
            send(link, Reply.notification(zxid, event));
        }
    }

    // --- outcomes ------------------------------------------------------------------------------------------------

    /**
     * A transaction is committed: it is applied to the tree, fires watches, and answers the write or the handshake it
     * came from. Also while not serving, for what a learner missed.
     */
    public TxnResult apply(Now now, Txn txn) {
        TxnResult result = tree.apply(txn, watches);
        TxnHeader header = txn.header();
        long sessionId = header.clientId();
        if (header.type() == OpCode.CREATE_SESSION) {
            handshakes.created(now, sessionId);
        } else if (header.type() == OpCode.CLOSE_SESSION) {
            closed(now, txn, result);
        } else if (!isOrphan(sessionId, header.cxid())) {
            ClientLink link = bySession.get(sessionId);
            if (link != null) {
                written(now, link, txn, result);
            } else if (header.type() == OpCode.ERROR) {
                handshakes.creationFailed(sessionId);
            }
        }
        return result;
    }

    private boolean isOrphan(long sessionId, int cxid) {
        if (orphans.isEmpty()) {
            return false;
        }
        ArrayDeque<QueuedRequest> writes = orphans.get(sessionId);
        if (writes == null || writes.peek().xid != cxid) {
            return false;
        }
        writes.poll();
        if (writes.isEmpty()) {
            orphans.remove(sessionId);
        }
        return true;
    }

    private void written(Now now, ClientLink link, Txn txn, TxnResult result) {
        QueuedRequest write = link.oldestUnresolvedWrite();
        if (write == null || write.xid != txn.header().cxid()) {
            if (upstream == null) {
                close(link, "session 0x" + Long.toHexString(link.sessionId) + " wrote through another server");
            }
            return;
        }
        if (result.err() == ErrorCode.SESSION_MOVED) {
            write.reply = Reply.failed(write.xid, 0, ErrorCode.SESSION_MOVED);
            link.unresolved--;
            close(link, "session 0x" + Long.toHexString(link.sessionId) + " moved to another server");
            return;
        }
        resolve(now, write, WriteAnswer.of(write.xid, txn, result));
    }

    /** Whoever asked for it gets an answer; a link whose session ended otherwise closes without a word. */
    private void closed(Now now, Txn txn, TxnResult result) {
        long sessionId = txn.header().clientId();
        orphans.remove(sessionId);
        touched.remove(sessionId);
        ClientLink link = bySession.remove(sessionId);
        if (link == null) {
            return;
        }
        QueuedRequest last = link.queue.peekLast();
        boolean isAsked = link.phase == ClientLink.Phase.CLOSING && last != null;
        out.trace(new TraceEvent.SessionClosed(sessionId, isAsked ? "closed by its client" : "expired"));
        if (!isAsked) {
            close(link, "session 0x" + Long.toHexString(sessionId) + " expired");
            return;
        }
        last.closesLink = true;
        resolve(now, last, WriteAnswer.of(last.xid, txn, result));
    }

    /** The oldest sync without outcome has one: everything it must reflect is applied. */
    public void synced(Now now) {
        QueuedRequest sync = syncs.poll();
        if (sync == null) {
            return;
        }
        String path = ((Request.Sync) sync.request).path();
        long zxid = tree.lastApplied().value();
        sync.link.unresolvedSyncs--;
        resolve(now, sync, new Reply(sync.xid, zxid, ErrorCode.OK, new Response.SyncPath(path)));
        if (sync.link.isOpen()) {
            takeHeld(now, sync.link);
        }
    }

    /**
     * The tree was replaced by a snapshot's. Watches may have missed events, so every link with a session is closed; links
     * that wait for their handshake stay.
     */
    public void treeReplaced(Now now, DataTree replacement) {
        tree = replacement;
        for (ClientLink link : List.copyOf(links.values())) {
            if (link.phase != ClientLink.Phase.CONNECTING) {
                close(link, "the database was replaced by a snapshot");
            }
        }
        syncs.clear();
        orphans.clear();
        handshakes.clear();
    }

    // --- bounds --------------------------------------------------------------------------------------------------

    private void pauseIfFull(ClientLink link) {
        boolean isFull = link.load() >= config.maxQueuedRequests()
                || link.heldBytes >= config.maxQueuedBytes()
                || (link.load() > 0 && outstanding >= config.maxOutstandingRequests());
        if (isFull && !link.isPaused && link.isOpen()) {
            link.isPaused = true;
            out.emit(new Effect.PauseReads(link.id));
        }
    }

    /** A link without anything outstanding is always read from. */
    private void resumeIfDrained(ClientLink link) {
        if (!link.isPaused || !link.isOpen()) {
            return;
        }
        boolean hasRoom = link.load() <= config.maxQueuedRequests() / 2
                && link.heldBytes <= config.maxQueuedBytes() / 2
                && outstanding < config.maxOutstandingRequests();
        if (hasRoom || link.load() == 0) {
            link.isPaused = false;
            out.emit(new Effect.ResumeReads(link.id));
        }
    }

    // --- time ----------------------------------------------------------------------------------------------------

    /** When {@link #tick} must be called next; Long.MAX_VALUE if there is no link. */
    public long deadlineNanos() {
        return links.isEmpty() ? Long.MAX_VALUE : nextScanNanos;
    }

    /** Closes the links that have waited, or been silent, for too long. */
    public void tick(Now now) {
        if (links.isEmpty() || !now.isAtOrAfter(nextScanNanos)) {
            return;
        }
        nextScanNanos = now.plusMillis(scanMillis());
        for (ClientLink link : List.copyOf(links.values())) {
            String reason = whyOverdue(now, link);
            if (reason != null) {
                close(link, reason);
            }
        }
    }

    private @Nullable String whyOverdue(Now now, ClientLink link) {
        if (link.phase == ClientLink.Phase.CONNECTING) {
            if (link.inbox.isEmpty()) {
                return now.millisSince(link.upNanos) > config.handshakeMillis() ? "no connect request came" : null;
            }
            return now.millisSince(link.heldSinceNanos) > config.tickMillis() ? "this server does not serve" : null;
        }
        if (!link.hasSession()) {
            return null;
        }
        if (upstream == null) {
            return now.millisSince(link.heldSinceNanos) > link.timeoutMillis / 3 ? "this server does not serve" : null;
        }
        boolean isSilent = !link.isPaused && now.millisSince(link.lastHeardNanos) > link.timeoutMillis;
        return isSilent ? "nothing was heard for the session timeout" : null;
    }

    private int scanMillis() {
        return Math.max(1, config.tickMillis() / SCANS_PER_TICK);
    }

    // --- figures -------------------------------------------------------------------------------------------------

    /** Figures now. */
    public ClientStats stats() {
        return new ClientStats(
                links.size(),
                outstanding,
                received,
                sent,
                latency.minMillis(),
                latency.avgMillis(),
                latency.maxMillis());
    }

    /** Figures with one entry per link. */
    public ClientStats.Detailed detailedStats() {
        List<ClientStats.Link> each = new ArrayList<>(links.size());
        for (ClientLink link : links.values()) {
            each.add(link.stats());
        }
        return new ClientStats.Detailed(stats(), each);
    }

    /** Counts and latencies start over. */
    public void resetStats() {
        received = 0;
        sent = 0;
        latency.reset();
    }

    /** Watches set, as ZooKeeper counts them. */
    public int watchCount() {
        return watches.count();
    }
}
