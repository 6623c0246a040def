package io.matriarch.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Loopback ports that nobody uses, held until just before they are needed. */
final class FreePorts implements AutoCloseable {
    private final List<ServerSocket> held = new ArrayList<>();

    /** Holds {@code count} ports, all different. */
    static FreePorts hold(int count) {
        FreePorts ports = new FreePorts();
        try {
            for (int i = 0; i < count; i++) {
                ports.held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
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

    /** Lets all go, for the servers to take. */
    @Override
    public void close() {
        try {
            for (ServerSocket socket : held) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
