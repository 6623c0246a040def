package io.matriarch.testkit;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.SessionPassword;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * Ends somebody else's session as its expiry would: takes the session over, which needs its password, and closes it. The
 * transaction is the one that an expiry makes (client.md 3.4, 3.5), and the owner learns of it when it connects again.
 */
final class SessionEnd {
    private static final int PATIENCE_MILLIS = 10_000;

    private SessionEnd() {}

    /**
     * Returns when the session is closed; false if the server does not know it.
     *
     * @param port of a server that serves
     */
    static boolean through(int port, long sessionId) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            write(
                    out,
                    new ConnectRequest(0, 0, PATIENCE_MILLIS, sessionId, SessionPassword.of(sessionId), true, false)
                            .encode());
            if (ConnectResponse.decode(readFrame(in)).timeoutMillis() <= 0) {
                return false;
            }
            write(out, new ClientRequest(1, OpCode.CLOSE_SESSION, Bytes.EMPTY).encode());
            readFrame(in);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "session 0x" + Long.toHexString(sessionId) + " could not be ended at port " + port, e);
        }
    }

    private static void write(DataOutputStream out, Bytes frame) throws IOException {
        out.writeInt(frame.length());
        out.write(frame.array(), frame.offset(), frame.length());
    }

    private static Bytes readFrame(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] frame = in.readNBytes(length);
        if (frame.length < length) {
            throw new EOFException();
        }
        return Bytes.wrap(frame);
    }
}
