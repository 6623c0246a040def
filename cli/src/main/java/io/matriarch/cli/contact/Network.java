package io.matriarch.cli.contact;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * How connections are made.
 *
 * @param bindAddress whence; null leaves it to the system
 * @param timeoutMillis for a connection, and for each answer
 */
public record Network(@Nullable InetAddress bindAddress, int timeoutMillis) {
    /** No answer and no packet is longer: above any jute.maxbuffer in use. */
    public static final int MAX_LENGTH_BYTES = 64 << 20;

    /** A connected socket whose reads end after the timeout. */
    public Socket connect(Address address) throws IOException {
        InetSocketAddress to = address.resolve();
        if (to.isUnresolved()) {
            throw new IOException("the name " + address.host() + " is not known here");
        }
        Socket socket = new Socket();
        try {
            if (bindAddress != null) {
                socket.bind(new InetSocketAddress(bindAddress, 0));
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            socket.connect(to, timeoutMillis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
