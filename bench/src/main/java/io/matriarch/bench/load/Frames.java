package io.matriarch.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The few messages that a measurement sends and reads (client.md 2-5). Everything written here is a whole frame with its length in
 * front; everything read here is a frame's content.
 */
final class Frames {
    static final int LENGTH_BYTES = 4;
    /** Where the xid stands in a request's frame, counted from its length field. */
    static final int XID_OFFSET = LENGTH_BYTES;

    static final int NODE_EXISTS = -110;

    private static final int CONNECT_BYTES = 45;
    private static final int REQUEST_HEADER_BYTES = 8;
    private static final int ANY_VERSION = -1;
    private static final byte[] WORLD = "world".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANYONE = "anyone".getBytes(StandardCharsets.UTF_8);
    private static final int CREATE = 1;
    private static final int GET_DATA = 4;
    private static final int SET_DATA = 5;
    private static final int PASSWORD_BYTES = 16;
    private static final int ALL_PERMISSIONS = 31;

    private Frames() {}

    /** What the server answers to a handshake; {@code timeoutMillis <= 0}: the session is gone. The password is its 16 bytes. */
    record Session(int timeoutMillis, long id, long passwordHigh, long passwordLow) {
        /** Before the first handshake. */
        static final Session NONE = new Session(0, 0, 0, 0);
    }

    static byte[] connect(long lastZxidSeen, int timeoutMillis, Session resumed) {
        byte[] frame = new byte[LENGTH_BYTES + CONNECT_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(frame).putInt(CONNECT_BYTES).putInt(0);
        buffer.putLong(lastZxidSeen).putInt(timeoutMillis).putLong(resumed.id());
        buffer.putInt(PASSWORD_BYTES).putLong(resumed.passwordHigh()).putLong(resumed.passwordLow());
        return frame;
    }

    static Session session(ByteBuffer content) throws IOException {
        content.getInt();
        int timeoutMillis = content.getInt();
        long id = content.getLong();
        if (content.getInt() != PASSWORD_BYTES) {
            throw new IOException("a session password that is not of " + PASSWORD_BYTES + " bytes");
        }
        return new Session(timeoutMillis, id, content.getLong(), content.getLong());
    }

    /** {@code int xid, int type} and the request; the xid is left 0, see {@link #XID_OFFSET}. */
    static byte[] create(String path, byte[] data) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] frame =
                request(CREATE, 4 + name.length + 4 + data.length + 4 + 4 + 4 + WORLD.length + 4 + ANYONE.length + 4);
        ByteBuffer buffer = body(frame);
        putBuffer(buffer, name);
        putBuffer(buffer, data);
        buffer.putInt(1).putInt(ALL_PERMISSIONS);
        putBuffer(buffer, WORLD);
        putBuffer(buffer, ANYONE);
        return frame;
    }

    static byte[] setData(String path, byte[] data) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] frame = request(SET_DATA, 4 + name.length + 4 + data.length + 4);
        ByteBuffer buffer = body(frame);
        putBuffer(buffer, name);
        putBuffer(buffer, data);
        buffer.putInt(ANY_VERSION);
        return frame;
    }

    static byte[] getData(String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] frame = request(GET_DATA, 4 + name.length + 1);
        putBuffer(body(frame), name);
        return frame;
    }

    static boolean isGetData(byte[] request) {
        return ByteBuffer.wrap(request).getInt(LENGTH_BYTES + 4) == GET_DATA;
    }

    private static byte[] request(int type, int bodyBytes) {
        byte[] frame = new byte[LENGTH_BYTES + REQUEST_HEADER_BYTES + bodyBytes];
        ByteBuffer.wrap(frame)
                .putInt(REQUEST_HEADER_BYTES + bodyBytes)
                .putInt(0)
                .putInt(type);
        return frame;
    }

    private static ByteBuffer body(byte[] frame) {
        return ByteBuffer.wrap(frame).position(LENGTH_BYTES + REQUEST_HEADER_BYTES);
    }

    private static void putBuffer(ByteBuffer frame, byte[] bytes) {
        frame.putInt(bytes.length).put(bytes);
    }
}
