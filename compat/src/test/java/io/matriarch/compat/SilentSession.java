package io.matriarch.compat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A client that opens a session, makes an ephemeral znode, and then never says a word again, not even a ping. */
public final class SilentSession implements AutoCloseable {
    private static final int CREATE = 1;
    private static final int EPHEMERAL = 1;

    private final RawConnection connection;
    private final long id;

    private SilentSession(RawConnection connection, long id) {
        this.connection = connection;
        this.id = id;
    }

    /** Opens it at this server. */
    public static SilentSession open(InetSocketAddress server, int timeoutMillis) throws IOException {
        RawConnection connection = new RawConnection(server);
        byte[] response = connection.openSession(timeoutMillis);
        if (response == null) {
            throw new IOException("no session at " + server);
        }
        return new SilentSession(connection, ByteBuffer.wrap(response).getLong(8));
    }

    long id() {
        return id;
    }

    /** Has it own this znode. */
    public void createEphemeral(String path) throws IOException {
        connection.send(fields -> {
            fields.writeInt(1);
            fields.writeInt(CREATE);
            RawConnection.writeString(fields, path);
            fields.writeInt(0);
            fields.writeInt(1);
            fields.writeInt(31);
            RawConnection.writeString(fields, "world");
            RawConnection.writeString(fields, "anyone");
            fields.writeInt(EPHEMERAL);
        });
        byte[] reply = connection.receive();
        if (reply == null || ByteBuffer.wrap(reply).getInt(12) != 0) {
            throw new IOException("the ephemeral znode was refused");
        }
    }

    boolean isClosedByServer() throws IOException {
        return connection.isClosedByServer();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
