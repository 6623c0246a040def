package io.matriarch.server.quorum;

import io.matriarch.core.port.LinkId;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.Listener;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.quorum.QuorumPacket;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.util.function.Consumer;

/** Listens for learners while the core wants it, and dials leaders (zab.md 2.1). For the replica thread only. */
public final class QuorumPort {
    /** Connections to the quorum port at a time: more than any ensemble has members. */
    static final int MAX_ACCEPTED = 256;

    private final Transport transport;
    private final NameLookup names;
    private final EventQueue events;
    private final LinkTable links;
    private final Consumer<Outbox> touched;
    private final int connectTimeoutMillis;
    private final int lengthLimit;
    private final Listener listener;
    private int accepted;

    /**
     * @param own this server's entry; its quorum port is bound on its host, or on all addresses
     * @param limits bounds of the port
     */
    public QuorumPort(
            Transport transport,
            NameLookup names,
            EventQueue events,
            LinkTable links,
            Consumer<Outbox> touched,
            MemberConfig own,
            Limits limits) {
        this.transport = transport;
        this.names = names;
        this.events = events;
        this.links = links;
        this.touched = touched;
        this.connectTimeoutMillis = limits.connectTimeoutMillis();
        this.lengthLimit = Math.max(QuorumPacket.DEFAULT_LENGTH_LIMIT, 2 * limits.juteMaxBuffer());
        String host = limits.listensOnAllAddresses() ? "0.0.0.0" : own.host();
        this.listener = new Listener(
                transport,
                names,
                events,
                new Listener.Spec("quorum port", host, own.quorumPort(), -1, 0, 10),
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                },
                new Listener.Outcome() {});
    }

    /**
     * Bounds of the quorum port.
     *
     * @param juteMaxBuffer longest client request in bytes; twice that is the limit of a packet's parts, as in Apache
     */
    public record Limits(int connectTimeoutMillis, int juteMaxBuffer, boolean listensOnAllAddresses) {}

    @SuppressWarnings("FutureReturnValueIgnored") // a refused connection is gone whatever closing it says
    private void accept(Channel channel) {
        if (accepted >= MAX_ACCEPTED) {
            channel.close();
            return;
        }
        accepted++;
        channel.closeFuture().addListener(closed -> accepted--);
        channel.pipeline().addLast(link(events.nextLinkId(), false));
    }

    /** Accept learners from now on; binds within this turn of the event loop, or keeps trying. */
    public void listen() {
        listener.open();
    }

    /** Accept no more learners. */
    public void stopListening() {
        listener.close();
    }

    /** Dials {@code leader}; the answer is LeaderLinkUp or LinkDown for {@code id}. */
    public void connect(LinkId id, MemberConfig leader) {
        QuorumLink link = link(id, true);
        links.add(id, link);
        names.resolve(leader.host(), new NameLookup.Answer() {
            @Override
            public void found(InetAddress address) {
                if (links.get(id) == link) {
                    dial(link, address, leader.quorumPort());
                }
            }

            @Override
            public void failed(String why) {
                link.fail(why);
            }
        });
    }

    private void dial(QuorumLink link, InetAddress address, int port) {
        Bootstrap bootstrap = transport.client(connectTimeoutMillis, link);
        ChannelFuture dialling = bootstrap.connect(address, port);
        dialling.addListener(done -> {
            if (!done.isSuccess()) {
                link.fail("cannot connect: " + done.cause().getMessage());
            }
        });
    }

    private QuorumLink link(LinkId id, boolean isDialled) {
        return new QuorumLink(id, isDialled, lengthLimit, events, links, touched);
    }
}
