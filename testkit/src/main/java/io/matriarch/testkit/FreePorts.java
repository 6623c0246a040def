package io.matriarch.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Loopback ports that nobody uses, held until just before they are needed: bound, so that nobody takes them, and not
 * listening, so that to its peers a server that has not started is down.
 */
final class FreePorts implements AutoCloseable {
    private final List<Socket> held = new ArrayList<>();

    /** Holds {@code count} ports, all different. */
    static FreePorts hold(int count) {
        FreePorts ports = new FreePorts();
        try {
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket();
                ports.held.add(socket);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            }
        } catch (IOException e) {
            ports.close();
            throw new UncheckedIOException("no free loopback port", e);
        }
        return ports;
    }

    int port(int index) {
        return held.get(index).getLocalPort();
    }

    /** Lets all go, for a server to take. */
    @Override
    public void close() {
        try {
            for (Socket socket : held) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
