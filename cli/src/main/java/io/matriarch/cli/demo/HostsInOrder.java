package io.matriarch.cli.demo;

import java.net.InetSocketAddress;
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
