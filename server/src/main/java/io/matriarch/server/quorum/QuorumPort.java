package io.matriarch.server.quorum;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.Dialler;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.Listeners;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.PeerGates;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.quorum.QuorumPacket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.List;
import java.util.function.Consumer;

/** Listens for learners while the core wants it, and dials leaders (zab.md 2.1). For the replica thread only. */
public final class QuorumPort {
    /** Connections to the quorum port at a time: more than any ensemble has members. */
    static final int MAX_ACCEPTED = 256;

    /** Twice the largest jute.maxbuffer is more than an int. */
    private static final int MOST_LENGTH_LIMIT = Integer.MAX_VALUE - 1024;

    private final EventQueue events;
    private final LinkTable links;
    private final Consumer<Outbox> touched;
    private final int lengthLimit;
    private final AddressBook book;
    private final Dialler dialler;
    private final int observerMasterPort;
    private final Listeners listeners;
    private final Listeners observerListeners;
    private final PeerGates gates;
    private int accepted;

    /**
     * A port that does not listen yet.
     *
     * @param book the members; our own quorum addresses are bound, or the same ports on all addresses of the machine
     * @param gates what connections go through
     * @param limits bounds of the port
     */
    public QuorumPort(
            Transport transport,
            NameLookup names,
            EventQueue events,
            LinkTable links,
            Consumer<Outbox> touched,
            AddressBook book,
            PeerGates gates,
            Limits limits) {
        this.gates = gates;
        this.events = events;
        this.links = links;
        this.touched = touched;
        this.book = book;
        this.lengthLimit = (int)
                Math.max(QuorumPacket.DEFAULT_LENGTH_LIMIT, Math.min(MOST_LENGTH_LIMIT, 2L * limits.juteMaxBuffer()));
        this.dialler = new Dialler(transport, names, limits.connectTimeoutMillis());
        this.observerMasterPort = limits.observerMasterPort();
        ChannelInitializer<Channel> accepting = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                accept(channel);
            }
        };
        boolean isOnAll = limits.listensOnAllAddresses();
        this.listeners = new Listeners(
                transport, names, events, new Listeners.Style("quorum port", isOnAll, 0, 10), accepting, why -> {});
        this.observerListeners = new Listeners(
                transport,
                names,
                events,
                new Listeners.Style("port for observers", isOnAll, 0, 10),
                accepting,
                why -> {});
        membersChanged();
        book.onChange(this::membersChanged);
    }

    private void membersChanged() {
        MemberConfig own = book.own();
        if (own != null) {
            listeners.at(own.quorumAddresses());
            if (observerMasterPort > 0) {
                observerListeners.at(observerAddresses(own.quorumAddresses()));
            }
        }
    }

    /** The port for observers is the same everywhere, on whatever addresses the quorum port has. */
    private List<HostPort> observerAddresses(List<HostPort> quorumAddresses) {
        return quorumAddresses.stream()
                .map(address -> new HostPort(address.host(), observerMasterPort))
                .distinct()
                .toList();
    }

    /**
     * Bounds of the quorum port.
     *
     * @param juteMaxBuffer longest client request in bytes; twice that is the limit of a packet's parts, as in Apache
     * @param observerMasterPort where followers serve observers, on every host; 0 if they do not
     */
    public record Limits(
            int connectTimeoutMillis, int juteMaxBuffer, boolean listensOnAllAddresses, int observerMasterPort) {}

    @SuppressWarnings("FutureReturnValueIgnored") // a refused connection is gone whatever closing it says
    private void accept(Channel channel) {
        if (accepted >= MAX_ACCEPTED) {
            channel.close();
            return;
        }
        accepted++;
        channel.closeFuture().addListener(closed -> accepted--);
        Consumer<String> closed = why -> channel.close();
        Gate.Passage toCore = passage(
                () -> {
                    QuorumLink link = link(events.nextLinkId(), false);
                    channel.pipeline().addLast(link);
                    link.begin(channel);
                },
                closed);
        gates.tls().accepted(channel, passage(() -> gates.sasl().accepted(channel, toCore), closed));
    }

    private static Gate.Passage passage(Runnable ready, Consumer<String> refused) {
        return new Gate.Passage() {
            @Override
            public void ready() {
                ready.run();
            }

            @Override
            public void refused(String why) {
                refused.accept(why);
            }
        };
    }

    /** Accept learners from now on; binds within this turn of the event loop, or keeps trying. */
    public void listen() {
        listeners.open();
    }

    /** Accept no more learners. */
    public void stopListening() {
        listeners.close();
    }

    /** Accept observers from now on, on the port for them. */
    public void listenForObservers() {
        observerListeners.open();
    }

    /** Accept no more observers there. */
    public void stopListeningForObservers() {
        observerListeners.close();
    }

    /** Dials {@code leader} at all its addresses; the answer is LeaderLinkUp or LinkDown for {@code id}. */
    public void connect(LinkId id, ServerId leader) {
        connect(id, leader, book.quorumAddresses(leader));
    }

    /** Dials the port for observers of {@code master}; answered like {@link #connect}. */
    public void connectToObserverMaster(LinkId id, ServerId master) {
        connect(id, master, observerAddresses(book.quorumAddresses(master)));
    }

    private void connect(LinkId id, ServerId server, List<HostPort> addresses) {
        if (addresses.isEmpty()) {
            events.add(new Event.LinkDown(id, "server " + server + " is no member"));
            return;
        }
        QuorumLink link = link(id, true);
        links.add(id, link);
        Dialler.Attempt dialling = dialler.dial(addresses, new Dialler.Outcome() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // a closed connection is gone whatever closing it says
            public void connected(Channel channel, HostPort address) {
                link.entering(channel::close);
                Gate.Passage toCore = passage(
                        () -> {
                            channel.pipeline().addLast(link);
                            link.begin(channel);
                        },
                        link::fail);
                gates.tls()
                        .dialled(
                                channel,
                                address,
                                passage(() -> gates.sasl().dialled(channel, address, toCore), link::fail));
            }

            @Override
            public void failed(String why, boolean isRefused) {
                link.fail(why);
            }
        });
        link.entering(dialling::cancel);
    }

    private QuorumLink link(LinkId id, boolean isDialled) {
        return new QuorumLink(id, isDialled, lengthLimit, events, links, touched);
    }
}
