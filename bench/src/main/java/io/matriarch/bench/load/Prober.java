package io.matriarch.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session with one write to get through an outage: whenever its connection breaks or stays silent it connects again, to the next
 * of its servers, resumes its session and submits the write again, pausing only {@link #RETRY_NANOS}.
 */
final class Prober {
    /** Short beside any outage, yet long enough that trying costs the servers next to nothing: 2 ms cost Apache's a tenth. */
    private static final long RETRY_NANOS = Duration.ofMillis(10).toNanos();

    private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int BUFFER_BYTES = 4096;

    private final Selector selector;
    private final List<InetSocketAddress> servers;
    private int serverAt;
    private @Nullable Link link;
    private long changedNanos;
    private boolean isConnectSent;
    private boolean isEstablished;
    private Frames.Session session = Frames.Session.NONE;
    private long lastZxid;
    private byte @Nullable [] write;
    private boolean isAcknowledged;
    private long acknowledgedNanos;

    /** @param servers where to connect, the first one first; with one server it stays with that one */
    Prober(Selector selector, List<InetSocketAddress> servers) {
        this.selector = selector;
        this.servers = servers;
        this.changedNanos = System.nanoTime() - RETRY_NANOS;
    }

    boolean isEstablished() {
        return isEstablished;
    }

    boolean isAcknowledged() {
        return isAcknowledged;
    }

    /** When the answer to the write was read, if it was. */
    long acknowledgedNanos() {
        return acknowledgedNanos;
    }

    /** Submits a write to a znode of its own: now if the session stands, else as soon as it does. */
    void submit(String path) {
        write = Frames.create(path, new byte[0]);
        isAcknowledged = false;
        if (isEstablished) {
            guarded(this::sendWrite);
        }
    }

    /** Does what the socket is ready for. */
    void ready() {
        guarded(() -> {
            if (link == null || !link.isConnected()) {
                return;
            }
            if (!isConnectSent) {
                isConnectSent = true;
                changedNanos = System.nanoTime();
                link.write(Frames.connect(lastZxid, SESSION_TIMEOUT_MILLIS, session));
            }
            link.flush();
            link.read(this::receive);
        });
    }

    /** Connects again when it is time to. */
    void timePassed(long nowNanos) {
        if (link == null && nowNanos - changedNanos >= RETRY_NANOS) {
            changedNanos = nowNanos;
            guarded(() -> link = new Link(selector, servers.get(serverAt), this, BUFFER_BYTES));
        } else if (link != null && isWaiting() && nowNanos - changedNanos >= SILENCE_NANOS) {
            disconnect();
        }
    }

    void close() {
        disconnect();
    }

    private boolean isWaiting() {
        return !isEstablished || (write != null && !isAcknowledged);
    }

    private void receive(ByteBuffer content) throws IOException {
        changedNanos = System.nanoTime();
        if (!isEstablished) {
            session = Frames.session(content);
            if (session.timeoutMillis() <= 0) {
                session = Frames.Session.NONE;
                throw new IOException("session gone");
            }
            isEstablished = true;
            sendWrite();
            return;
        }
        content.getInt();
        long zxid = content.getLong();
        int error = content.getInt();
        lastZxid = Math.max(lastZxid, zxid);
        // The znode exists already when an earlier try was carried out and only its answer was lost.
        if (write != null && (error == 0 || error == Frames.NODE_EXISTS)) {
            isAcknowledged = true;
            acknowledgedNanos = System.nanoTime();
            write = null;
        } else {
            throw new IOException("refused with error " + error);
        }
    }

    private void sendWrite() throws IOException {
        if (write != null && link != null) {
            changedNanos = System.nanoTime();
            link.write(write);
            link.flush();
        }
    }

    private void disconnect() {
        Link broken = link;
        link = null;
        isConnectSent = false;
        isEstablished = false;
        serverAt = (serverAt + 1) % servers.size();
        changedNanos = System.nanoTime();
        if (broken != null) {
            try {
                broken.close();
            } catch (IOException alreadyGone) {
                // It is given up either way.
            }
        }
    }

    private void guarded(SocketAction action) {
        try {
            action.run();
        } catch (IOException broken) {
            disconnect();
        }
    }

    private interface SocketAction {
        void run() throws IOException;
    }
}
