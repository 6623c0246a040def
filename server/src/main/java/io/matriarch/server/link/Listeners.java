package io.matriarch.server.link;

import io.matriarch.wire.election.HostPort;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The listening sockets of one port of this server: one per address, or one per port number on all addresses of the
 * machine. Addresses may change while it listens. For the replica thread only.
 */
public final class Listeners {
    private final Transport transport;
    private final NameLookup names;
    private final EventQueue events;
    private final Style style;
    private final ChannelHandler accepted;
    private final Consumer<String> gaveUp;
    private final Map<HostPort, Listener> listeners = new LinkedHashMap<>();
    private final Set<HostPort> failing = new LinkedHashSet<>();
    private boolean isOpen;

    /**
     * What the sockets have in common.
     *
     * @param what the port's name for the log
     * @param isOnAllAddresses whether the hosts are ignored and the ports bound on every address of the machine
     * @param tries attempts to bind before it is given up; 0 for ever
     * @param firstPauseMillis pause after the first failure; doubles up to a second
     */
    public record Style(String what, boolean isOnAllAddresses, int tries, int firstPauseMillis) {}

    /**
     * Sockets that do not listen yet.
     *
     * @param accepted initialises each accepted channel; must be sharable
     * @param gaveUp told when the tries of every socket are used up
     */
    public Listeners(
            Transport transport,
            NameLookup names,
            EventQueue events,
            Style style,
            ChannelHandler accepted,
            Consumer<String> gaveUp) {
        this.transport = transport;
        this.names = names;
        this.events = events;
        this.style = style;
        this.accepted = accepted;
        this.gaveUp = gaveUp;
    }

    /** Where to listen; sockets that are not named any more are closed, new ones opened if this listens. */
    public void at(List<HostPort> addresses) {
        Set<HostPort> wanted = new LinkedHashSet<>();
        for (HostPort address : addresses) {
            wanted.add(style.isOnAllAddresses() ? new HostPort(Listener.ANY, address.port()) : address);
        }
        for (HostPort address : List.copyOf(listeners.keySet())) {
            Listener listener = listeners.get(address);
            if (!wanted.contains(address) && listener != null) {
                listener.close();
                listeners.remove(address);
                failing.remove(address);
            }
        }
        for (HostPort address : wanted) {
            if (!listeners.containsKey(address)) {
                Listener listener = listener(address);
                listeners.put(address, listener);
                if (isOpen) {
                    listener.open();
                }
            }
        }
    }

    /** Starts to listen. */
    public void open() {
        if (!isOpen) {
            isOpen = true;
            List.copyOf(listeners.values()).forEach(Listener::open);
        }
    }

    /** Stops listening; accepted connections stay. */
    public void close() {
        isOpen = false;
        failing.clear();
        listeners.values().forEach(Listener::close);
    }

    private Listener listener(HostPort address) {
        Listener.Spec spec = new Listener.Spec(
                style.what(), address.host(), address.port(), -1, style.tries(), style.firstPauseMillis());
        return new Listener(transport, names, events, spec, accepted, new Listener.Outcome() {
            @Override
            public void bound(InetSocketAddress local) {
                failing.remove(address);
            }

            @Override
            public void gaveUp(String why) {
                failed(address, why);
            }
        });
    }

    /** While another address listens, one that cannot be bound is only worth trying on. */
    private void failed(HostPort address, String why) {
        failing.add(address);
        if (failing.size() == listeners.size()) {
            gaveUp.accept(why);
            return;
        }
        Listener listener = listeners.get(address);
        if (listener != null) {
            listener.open();
        }
    }
}
