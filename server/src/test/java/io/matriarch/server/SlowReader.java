package io.matriarch.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before a server and lets only so many of its bytes through in a second, with a small buffer of its own; and at first
 * only so many at all.
 */
final class SlowReader implements AutoCloseable {
    private static final int SLICE_MILLIS = 10;
    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocket listener = new ServerSocket();
    private final int target;
    private final byte[] slice;
    private final AtomicLong allowance;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final List<Socket> sockets = new ArrayList<>();

    SlowReader(int target, int bytesPerSecond, long firstBytes) throws IOException {
        this.target = target;
        this.allowance = new AtomicLong(firstBytes);
        this.slice = new byte[bytesPerSecond / 1000 * SLICE_MILLIS];
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread accepting = new Thread(this::accept, "slow-reader");
        accepting.setDaemon(true);
        accepting.start();
    }

    /** From now on everything gets through in time. */
    void release() {
        allowance.set(Long.MAX_VALUE / 2);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket dialling = listener.accept();
                Socket dialled = new Socket();
                dialled.setReceiveBufferSize(BUFFER_BYTES);
                dialled.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                keep(dialling, dialled);
                Thread requests = new Thread(() -> copyAll(dialling, dialled), "slow-reader-requests");
                requests.setDaemon(true);
                requests.start();
                letThrough(dialled, dialling);
            }
        } catch (SocketException closed) {
            // The end of the test.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void keep(Socket... both) {
        sockets.addAll(List.of(both));
    }

    private void letThrough(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        ScheduledFuture<?> unused = clock.scheduleAtFixedRate(
                () -> {
                    try {
                        long count = Math.min(allowance.get(), Math.min(in.available(), slice.length));
                        if (count > 0) {
                            allowance.addAndGet(-count);
                            out.write(slice, 0, in.read(slice, 0, (int) count));
                        }
                    } catch (IOException ended) {
                        throw new UncheckedIOException(ended);
                    }
                },
                0,
                SLICE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static void copyAll(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException ended) {
            // One of the servers closed it.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        clock.shutdownNow();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
