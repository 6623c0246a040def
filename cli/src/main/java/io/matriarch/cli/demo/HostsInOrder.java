package io.matriarch.cli.demo;

import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.zookeeper.client.HostProvider;

/** Has a client try servers in a given order; the Apache client's own choice is a random one. */
final class HostsInOrder implements HostProvider {
    private final List<InetSocketAddress> addresses;
    private int next;

    HostsInOrder(List<InetSocketAddress> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    /** All servers of {@code ensemble} in a circle that begins with {@code first}. */
    static HostsInOrder from(TestEnsemble ensemble, long first) {
        List<InetSocketAddress> inOrder = new ArrayList<>();
        int size = ensemble.servers().size();
        for (int i = 0; i < size; i++) {
            TestServer server = ensemble.server((first - 1 + i) % size + 1);
            inOrder.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.clientPort()));
        }
        return new HostsInOrder(inOrder);
    }

    @Override
    public synchronized int size() {
        return addresses.size();
    }

    @Override
    public synchronized InetSocketAddress next(long spinDelay) {
        // Without the delay after a whole turn: the client itself waits between two attempts.
        InetSocketAddress address = addresses.get(next);
        next = (next + 1) % addresses.size();
        return address;
    }

    @Override
    public void onConnected() {
        // The next attempt goes to the next server, as after a failure.
    }

    @Override
    public boolean updateServerList(Collection<InetSocketAddress> servers, InetSocketAddress current) {
        return false;
    }
}
