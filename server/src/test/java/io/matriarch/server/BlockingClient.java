package io.matriarch.server;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A session over a socket of its own, one request after the other or several on their way (client.md 2 to 4). */
final class BlockingClient implements AutoCloseable {
    private static final int XID_PING = -2;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final ConnectResponse granted;
    private int lastXid;

    BlockingClient(int port, int timeoutMillis) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        write(new ConnectRequest(0, 0, timeoutMillis, 0, null, true, false).encode());
        out.flush();
        granted = ConnectResponse.decode(Bytes.wrap(readFrame()));
    }

    /** Of its session. */
    long sessionId() {
        return granted.sessionId();
    }

    /** Sends without waiting. */
    void send(Request request) throws IOException {
        write(new ClientRequest(++lastXid, request.opcode(), request.encode()).encode());
    }

    /** What follows the header of the next reply, which must be a good one. */
    Bytes receive() throws IOException {
        out.flush();
        JuteReader reply = read();
        int xid = reply.readInt();
        reply.readLong();
        int err = reply.readInt();
        if (err != ErrorCode.OK) {
            throw new IOException("request " + xid + " failed: " + ErrorCode.name(err));
        }
        return reply.readRest();
    }

    Bytes ask(Request request) throws IOException {
        send(request);
        return receive();
    }

    void ping() throws IOException {
        write(new ClientRequest(XID_PING, OpCode.PING, Bytes.EMPTY).encode());
        receive();
    }

    private void write(Bytes frame) throws IOException {
        out.writeInt(frame.length());
        out.write(frame.array(), frame.offset(), frame.length());
    }

    private JuteReader read() throws IOException {
        return new JuteReader(Bytes.wrap(readFrame()));
    }

    private byte[] readFrame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
