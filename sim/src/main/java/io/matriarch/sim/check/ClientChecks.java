package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.sim.history.History;
import io.matriarch.sim.history.HistoryChecker;
import io.matriarch.sim.history.HistoryReport;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What clients see, held against what was delivered. Records their history on the way. */
public final class ClientChecks {
    private final DeliveredHistory history;
    private final ReplyRules rules;
    private final Map<Long, Integer> homes;
    private final History seen = new History();
    private int sent;
    private long acknowledgedWrites;

    /** {@code homes}: by session that no transaction opened, the server that granted it. */
    ClientChecks(DeliveredHistory history, Map<Long, Integer> homes, boolean mayUpgrade, int maxTxnBytes) {
        this.history = history;
        this.homes = homes;
        this.rules = new ReplyRules(history, homes.keySet(), mayUpgrade, maxTxnBytes);
    }

    /** A client sends a request; {@code sync} is the sync sent right before a read that relies on it. */
    public Operation sent(int client, long sessionId, int xid, Request request, long nanos, @Nullable Operation sync) {
        Operation operation = new Operation(client, sessionId, xid, request, nanos, sync, history.last());
        seen.sent(operation);
        sent++;
        return operation;
    }

    /** This session's client counts its xids from one again on each connection, as kazoo does. */
    public void reusesXids(long sessionId) {
        history.reusesXids(sessionId);
    }

    /** A new set of watches, for one connection. */
    public ConnectionWatches watches(int client) {
        seen.connected(client);
        return new ConnectionWatches(client, history, seen);
    }

    /** The reply to the oldest unanswered request arrived; {@code lastZxidSeen} is the client's highest before it. */
    public void replied(Operation operation, Reply reply, long nanos, long lastZxidSeen, ConnectionWatches watches) {
        seen.replied(operation, reply, nanos);
        require(
                reply.xid() == operation.xid(),
                Invariant.CLIENT_ORDER,
                () -> operation + " is next to be answered, but the reply is to " + reply.xid());
        require(
                reply.zxid() >= lastZxidSeen,
                Invariant.CLIENT_ORDER,
                () -> operation + " is answered at " + Zxids.show(reply.zxid()) + " after this client saw "
                        + Zxids.show(lastZxidSeen));
        watches.replied(operation, reply);
        rules.check(operation, reply);
        if (reply.err() == 0 && ReplyRules.isWrite(operation.request())) {
            acknowledgedWrites++;
        }
    }

    /** The violation that a reply is to which nothing unanswered belongs. */
    public InvariantViolation unasked(int client, int xid) {
        return new InvariantViolation(
                Invariant.CLIENT_ORDER, "client " + client + " gets a reply to " + xid + " and has asked nothing");
    }

    /** A reply is none that its request can have. */
    public InvariantViolation malformed(Operation operation, boolean isReadOnly, Exception cause) {
        return new InvariantViolation(
                isReadOnly ? Invariant.READ_ONLY : Invariant.CORRECT_REPLY,
                operation + " gets a reply that it cannot read: " + cause.getMessage(),
                cause);
    }

    /** A client sends a request to a server without a quorum. */
    public Operation sentReadOnly(int client, long sessionId, int xid, Request request, long nanos) {
        return new Operation(client, sessionId, xid, request, nanos, null, 0);
    }

    /** The reply to it: in order, and no change is acknowledged. What is read may be anything that server has. */
    public void repliedReadOnly(Operation operation, Reply reply, long lastZxidSeen) {
        require(
                reply.xid() == operation.xid() && reply.zxid() >= lastZxidSeen,
                Invariant.CLIENT_ORDER,
                () -> operation + " is answered out of order by " + reply);
        boolean isRefusable = ReplyRules.isWrite(operation.request()) || operation.request() instanceof Request.Sync;
        boolean isRefused = reply.err() == ErrorCode.NOT_READ_ONLY;
        require(
                isRefused == (isRefusable && !(operation.request() instanceof Request.CloseSession)),
                Invariant.READ_ONLY,
                () -> operation + " is answered by " + reply + " without a quorum");
    }

    /**
     * A server says that the session is gone: it is, or a leader has proposed to close it (client.md 3.2), or only the server
     * that granted it knows it.
     *
     * @param isGlobal whether the client knows that it was made known to all, because it owned an ephemeral znode
     */
    public void refused(long sessionId, boolean isGlobal) {
        require(
                history.isClosing(sessionId) || (homes.containsKey(sessionId) && !isGlobal),
                Invariant.SESSION_ANSWER,
                () -> "session 0x" + Long.toHexString(sessionId) + " is refused though nobody closed it");
    }

    /** Whether this session lives, as far as anybody has delivered. */
    public boolean isOpen(long sessionId) {
        return history.tree().isOpen(sessionId);
    }

    /** Checks that need the whole history: each key by itself. */
    public void atEnd() {
        HistoryReport report = new HistoryChecker(seen).check();
        if (!report.violations().isEmpty()) {
            throw new InvariantViolation(
                    Invariant.CLIENT_HISTORY, report.violations().get(0).toString());
        }
    }

    public long acknowledgedWrites() {
        return acknowledgedWrites;
    }

    /** How many requests were sent. */
    public int operations() {
        return sent;
    }
}
