package io.matriarch.sim.apache;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.session.SessionIds;
import io.matriarch.core.tree.Znode;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Apache's ReadOnlyZooKeeperServer: one search for a leader, which after a while serves clients that only read, from whatever
 * the log holds, until it is over (client.md 19, election.md 4.4).
 */
final class ApacheReaders {
    private static final long MILLI = 1_000_000;
    private static final int LEAST_WAIT_MILLIS = 2_000;
    private static final Bytes PASSWORD = Bytes.wrap(new byte[ConnectResponse.PASSWORD_BYTES]);

    private final ApacheServer server;
    private final ApacheSurroundings around;
    private final SessionIds ids;
    private final List<Reader> readers = new ArrayList<>();
    private boolean isOpen;
    private boolean isOver;

    /** The search begins. */
    ApacheReaders(ApacheServer server) {
        this.server = server;
        this.around = server.around();
        this.ids = new SessionIds(new ServerId(server.sid()), around.now().wallMillis());
        int waitMillis = Math.max(LEAST_WAIT_MILLIS, server.setup().tickMillis());
        around.after(waitMillis * MILLI, () -> isOpen = !isOver);
    }

    /** Whether it serves. */
    boolean isOpen() {
        return isOpen;
    }

    StreamEnd accept(Stream stream) {
        Reader reader = new Reader(stream);
        readers.add(reader);
        return reader;
    }

    /** The search is over: whoever reads has to come again. */
    void end() {
        isOver = true;
        isOpen = false;
        List.copyOf(readers).forEach(reader -> reader.close("the election is over"));
    }

    /** One client. */
    private final class Reader implements StreamEnd {
        private final LinkId id = new LinkId(server.nextLink());
        private final Stream stream;
        private boolean isEstablished;

        Reader(Stream stream) {
            this.stream = stream;
        }

        private void close(String why) {
            stream.close(1, "closed by server " + server.sid() + ": " + why);
            closed(why);
        }

        @Override
        public void closed(String reason) {
            around.checks().linkEnded(id);
            readers.remove(this);
        }

        @Override
        public void received(Object message) {
            if (!readers.contains(this)) {
                return;
            }
            if (isEstablished) {
                request(ClientRequest.decode((Bytes) message));
            } else {
                handshake(ConnectRequest.decode((Bytes) message));
            }
        }

        /** Without local sessions nothing that a client understands is answered since 3.7 (ZOOKEEPER-3863). */
        private void handshake(ConnectRequest asked) {
            if (!asked.readOnly() || asked.lastZxidSeen() > lastApplied() || asked.sessionId() != 0) {
                close("no client for a server without a quorum");
            } else if (server.release().grantsReaders
                    || server.setup().sessionRules().hasLocal()) {
                isEstablished = true;
                ConnectResponse granted = new ConnectResponse(
                        asked.timeoutMillis(), ids.next(taken -> false), PASSWORD, asked.hasReadOnly(), true);
                around.checks()
                        .emitted(
                                new Effect.SendConnectResponse(id, granted),
                                around.now().nanos());
                around.countReader();
                stream.send(1, granted.encode());
            }
        }

        private void request(ClientRequest header) {
            Request request = Request.decode(header.opcode(), header.body());
            int xid = request instanceof Request.Ping ? Reply.XID_PING : header.xid();
            JuteWriter out = new JuteWriter(Reply.HEADER_BYTES);
            answer(xid, request).encode(out);
            stream.send(1, out.toBytes());
            if (request instanceof Request.CloseSession) {
                close("session closed");
            }
        }

        private Reply answer(int xid, Request request) {
            if (request instanceof Request.Ping || request instanceof Request.CloseSession) {
                return reply(xid, ErrorCode.OK, null);
            }
            String path = request instanceof Request.GetData get
                    ? get.path()
                    : request instanceof Request.Exists exists
                            ? exists.path()
                            : request instanceof Request.GetChildren children ? children.path() : null;
            if (path == null) {
                return reply(xid, ErrorCode.NOT_READ_ONLY, null);
            }
            Znode node = server.tree().find(path);
            return node == null ? reply(xid, ErrorCode.NO_NODE, null) : reply(xid, ErrorCode.OK, read(request, node));
        }

        private static Response read(Request request, Znode node) {
            if (request instanceof Request.GetData) {
                return new Response.Data(node.data(), node.stat());
            }
            return request instanceof Request.Exists
                    ? new Response.StatOnly(node.stat())
                    : new Response.Children(node.childNames());
        }

        private Reply reply(int xid, int err, @Nullable Response body) {
            return new Reply(xid, lastApplied(), err, body);
        }
    }

    private long lastApplied() {
        return server.tree().lastApplied().value();
    }
}
