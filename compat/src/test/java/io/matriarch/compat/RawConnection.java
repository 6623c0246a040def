package io.matriarch.compat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A socket and hand-made frames, for what no client library would send (client.md 2 to 6). */
public final class RawConnection implements AutoCloseable {
    private static final int BOUND_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final DataOutputStream out;
    private final DataInputStream in;

    /** Connects; sends nothing. */
    public RawConnection(InetSocketAddress server) throws IOException {
        this(server, BOUND_MILLIS);
    }

    /** The same; waits for nothing longer than {@code boundMillis}. */
    public RawConnection(InetSocketAddress server, int boundMillis) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(boundMillis);
        socket.connect(server, boundMillis);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** Writes fields into the content of a frame. */
    public interface Content {
        /** Writes them. */
        void write(DataOutputStream fields) throws IOException;
    }

    /** Sends a frame with its right length in front. */
    public void send(Content content) throws IOException {
        byte[] bytes = bytes(content);
        sendRaw(fields -> {
            fields.writeInt(bytes.length);
            fields.write(bytes);
        });
    }

    /** Sends exactly what is written, in one piece. */
    public void sendRaw(Content content) throws IOException {
        out.write(bytes(content));
        out.flush();
    }

    /** The content of the next frame; null if the server closed instead. */
    public byte[] receive() throws IOException {
        try {
            byte[] content = new byte[in.readInt()];
            in.readFully(content);
            return content;
        } catch (EOFException | SocketException closed) {
            return null;
        }
    }

    /** Whether the server closes the connection; what it still sends is read and dropped. */
    public boolean isClosedByServer() throws IOException {
        try {
            in.readAllBytes();
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Sends a ConnectRequest; with or without the trailing readOnly byte that old clients leave out. */
    public void sendConnect(long lastZxidSeen, int timeoutMillis, long sessionId, byte[] password, boolean hasReadOnly)
            throws IOException {
        send(fields -> {
            fields.writeInt(0);
            fields.writeLong(lastZxidSeen);
            fields.writeInt(timeoutMillis);
            fields.writeLong(sessionId);
            fields.writeInt(password.length);
            fields.write(password);
            if (hasReadOnly) {
                fields.writeByte(0);
            }
        });
    }

    /** Opens a new session and returns the ConnectResponse. */
    public byte[] openSession(int timeoutMillis) throws IOException {
        sendConnect(0, timeoutMillis, 0, new byte[16], true);
        return receive();
    }

    /** Writes a ustring. */
    public static void writeString(DataOutputStream fields, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        fields.writeInt(bytes.length);
        fields.write(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public String toString() {
        return "raw connection to " + socket.getRemoteSocketAddress();
    }

    static byte[] range(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] bytes(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
