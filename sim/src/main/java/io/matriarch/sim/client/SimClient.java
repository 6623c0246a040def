package io.matriarch.sim.client;

import static java.util.Objects.requireNonNull;

import io.matriarch.sim.check.ClientChecks;
import io.matriarch.sim.check.ConnectionWatches;
import io.matriarch.sim.check.Operation;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.sim.time.Chance;
import io.matriarch.sim.time.EventHeap;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.client.WatchEvent;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client handle: it keeps its session over connections to different servers, starts a new one when the old has
 * expired, and sends what its {@link Workload} draws, one at a time or pipelined.
 */
public final class SimClient {
    /** The node of the first client; the others follow. */
    public static final int FIRST = 1001;

    private static final long MILLI = 1_000_000;
    private static final Bytes NO_PASSWORD = Bytes.wrap(new byte[ConnectResponse.PASSWORD_BYTES]);

    /** The world as a client sees it. */
    public interface Servers {
        /** Sids are 1 to this. */
        int count();

        VirtualNetwork.Acceptor clientPort(int sid);
    }

    /** One connection, from dial to end. */
    private final class Connection implements VirtualNetwork.Dialler, StreamEnd {
        final ConnectionWatches watches = checks.watches(id);
        final ArrayDeque<Operation> unanswered = new ArrayDeque<>();

        @Nullable
        Stream stream;

        boolean isEstablished;
        /** The server has no quorum: what it says is good for this connection only. */
        boolean isReadOnly;

        long lastHeardNanos = heap.nowNanos();
        long lastSentNanos = heap.nowNanos();

        @Override
        public @Nullable StreamEnd connected(Stream up) {
            if (connection != this) {
                return null;
            }
            stream = up;
            lastHeardNanos = heap.nowNanos();
            boolean isNew = sessionId == 0;
            up.send(
                    0,
                    new ConnectRequest(
                                    0,
                                    lastZxidSeen,
                                    timeoutMillis,
                                    sessionId,
                                    isNew ? NO_PASSWORD : password,
                                    true,
                                    allowsReadOnly)
                            .encode());
            return this;
        }

        @Override
        public void failed(String reason) {
            ended(this);
        }

        @Override
        public void closed(String reason) {
            ended(this);
        }

        @Override
        public void received(Object message) {
            if (connection != this) {
                return;
            }
            lastHeardNanos = heap.nowNanos();
            if (isEstablished) {
                frame(this, (Bytes) message);
            } else {
                handshake(this, ConnectResponse.decode((Bytes) message));
            }
        }

        void send(int xid, Request request) {
            lastSentNanos = heap.nowNanos();
            requireNonNull(stream).send(0, new ClientRequest(xid, request.opcode(), request.encode()).encode());
        }

        void close() {
            if (stream != null) {
                stream.close(0, "client closed");
            }
        }
    }

    private final int id;
    private final EventHeap heap;
    private final VirtualNetwork network;
    private final Servers servers;
    private final ClientChecks checks;
    private final Chance chance;
    private final Workload workload;
    private final int timeoutMillis;
    private final boolean allowsReadOnly;
    /** Whether xids begin anew with each connection, as kazoo's do. */
    private final boolean reusesXids;

    private final int pipelineDepth;
    private final long thinkNanos;
    private final Map<String, Integer> versions = new HashMap<>();

    private long sessionId;
    /** Whether every server knows the session, as its owning an ephemeral znode proves. */
    private boolean isGlobal;

    private Bytes password = NO_PASSWORD;
    private long lastZxidSeen;
    private int nextXid = 1;
    private int serverSid;
    private @Nullable Connection connection;
    private @Nullable ConnectionWatches oldWatches;
    private boolean isActive = true;
    private boolean isSilent;

    /** Draws how this client behaves; {@code node} is its place in the network. */
    public SimClient(
            int node,
            EventHeap heap,
            VirtualNetwork network,
            Servers servers,
            ClientChecks checks,
            Chance chance,
            int timeoutMillis,
            boolean mayAllowReadOnly,
            boolean grantsTtl,
            boolean mayReuseXids) {
        this.id = node;
        this.heap = heap;
        this.network = network;
        this.servers = servers;
        this.checks = checks;
        this.chance = chance;
        this.workload = new Workload(node, chance.fork("workload"), grantsTtl);
        this.timeoutMillis = timeoutMillis;
        this.allowsReadOnly = mayAllowReadOnly && chance.fork("read-only").hits(0.6);
        this.reusesXids = mayReuseXids && chance.fork("xids").hits(0.3);
        this.pipelineDepth = chance.hits(0.5) ? 1 : (int) chance.between(2, 12);
        this.thinkNanos = chance.between(3, 100) * MILLI;
    }

    public int node() {
        return id;
    }

    public long sessionId() {
        return sessionId;
    }

    /** The server that it is connected to, or dials; 0 for none. */
    public int server() {
        return connection == null ? 0 : serverSid;
    }

    /** Connects, and goes on until {@link #quiesce}. */
    public void start() {
        reconnectAfter(chance.between(0, 50 * MILLI));
        tick();
        think();
    }

    /** Sends nothing more of its own but pings. */
    public void quiesce() {
        isActive = false;
    }

    /** Drops its connection and keeps away for this long. */
    public void vanish(long nanos) {
        isSilent = true;
        disconnect();
        heap.after(nanos, () -> {
            isSilent = false;
            reconnectAfter(0);
        });
    }

    /** Drops its connection and goes on at some server. */
    public void reconnect() {
        disconnect();
        reconnectAfter(chance.between(0, 20 * MILLI));
    }

    /** True once nothing is unanswered. */
    public boolean isIdle() {
        return connection != null && connection.isEstablished && connection.unanswered.isEmpty();
    }

    // --- connections -------------------------------------------------------------------------------------------------

    private void reconnectAfter(long nanos) {
        heap.after(nanos, () -> {
            if (connection == null && !isSilent) {
                int sid = 1 + chance.below(servers.count());
                serverSid = sid;
                connection = new Connection();
                network.dial(id, sid, servers.clientPort(sid), connection);
            }
        });
    }

    private void disconnect() {
        Connection old = connection;
        if (old != null) {
            old.close();
            ended(old);
        }
    }

    private void ended(Connection old) {
        if (connection != old) {
            return;
        }
        connection = null;
        if (old.isEstablished && !old.isReadOnly) {
            oldWatches = old.watches;
        } else if (allowsReadOnly && chance.hits(0.2)) {
            // As one would make a new handle: without a quorum the old session cannot be resumed.
            forgetSession();
        }
        if (!isSilent) {
            reconnectAfter(chance.between(1, 100) * MILLI);
        }
    }

    private void handshake(Connection on, ConnectResponse response) {
        if (response.timeoutMillis() <= 0) {
            checks.refused(sessionId, isGlobal);
            forgetSession();
            disconnect();
            return;
        }
        if (response.readOnly()) {
            // As Apache's client: the session is not kept for other servers.
            on.isEstablished = true;
            on.isReadOnly = true;
            fill();
            return;
        }
        boolean isResumed = response.sessionId() == sessionId;
        isGlobal = isResumed && isGlobal;
        sessionId = response.sessionId();
        password = response.passwd();
        on.isEstablished = true;
        if (reusesXids) {
            nextXid = 1;
            checks.reusesXids(sessionId);
        }
        ConnectionWatches old = oldWatches;
        oldWatches = null;
        if (isResumed && old != null && chance.hits(0.8)) {
            Request.SetWatches again = new Request.SetWatches(
                    lastZxidSeen, old.dataPaths(), old.existPaths(), old.childPaths(), List.of(), List.of(), false);
            on.watches.claim(old, lastZxidSeen);
            send(on, again, null);
        }
        fill();
    }

    /** Whether this client changes nothing. */
    public boolean isReader() {
        return workload.isReader();
    }

    private void forgetSession() {
        sessionId = 0;
        password = NO_PASSWORD;
        oldWatches = null;
    }

    /** Pings when idle, gives up a connection that is silent for two thirds of the timeout (client.md 3.4). */
    private void tick() {
        Connection on = connection;
        long now = heap.nowNanos();
        if (on != null && now - on.lastHeardNanos > timeoutMillis * MILLI * 2 / 3) {
            disconnect();
        } else if (on != null && on.isEstablished && now - on.lastSentNanos > timeoutMillis * MILLI / 4) {
            on.send(Reply.XID_PING, new Request.Ping());
        }
        heap.after(timeoutMillis * MILLI / 10, this::tick);
    }

    // --- requests ----------------------------------------------------------------------------------------------------

    private void think() {
        fill();
        heap.after(chance.exponential(thinkNanos), this::think);
    }

    private void fill() {
        Connection on = connection;
        while (isActive && on != null && on.isEstablished && on.unanswered.size() < pipelineDepth) {
            Operation before = null;
            for (Request request : workload.next(key -> versions.getOrDefault(key, 0))) {
                before = send(on, request, before);
            }
            if (chance.hits(0.7)) {
                return;
            }
        }
    }

    private Operation send(Connection on, Request request, @Nullable Operation sync) {
        int xid = nextXid++;
        if (on.isReadOnly) {
            Operation operation = checks.sentReadOnly(id, sessionId, xid, request, heap.nowNanos());
            on.unanswered.addLast(operation);
            on.send(xid, request);
            return operation;
        }
        Operation operation = checks.sent(id, sessionId, xid, request, heap.nowNanos(), sync);
        on.unanswered.addLast(operation);
        on.send(xid, request);
        return operation;
    }

    private void frame(Connection on, Bytes frame) {
        int xid = new JuteReader(frame).readInt();
        if (xid == Reply.XID_WATCH) {
            Reply notification = Reply.decode(0, frame);
            on.watches.event(notification.zxid(), (WatchEvent) requireNonNull(notification.body()));
            return;
        }
        if (xid == Reply.XID_PING) {
            return;
        }
        Operation operation = on.unanswered.pollFirst();
        if (operation == null) {
            throw checks.unasked(id, xid);
        }
        Reply reply;
        try {
            reply = Reply.decode(operation.request().opcode(), frame);
        } catch (MalformedException e) {
            throw checks.malformed(operation, on.isReadOnly, e);
        }
        if (on.isReadOnly) {
            checks.repliedReadOnly(operation, reply, lastZxidSeen);
            lastZxidSeen = Math.max(lastZxidSeen, reply.zxid());
            return;
        }
        checks.replied(operation, reply, heap.nowNanos(), lastZxidSeen, on.watches);
        lastZxidSeen = Math.max(lastZxidSeen, reply.zxid());
        learn(operation.request(), reply);
        if (operation.request() instanceof Request.CloseSession && reply.err() == ErrorCode.OK) {
            forgetSession();
            disconnect();
        }
    }

    private void learn(Request request, Reply reply) {
        if (request instanceof Request.GetData get && reply.body() instanceof Response.Data found) {
            versions.put(get.path(), found.stat().version());
        } else if (request instanceof Request.SetData set && reply.body() instanceof Response.StatOnly found) {
            versions.put(set.path(), found.stat().version());
        } else if (request instanceof Request.Create create && reply.err() == ErrorCode.OK) {
            versions.put(create.path(), 0);
            isGlobal |= create.opcode() == OpCode.CREATE && (create.flags() & 1) != 0;
        }
    }

    @Override
    public String toString() {
        Connection on = connection;
        return "client " + id + " session 0x" + Long.toHexString(sessionId)
                + (on == null
                        ? " not connected"
                        : on.isEstablished ? " connected, " + on.unanswered.size() + " unanswered" : " connecting");
    }
}
