package io.matriarch.core.request;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Stat;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.OpResult;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.client.SessionPassword;
import io.matriarch.wire.client.WatchEvent;
import java.util.ArrayList;
import java.util.List;

/** One link to a {@link Server}, speaking frames and reading effects. */
final class TestClient {
    final Server server;
    final LinkId link;
    long sessionId;
    private int xid;
    private int seen;

    TestClient(Server server, String address) {
        this.server = server;
        this.link = server.nextLink();
        server.desk.clientUp(server.now(), link, address);
    }

    // --- handshake -----------------------------------------------------------------------------------------------

    void connect(int timeoutMillis) {
        frame(new ConnectRequest(0, 0, timeoutMillis, 0, Bytes.wrap(new byte[16]), true, false).encode());
    }

    void resume(long session) {
        frame(new ConnectRequest(0, 0, 10_000, session, SessionPassword.of(session), true, false).encode());
    }

    /** The answer to the handshake, which must have come. */
    ConnectResponse connected() {
        for (; seen < server.effects.size(); seen++) {
            if (server.effects.get(seen) instanceof Effect.SendConnectResponse sent
                    && sent.link().equals(link)) {
                seen++;
                sessionId = sent.response().sessionId();
                return sent.response();
            }
        }
        throw new AssertionError("no connect response for " + link + " in " + server.effects);
    }

    // --- requests ------------------------------------------------------------------------------------------------

    void frame(Bytes frame) {
        server.desk.clientFrame(server.now(), link, frame);
    }

    int send(Request request) {
        return send(request.opcode(), request.encode());
    }

    int send(int opcode, Bytes body) {
        send(++xid, opcode, body);
        return xid;
    }

    void send(int withXid, int opcode, Bytes body) {
        frame(new ClientRequest(withXid, opcode, body).encode());
    }

    int create(String path) {
        return send(create(OpCode.CREATE, path, 0));
    }

    static Request.Create create(int opcode, String path, int flags) {
        return create(opcode, path, flags, Acl.OPEN);
    }

    static Request.Create create(int opcode, String path, int flags, List<Acl> acl) {
        return new Request.Create(opcode, path, Bytes.utf8("x"), acl, flags, Request.Create.NO_TTL);
    }

    static Request.SetData set(String path, int version) {
        return new Request.SetData(path, Bytes.utf8("new"), version);
    }

    void auth(String scheme, String data) {
        send(Reply.XID_AUTH, OpCode.AUTH, new Request.Auth(0, scheme, Bytes.utf8(data)).encode());
    }

    // --- what came back ------------------------------------------------------------------------------------------

    /** Replies and notifications since the last call, and "closed", "paused", "resumed"; in short form. */
    List<String> heard() {
        List<String> heard = new ArrayList<>();
        for (; seen < server.effects.size(); seen++) {
            Effect effect = server.effects.get(seen);
            if (effect instanceof Effect.SendReply sent && sent.link().equals(link)) {
                heard.add(text(sent.reply()));
            } else if (effect instanceof Effect.CloseLink close && close.link().equals(link)) {
                heard.add("closed");
            } else if (effect instanceof Effect.PauseReads pause && pause.link().equals(link)) {
                heard.add("paused");
            } else if (effect instanceof Effect.ResumeReads resume
                    && resume.link().equals(link)) {
                heard.add("resumed");
            }
        }
        return heard;
    }

    /** The only reply since the last look, after everything passed on took effect. */
    Reply answer(Request request) {
        server.settle();
        seen = server.effects.size();
        send(request);
        server.settle();
        Reply reply = null;
        for (; seen < server.effects.size(); seen++) {
            if (server.effects.get(seen) instanceof Effect.SendReply sent
                    && sent.link().equals(link)
                    && sent.reply().xid() == xid) {
                reply = sent.reply();
            }
        }
        if (reply == null) {
            throw new AssertionError("no answer to " + request);
        }
        return reply;
    }

    int err(Request request) {
        return answer(request).err();
    }

    Stat stat(String path) {
        return ((Response.StatOnly) answer(new Request.Exists(path, false)).body()).stat();
    }

    static String text(Reply reply) {
        if (reply.body() instanceof WatchEvent event) {
            String[] types = {"", "Created", "Deleted", "DataChanged", "ChildrenChanged"};
            return types[event.type()] + " " + event.path();
        }
        String body = "";
        if (reply.body() instanceof Response.Created created) {
            body = " " + created.path();
        } else if (reply.body() instanceof Response.CreatedWithStat created) {
            body = " " + created.path();
        } else if (reply.body() instanceof Response.Data data) {
            body = " " + (data.data() == null ? "null" : data.data().asUtf8());
        } else if (reply.body() instanceof Response.Children children) {
            body = " " + children.names();
        } else if (reply.body() instanceof Response.MultiResults multi) {
            List<String> results = new ArrayList<>();
            for (OpResult result : multi.results()) {
                results.add(result.type() + ":" + result.err());
            }
            body = " " + results;
        }
        return "#" + reply.xid() + " " + reply.err() + body;
    }
}
