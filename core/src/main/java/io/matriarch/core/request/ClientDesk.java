package io.matriarch.core.request;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TxnResult;
import io.matriarch.core.watch.WatchTable;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.WatchEvent;
import io.matriarch.wire.quorum.SessionTouch;
import io.matriarch.wire.txn.Txn;
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
 * <p>Deviation: when the leader is lost, Apache closes every client link. Here a link stays unless a handshake on it was
 * passed on. What it sends is held, unanswered, until this server serves again or a third of the session timeout has
 * passed; then it is closed so that the client, which gives up after two thirds, can go elsewhere in time. This is safe
 * because nothing is answered or passed on meanwhile, events keep coming in order as missed transactions are applied, and
 * a link whose session turns out to have written through another server or to have ended is closed.
 *
 * <p>What was passed on and has no outcome is in doubt until another server leads: then it has become one of the missed
 * transactions and is answered, or never will, since what a new leader's history lacks is lost for good, and is passed on
 * again. The same leader may still have it under way, even in the next epoch, so at that one such a link is closed (ADR 5).
 */
public final class ClientDesk {
    private static final int SCANS_PER_TICK = 4;

    private final DeskConfig config;
    private final EffectSink out;
    private final WatchTable watches;
    private final Backlog backlog;
    private final Outgoing outgoing;
    private final Handshakes handshakes;
    private final RequestLine line;
    private final DeskSessions sessions;
    private final Outcomes outcomes;
    private final Overdue overdue;
    private final Lease lease = new Lease();

    private final Map<LinkId, ClientLink> links = new LinkedHashMap<>();
    private final Map<Long, ClientLink> bySession = new HashMap<>();

    private DataTree tree;
    private @Nullable Upstream upstream;

    /** Who may have under way what was passed on before this server stopped to serve; null if nobody has. */
    private @Nullable Upstream lost;

    private boolean isReadOnly;
    private long nextScanNanos;

    /** A desk that does not serve yet. */
    public ClientDesk(DeskConfig config, DataTree tree, EffectSink out) {
        this.config = config;
        this.tree = tree;
        this.out = out;
        this.watches = new WatchTable(this::fired);
        this.backlog = new Backlog(config, out);
        this.outgoing = new Outgoing(out);
        this.sessions = new DeskSessions(config);
        this.overdue = new Overdue(config);
        this.handshakes = new Handshakes(this, sessions, config, out, outgoing);
        Authentication authentication = new Authentication(config.superDigest());
        this.line = new RequestLine(this, sessions, watches, authentication, backlog, outgoing);
        this.outcomes = new Outcomes(this, sessions, handshakes, line);
    }

    // --- links ---------------------------------------------------------------------------------------------------

    /** A client connected from {@code address}, an IP without port. */
    public void clientUp(Now now, LinkId link, String address) {
        if (links.isEmpty()) {
            nextScanNanos = now.plusMillis(scanMillis());
        }
        links.put(link, new ClientLink(link, address, now));
    }

    /** A client sent a frame. Frames of links that this desk closed are ignored. */
    public void clientFrame(Now now, LinkId id, Bytes frame) {
        ClientLink link = links.get(id);
        if (link == null || link.phase == ClientLink.Phase.CLOSING) {
            return;
        }
        outgoing.received(link, now);
        noteEndOfLease(now);
        if (link.phase == ClientLink.Phase.ESTABLISHED) {
            // At once: what it sent may have to wait for long.
            sessions.heardOf(now, link.sessionId, link.timeoutMillis);
        }
        if (mayProceed(now, link) && !RequestLine.isBehindSync(link, frame)) {
            take(now, link, frame, now.nanos());
        } else {
            if (!isServed(now, link) && link.inbox.isEmpty() && link.phase == ClientLink.Phase.CONNECTING) {
                link.heldSinceNanos = now.nanos();
            }
            backlog.hold(link, frame, now);
        }
        backlog.pauseIfFull(link);
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

    /** Whether an outcome may come yet that answers an earlier link of the session. */
    boolean hasOrphans(long sessionId) {
        return line.hasOrphans(sessionId);
    }

    /** The session's earlier links wait for nothing that could still come. */
    void forgetOrphans(long sessionId) {
        line.forgetOrphans(sessionId);
    }

    private void remove(ClientLink link) {
        links.remove(link.id);
        watches.removeLink(link.id);
        bySession.remove(link.sessionId, link);
        link.phase = ClientLink.Phase.CLOSED;
        if (link.unresolved > 0) {
            line.keepOrphans(link);
        }
        backlog.drop(link);
    }

    // --- serving -------------------------------------------------------------------------------------------------

    /**
     * This server serves from now on, with everything applied that it must know: held handshakes and requests proceed in
     * order, behind what is passed on again.
     */
    public void serve(Now now, Upstream through) {
        if (upstream != null) {
            suspend(now, "the leader changed");
        }
        endReadOnly("there is a quorum");
        upstream = through;
        boolean isInDoubt = lost != null && through.mayYetPropose(lost);
        sessions.local().startClocks(now);
        for (ClientLink link : List.copyOf(links.values())) {
            if (link.phase == ClientLink.Phase.ESTABLISHED && !sessions.isKnown(link.sessionId, tree)) {
                close(link, "session 0x" + Long.toHexString(link.sessionId) + " ended");
            } else if (link.hasWriteUnderWay() && (isInDoubt || isGivenUp(now, link))) {
                close(link, "nobody knows what became of its last request");
            }
        }
        if (!isInDoubt) {
            line.forgetOrphans();
        }
        for (ClientLink link : List.copyOf(links.values())) {
            line.repeat(link);
            takeHeld(now, link);
        }
    }

    /** For a third of its timeout no client gives a link up on which it just sent: it would have to miss two pings' answers. */
    private boolean isGivenUp(Now now, ClientLink link) {
        return lost != null && now.millisSince(line.inDoubtSinceNanos(link)) >= link.timeoutMillis / 3;
    }

    /** This server does not serve any more: its links are held. What was passed on is in doubt. */
    public void suspend(Now now, String reason) {
        stop(now, reason, upstream);
    }

    /**
     * The same where the leader has told that it will never propose what it has not: that is passed on again when this
     * server serves, and its links stay.
     */
    public void handOver(Now now, String reason) {
        stop(now, reason, null);
    }

    private void stop(Now now, String reason, @Nullable Upstream mayPropose) {
        lease.extend(now, Long.MAX_VALUE);
        if (upstream == null) {
            return;
        }
        upstream = null;
        lost = mayPropose;
        sessions.local().stopClocks();
        for (ClientLink link : List.copyOf(links.values())) {
            boolean isInHandshake =
                    link.phase == ClientLink.Phase.CREATING || link.phase == ClientLink.Phase.REVALIDATING;
            if (isInHandshake || !line.isRepeatable(link)) {
                close(link, reason);
            } else {
                link.heldSinceNanos = now.nanos();
            }
        }
        line.forgetSyncs();
        handshakes.clear();
    }

    /**
     * A leader may answer up to {@code untilNanos}, exclusive; Long.MAX_VALUE for as long as it leads. Beyond, frames wait
     * like those of a server that does not serve, and are taken when the end is moved; what was passed on before is
     * answered when its outcome comes, which proves that the leader led.
     */
    public void serveUntil(Now now, long untilNanos) {
        if (lease.extend(now, untilNanos)) {
            List.copyOf(links.values()).forEach(link -> takeHeld(now, link));
        }
    }

    private void noteEndOfLease(Now now) {
        if (lease.hasJustEnded(now)) {
            links.values().forEach(link -> link.heldSinceNanos = now.nanos());
        }
    }

    /**
     * There is no quorum: from now on this server serves those clients that allow it, from the tree as it is, and refuses
     * what would change it (client.md 19). Links that wait for a quorum go on waiting.
     */
    public void serveReadOnly(Now now) {
        if (upstream != null) {
            throw new IllegalStateException("a server that serves cannot become read-only");
        }
        isReadOnly = true;
        sessions.local().startClocks(now);
        out.trace(new TraceEvent.ReadOnlyChanged(true));
        for (ClientLink link : List.copyOf(links.values())) {
            takeHeld(now, link);
        }
    }

    /** Closes the links served since {@link #serveReadOnly}; the sessions granted meanwhile end. */
    public void endReadOnly(String reason) {
        if (!isReadOnly) {
            return;
        }
        isReadOnly = false;
        sessions.local().stopClocks();
        out.trace(new TraceEvent.ReadOnlyChanged(false));
        if (!sessions.requestRules().endsReadersWithQuorum()) {
            links.values().forEach(link -> link.isReadOnly = false);
            return;
        }
        sessions.local().endReadOnly();
        for (ClientLink link : List.copyOf(links.values())) {
            if (link.isReadOnly) {
                close(link, reason);
            }
        }
    }

    /** Whether this server serves, with a quorum behind it. */
    public boolean isServing() {
        return upstream != null;
    }

    /** Whether this server serves without a quorum, for reading. */
    public boolean isReadOnly() {
        return isReadOnly;
    }

    /** Which sessions this server grants. */
    public SessionRules sessionRules() {
        return sessions.rules();
    }

    /** Rules that only tests replace. */
    public RequestRules rules() {
        return sessions.requestRules();
    }

    /** What operators decide about znodes. */
    public ZnodeConfig znodes() {
        return config.znodes();
    }

    /** Whether only this server knows the session. */
    public boolean isLocal(long sessionId) {
        return sessions.isLocal(sessionId);
    }

    /** What is passed on goes here; only to be called while serving. */
    Upstream upstream() {
        return upstream;
    }

    DataTree tree() {
        return tree;
    }

    void trace(TraceEvent event) {
        out.trace(event);
    }

    private boolean isServed(Now now, ClientLink link) {
        boolean mayBeReadOnly = link.isReadOnly || link.phase == ClientLink.Phase.CONNECTING;
        return (upstream != null && !lease.isOver(now)) || (isReadOnly && mayBeReadOnly);
    }

    private boolean mayProceed(Now now, ClientLink link) {
        return isServed(now, link)
                && link.inbox.isEmpty()
                && (link.phase == ClientLink.Phase.CONNECTING || link.phase == ClientLink.Phase.ESTABLISHED);
    }

    private void take(Now now, ClientLink link, Bytes frame, long receivedNanos) {
        if (link.phase == ClientLink.Phase.CONNECTING) {
            handshakes.begin(now, link, frame);
        } else {
            line.take(now, link, frame, receivedNanos);
        }
    }

    /** Takes the frames that waited, as far as they may proceed now. */
    void takeHeld(Now now, ClientLink link) {
        while (isServed(now, link) && !link.inbox.isEmpty()) {
            boolean mayTake = link.phase == ClientLink.Phase.CONNECTING || link.phase == ClientLink.Phase.ESTABLISHED;
            if (link.phase == ClientLink.Phase.CLOSING) {
                backlog.dropHeld(link);
                return;
            }
            if (!mayTake || RequestLine.isBehindSync(link, link.inbox.peek().frame())) {
                return;
            }
            ClientLink.HeldFrame held = backlog.release(link);
            take(now, link, held.frame(), held.receivedNanos());
        }
        backlog.resumeIfDrained(link);
    }

    // --- sessions ------------------------------------------------------------------------------------------------

    /** The session of {@code link} is established; another link of it on this server is closed. */
    void established(Now now, ClientLink link) {
        closeOtherLink(link);
        link.phase = ClientLink.Phase.ESTABLISHED;
        link.lastHeardNanos = now.nanos();
        bySession.put(link.sessionId, link);
        sessions.heardOf(now, link.sessionId, link.timeoutMillis);
        takeHeld(now, link);
    }

    /** The link of this session; null if it has none here. */
    @Nullable
    ClientLink linkOf(long sessionId) {
        return bySession.get(sessionId);
    }

    /** The session ended; answers the link it had, which stays open. */
    @Nullable
    ClientLink takeLinkOf(long sessionId) {
        return bySession.remove(sessionId);
    }

    void closeOtherLink(ClientLink link) {
        ClientLink other = bySession.get(link.sessionId);
        if (other != null && other != link) {
            close(other, "session 0x" + Long.toHexString(link.sessionId) + " moved to another connection");
        }
    }

    /** The session goes on at an observer that this server serves: its link here, if it has one, is closed. */
    public void moved(long sessionId) {
        ClientLink link = bySession.get(sessionId);
        if (link != null) {
            close(link, "session 0x" + Long.toHexString(sessionId) + " moved to another server");
        }
    }

    /** The leader answered {@link Upstream#revalidate}. */
    public void revalidated(Now now, long sessionId, boolean isValid) {
        handshakes.revalidated(now, sessionId, isValid);
    }

    /** The sessions heard of since the last call, with their timeouts; they must not expire now. */
    public List<SessionTouch> touches() {
        return sessions.touches();
    }

    /** The same, with the times; either method leaves nothing for the other. */
    public List<HeardOf> heardOf() {
        return sessions.heardOf();
    }

    /** Withholds what the client may not read (client.md 13.4). */
    private void fired(LinkId id, WatchEvent event, List<Acl> acl, long zxid) {
        ClientLink link = links.get(id);
        if (link != null && config.znodes().aclChecks().permitReading(acl, link.identities)) {
            outgoing.send(link, Reply.notification(zxid, event));
        }
    }

    // --- outcomes ------------------------------------------------------------------------------------------------

    /**
     * A transaction is committed: it is applied to the tree, fires watches, and answers the write or the handshake it
     * came from. Also while not serving, for what a learner missed.
     */
    public TxnResult apply(Now now, Txn txn) {
        TxnResult result = tree.apply(txn, watches);
        outcomes.of(now, txn, result);
        return result;
    }

    /** The oldest sync without outcome has one: everything it must reflect is applied. */
    public void synced(Now now) {
        line.synced(now);
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
        line.clear();
        handshakes.clear();
    }

    // --- time ----------------------------------------------------------------------------------------------------

    /** When {@link #tick} must be called next; Long.MAX_VALUE if there is nothing to watch over. */
    public long deadlineNanos() {
        long scanNanos = links.isEmpty() ? Long.MAX_VALUE : nextScanNanos;
        return Math.min(scanNanos, sessions.local().deadlineNanos());
    }

    /** Closes the links that have waited, or been silent, for too long, and ends local sessions whose time is over. */
    public void tick(Now now) {
        for (long expired : sessions.local().expire(now)) {
            out.trace(new TraceEvent.SessionClosed(expired, "expired"));
            ClientLink link = bySession.get(expired);
            if (link != null) {
                close(link, "session 0x" + Long.toHexString(expired) + " expired");
            }
        }
        if (links.isEmpty() || !now.isAtOrAfter(nextScanNanos)) {
            return;
        }
        nextScanNanos = now.plusMillis(scanMillis());
        noteEndOfLease(now);
        for (ClientLink link : List.copyOf(links.values())) {
            String reason = overdue.reason(now, link, isServed(now, link));
            if (reason != null) {
                close(link, reason);
            }
        }
    }

    private int scanMillis() {
        return Math.max(1, config.tickMillis() / SCANS_PER_TICK);
    }

    // --- figures -------------------------------------------------------------------------------------------------

    /** What operators are told. */
    public ClientFigures figures() {
        return new ClientFigures(links, sessions, watches, outgoing, backlog);
    }
}
