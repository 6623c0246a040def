package io.matriarch.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One non-blocking connection that moves whole frames. What is written is kept until {@link #flush()}, so that a batch of requests
 * is one system call.
 */
final class Link implements AutoCloseable {
    private static final int BUFFER_BYTES = 512 * 1024;

    /** Told of every frame read. */
    interface FrameSink {
        /** The frame's content lies between the buffer's position and limit; it is only valid during the call. */
        void frame(ByteBuffer content) throws IOException;
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer out;
    private final ByteBuffer in;

    /** Starts to connect; {@code owner} becomes the key's attachment. */
    Link(Selector selector, InetSocketAddress server, Object owner, int bufferBytes) throws IOException {
        out = ByteBuffer.allocateDirect(bufferBytes);
        in = ByteBuffer.allocateDirect(bufferBytes);
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean isConnected = channel.connect(server);
            key = channel.register(selector, isConnected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, owner);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    Link(Selector selector, InetSocketAddress server, Object owner) throws IOException {
        this(selector, server, owner, BUFFER_BYTES);
    }

    /** Whether the connection stands; completes it if it just came about. */
    boolean isConnected() throws IOException {
        if (key.isValid() && key.isConnectable()) {
            channel.finishConnect();
            interest(SelectionKey.OP_READ);
        }
        return channel.isConnected();
    }

    /** Keeps a frame for the next flush. */
    void write(byte[] frame) throws IOException {
        if (out.remaining() < frame.length) {
            throw new IOException("more requests outstanding than the buffer of a connection holds");
        }
        out.put(frame);
    }

    /** Sends what the socket takes; the rest follows when it is writable again. */
    void flush() throws IOException {
        if (out.position() > 0 && channel.isConnected()) {
            out.flip();
            channel.write(out);
            out.compact();
            interest(out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /**
     * Reads what is there and hands over every whole frame.
     *
     * @throws EOFException when the server closed the connection
     */
    void read(FrameSink sink) throws IOException {
        int count = channel.read(in);
        if (count < 0) {
            throw new EOFException("closed by the server");
        }
        in.flip();
        while (in.remaining() >= Frames.LENGTH_BYTES) {
            int length = in.getInt(in.position());
            if (length < 0 || length > in.capacity() - Frames.LENGTH_BYTES) {
                throw new IOException("a frame of " + length + " bytes");
            }
            if (in.remaining() < Frames.LENGTH_BYTES + length) {
                break;
            }
            int end = in.position() + Frames.LENGTH_BYTES + length;
            int limit = in.limit();
            in.position(in.position() + Frames.LENGTH_BYTES).limit(end);
            sink.frame(in);
            in.limit(limit).position(end);
        }
        in.compact();
    }

    @Override
    public void close() throws IOException {
        key.cancel();
        channel.close();
    }

    private void interest(int ops) {
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }
}
