package io.matriarch.testkit.network;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one thread and all sockets of a test's network. Methods may be called from any thread but that one. */
public final class Network implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("test-network", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ChannelGroup open = new DefaultChannelGroup(loop, true);

    /** A link without faults. */
    public Link link(String name) {
        return new Link(name, loop);
    }

    /**
     * Opens a port of the loopback address from which connections lead over {@code link} to {@code target}.
     *
     * @param port 0 for any
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public Relay relay(Link link, int port, Relay.Target target) {
        return new Relay(this, link, port, target);
    }

    EventLoop loop() {
        return loop;
    }

    EventLoopGroup group() {
        return group;
    }

    /** Has {@code channel} closed with the network, at once if that is closed already. */
    void track(Channel channel) {
        open.add(channel);
    }

    /** Closes everything. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the thread ends by itself soon after the last socket
    public void close() {
        open.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
    }
}
