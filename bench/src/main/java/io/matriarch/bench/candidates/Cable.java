package io.matriarch.bench.candidates;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a client connects through: it can be silenced, so that nobody hears the other although no connection closes. */
public final class Cable implements AutoCloseable {
    private final ServerSocket entrance;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean isSilent;
    private volatile long lastSentNanos;

    /** To a port of this machine. */
    public Cable(int target) {
        this.target = target;
        try {
            entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public String connectString() {
        return "127.0.0.1:" + entrance.getLocalPort();
    }

    /** From now on bytes vanish, both ways. */
    public void silence() {
        isSilent = true;
    }

    /** When something of the client was last passed on to the server, as {@link System#nanoTime}; 0 for never. */
    public long lastSentNanos() {
        return lastSentNanos;
    }

    /** Bytes arrive again, on connections made from now on. */
    public void heal() {
        breakConnections();
        isSilent = false;
    }

    /** Ends every connection; new ones can be made. */
    public void breakConnections() {
        sockets.forEach(this::end);
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(this::end);
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket near = entrance.accept();
                sockets.add(near);
                connect(near);
            } catch (IOException e) {
                // The entrance was closed.
            }
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(far);
            start(() -> pump(near, far, true));
            start(() -> pump(far, near, false));
        } catch (IOException e) {
            // The server is not there: the client hears so, and tries again.
            end(near);
        }
    }

    private void pump(Socket from, Socket to, boolean isClients) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!isSilent) {
                    if (isClients) {
                        lastSentNanos = System.nanoTime(); // first: who reads the bytes at once may ask for it
                    }
                    out.write(buffer, 0, count);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // One side is gone: so is the other.
        }
        if (!isSilent) {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cable");
        thread.setDaemon(true);
        thread.start();
    }
}
