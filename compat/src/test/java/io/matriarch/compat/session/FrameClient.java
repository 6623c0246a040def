package io.matriarch.compat.session;

import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.RawConnection;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client that does nothing by itself: it sends what it is told, and shows what comes back in the order it came. */
public final class FrameClient implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 10_000;
    private static final int ERR_AT = 12;

    private final RawConnection connection;
    private int xid;
    private long sessionId;

    /** Connects, and says nothing yet. */
    public FrameClient(ServerProcess server) throws IOException {
        connection = new RawConnection(server.clientAddress());
    }

    static Request create(String path, int flags) {
        return new Request.Create(OpCode.CREATE, path, Bytes.utf8("x"), Acl.OPEN, flags, Request.Create.NO_TTL);
    }

    long sessionId() {
        return sessionId;
    }

    /** Asks for a new session; answers what became of it. */
    public String opens(boolean readOnly) throws IOException {
        return connects(0, readOnly);
    }

    /** Asks to go on with a session; answers what became of it. */
    String resumes(long session, boolean readOnly) throws IOException {
        return connects(session, readOnly);
    }

    private String connects(long session, boolean readOnly) throws IOException {
        Bytes request =
                new ConnectRequest(0, 0, TIMEOUT_MILLIS, session, SessionPassword.of(session), true, readOnly).encode();
        connection.send(fields -> fields.write(request.toByteArray()));
        byte[] answer = connection.receive();
        if (answer == null) {
            return "closed";
        }
        ConnectResponse response = ConnectResponse.decode(Bytes.wrap(answer));
        sessionId = response.sessionId();
        String what = response.timeoutMillis() <= 0 ? "expired" : session == 0 ? "granted" : "resumed";
        return what + (response.readOnly() ? " read-only" : "");
    }

    /** Sends all at once, then takes as many replies: each xid with its error, the results of a multi, or the end. */
    public List<String> asks(Request... requests) throws IOException {
        for (Request request : requests) {
            Bytes frame = new ClientRequest(++xid, request.opcode(), request.encode()).encode();
            connection.send(fields -> fields.write(frame.toByteArray()));
        }
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < requests.length; i++) {
            byte[] reply = connection.receive();
            if (reply == null) {
                replies.add("closed");
                break;
            }
            ByteBuffer header = ByteBuffer.wrap(reply);
            replies.add(header.getInt(0) + " " + header.getInt(ERR_AT));
        }
        return replies;
    }

    boolean isClosedByServer() throws IOException {
        return connection.isClosedByServer();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
