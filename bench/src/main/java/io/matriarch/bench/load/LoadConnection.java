package io.matriarch.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * One session that keeps a window of requests outstanding. Answers come in the order of the requests (client.md 4), so a ring of
 * send times is all the bookkeeping there is.
 */
final class LoadConnection implements AutoCloseable {
    private static final int SESSION_TIMEOUT_MILLIS = 40_000;
    private static final int MAX_WINDOW = 256;
    private static final int WRITE_IN = 10;

    private final String directoryPath;
    private final byte[] payload;
    private final byte[][] writes;
    private final byte[][] reads;
    private final SplittableRandom random;
    private final Link link;
    private final long[] sentNanos = new long[MAX_WINDOW];
    private final boolean[] isReading = new boolean[MAX_WINDOW];

    private boolean isConnectSent;
    private boolean isEstablished;
    private int nextXid = 1;
    private int answered;
    private int sent;
    private long created;
    private long errors;
    private int lastError;

    LoadConnection(Selector selector, InetSocketAddress server, int number, int znodes, byte[] payload)
            throws IOException {
        this.directoryPath = "/bench-" + number;
        this.payload = payload;
        this.writes = new byte[znodes][];
        this.reads = new byte[znodes][];
        for (int i = 0; i < znodes; i++) {
            writes[i] = Frames.setData(directoryPath + "/" + i, payload);
            reads[i] = Frames.getData(directoryPath + "/" + i);
        }
        this.random = new SplittableRandom(number);
        this.link = new Link(selector, server, this);
    }

    boolean isEstablished() {
        return isEstablished;
    }

    int outstanding() {
        return sent - answered;
    }

    long errors() {
        return errors;
    }

    /** The code of the last answer that was an error; 0 if there was none. */
    int lastError() {
        return lastError;
    }

    /** Sends the requests that make the znodes this connection works on, one after the other. */
    void prepare() throws IOException {
        send(Frames.create(directoryPath, new byte[0]));
        for (int i = 0; i < writes.length; i++) {
            send(Frames.create(directoryPath + "/" + i, payload));
        }
        link.flush();
    }

    /** Sends requests until the window is full. */
    void fill(Load load) throws IOException {
        while (outstanding() < load.window()) {
            send(next(load.kind()));
        }
        link.flush();
    }

    /** Does what the socket is ready for. */
    void ready(Histogram latencies) throws IOException {
        if (!link.isConnected()) {
            return;
        }
        if (!isConnectSent) {
            isConnectSent = true;
            link.write(Frames.connect(0, SESSION_TIMEOUT_MILLIS, Frames.Session.NONE));
        }
        link.flush();
        link.read(content -> receive(content, latencies));
    }

    @Override
    public void close() throws IOException {
        link.close();
    }

    private byte[] next(Load.Kind kind) {
        int at = random.nextInt(writes.length);
        return switch (kind) {
            case WRITE -> writes[at];
            case READ -> reads[at];
            case MIX -> random.nextInt(WRITE_IN) == 0 ? writes[at] : reads[at];
            case CREATE -> Frames.create(directoryPath + "/new-" + created++, payload);
        };
    }

    private void send(byte[] frame) throws IOException {
        if (outstanding() == MAX_WINDOW) {
            throw new IllegalArgumentException("more than " + MAX_WINDOW + " requests outstanding");
        }
        ByteBuffer.wrap(frame).putInt(Frames.XID_OFFSET, nextXid++);
        isReading[sent % MAX_WINDOW] = Frames.isGetData(frame);
        sentNanos[sent++ % MAX_WINDOW] = System.nanoTime();
        link.write(frame);
    }

    private void receive(ByteBuffer content, Histogram latencies) throws IOException {
        if (!isEstablished) {
            if (Frames.session(content).timeoutMillis() <= 0) {
                throw new IOException("the server refused a new session");
            }
            isEstablished = true;
            return;
        }
        int xid = content.getInt();
        content.getLong();
        int error = content.getInt();
        if (xid != answered + 1) {
            throw new IOException("answer to request " + xid + " where " + (answered + 1) + " was due");
        }
        if (error == 0 && isReading[answered % MAX_WINDOW] && content.remaining() < payload.length) {
            throw new IOException("the answer to a read lacks the data");
        }
        long latencyNanos = System.nanoTime() - sentNanos[answered++ % MAX_WINDOW];
        if (error == 0) {
            latencies.recordValue(Math.min(latencyNanos, latencies.getHighestTrackableValue()));
        } else {
            errors++;
            lastError = error;
        }
    }
}
