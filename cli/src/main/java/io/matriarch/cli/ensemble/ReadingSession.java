package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A client's session with one server, for reading: requests may be sent ahead, answers come in their order (client.md 4). What a library
 * would hide is wanted here: the zxid in each answer.
 */
final class ReadingSession implements Closeable {
    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int LAST_XID = -1;

    private final Address server;
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Deque<Integer> sentOpcodes = new ArrayDeque<>();
    private int nextXid = 1;

    /**
     * Connects and opens a session, which is a transaction.
     *
     * @param identities for {@code addauth}, each {@code scheme:credentials}
     */
    ReadingSession(Address server, Network network, List<String> identities) throws CannotVerifyException {
        this.server = server;
        try {
            this.socket = network.connect(server);
        } catch (IOException e) {
            throw new CannotVerifyException("cannot connect to " + server + ": " + e.getMessage());
        }
        try {
            this.in = new DataInputStream(socket.getInputStream());
            this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
            write(new ConnectRequest(
                            0,
                            0,
                            SESSION_TIMEOUT_MILLIS,
                            0,
                            Bytes.wrap(new byte[ConnectResponse.PASSWORD_BYTES]),
                            true,
                            false)
                    .encode());
            out.flush();
            ConnectResponse.decode(readFrame());
            for (String identity : identities) {
                authenticate(identity);
            }
        } catch (IOException | MalformedException e) {
            close();
            throw new CannotVerifyException(server + " opened no session (" + reason(e)
                    + "): it does not serve clients now, or wants TLS on this port");
        }
    }

    private void authenticate(String identity) throws IOException, CannotVerifyException {
        int colon = identity.indexOf(':');
        Bytes credentials = Bytes.utf8(identity.substring(colon + 1));
        Request.Auth auth = new Request.Auth(0, identity.substring(0, colon), credentials);
        write(new ClientRequest(Reply.XID_AUTH, auth.opcode(), auth.encode()).encode());
        out.flush();
        Reply reply = Reply.decode(OpCode.AUTH, readFrame());
        if (reply.err() != ErrorCode.OK) {
            throw new CannotVerifyException(
                    server + " refuses the identity of scheme " + auth.scheme() + ": " + ErrorCode.name(reply.err()));
        }
    }

    Address server() {
        return server;
    }

    /** Queues a request. */
    void send(Request request) throws CannotVerifyException {
        try {
            write(new ClientRequest(nextXid++, request.opcode(), request.encode()).encode());
            sentOpcodes.addLast(request.opcode());
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** The answer to the oldest request that has none yet. */
    Reply receive() throws CannotVerifyException {
        try {
            out.flush();
            int opcode = sentOpcodes.removeFirst();
            Reply reply = Reply.decode(opcode, readFrame());
            while (reply.xid() == Reply.XID_WATCH || reply.xid() == Reply.XID_PING) {
                reply = Reply.decode(opcode, readFrame());
            }
            return reply;
        } catch (IOException | MalformedException e) {
            throw lost(e);
        }
    }

    /** Sends one request and waits for its answer; nothing else may be outstanding. */
    Reply ask(Request request) throws CannotVerifyException {
        send(request);
        return receive();
    }

    /** Ends the session, which is a transaction, if the server still listens. */
    @Override
    public void close() {
        try {
            if (out != null) {
                write(new ClientRequest(LAST_XID, OpCode.CLOSE_SESSION, Bytes.EMPTY).encode());
                out.flush();
                // The server closes when it is done; whatever it still says is of no interest.
                readFrame();
            }
        } catch (IOException | MalformedException e) {
            // The session will expire.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private void write(Bytes frame) throws IOException {
        out.writeInt(frame.length());
        out.write(frame.array(), frame.offset(), frame.length());
    }

    private Bytes readFrame() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > Network.MAX_LENGTH_BYTES) {
            throw new MalformedException(
                    "an answer of " + length + " bytes; the most here is " + Network.MAX_LENGTH_BYTES);
        }
        byte[] frame = in.readNBytes(length);
        if (frame.length < length) {
            throw new EOFException();
        }
        return Bytes.wrap(frame);
    }

    private CannotVerifyException lost(Exception e) {
        return new CannotVerifyException("lost " + server + " while reading from it (" + reason(e) + ")");
    }

    private static String reason(Exception e) {
        return e instanceof EOFException ? "it closed the connection" : String.valueOf(e.getMessage());
    }
}
