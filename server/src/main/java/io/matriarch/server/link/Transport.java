package io.matriarch.server.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one event loop of a server: a single thread that owns all sockets and the core, so that nothing passes between
 * threads on the way of a request but the log.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
public final class Transport {
    /** System property: {@code nio} or {@code epoll}; epoll falls back to nio where it is not available. */
    public static final String KIND_PROPERTY = "matriarch.transport";

    private final EventLoopGroup group;
    private final EventLoop loop;
    /** For the loop only. */
    private final Set<Channel> open = new LinkedHashSet<>();
    /** For the loop only. */
    private boolean isEnding;

    private final Class<? extends ServerChannel> serverChannel;
    private final Class<? extends Channel> channel;
    private final @Nullable RoutedAddresses routed;

    /** Starts the thread, a daemon called {@code threadName}; connections go where they are dialled. */
    public Transport(String threadName) {
        this(threadName, null);
    }

    /** As {@link #Transport(String)}; connections go where {@code route} says, if there is one. */
    public Transport(String threadName, @Nullable Route route) {
        routed = route == null ? null : new RoutedAddresses(route);
        boolean isEpoll = "epoll".equals(System.getProperty(KIND_PROPERTY, "nio")) && Epoll.isAvailable();
        IoHandlerFactory factory = isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(threadName, true), factory);
        loop = group.next();
        serverChannel = isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        channel = isEpoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The loop, and so the replica thread. */
    public EventLoop loop() {
        return loop;
    }

    /** For a listening socket; {@code accepted} is added to each accepted one, and must be sharable. */
    public ServerBootstrap server(ChannelHandler accepted) {
        return new ServerBootstrap()
                .group(group)
                .channel(serverChannel)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .handler(tracked(null))
                .childHandler(tracked(accepted));
    }

    /** For one dial that may take {@code timeoutMillis}. */
    public Bootstrap client(int timeoutMillis, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(channel)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(tracked(handler));
        return routed == null ? bootstrap : bootstrap.resolver(routed);
    }

    private ChannelHandler tracked(@Nullable ChannelHandler handler) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel created) {
                if (isEnding) {
                    // Whoever lost a connection as it ended may have dialled anew; nobody would close that one.
                    created.close();
                    return;
                }
                open.add(created);
                created.closeFuture().addListener(closed -> open.remove(created));
                if (handler != null) {
                    created.pipeline().addLast(handler);
                }
            }
        };
    }

    /** Waits until the thread has ended; not to be called on it. */
    public void awaitEnd() {
        group.terminationFuture().awaitUninterruptibly();
    }

    /** Closes all sockets and ends the thread; does not wait. */
    public void shutDown() {
        try {
            loop.execute(this::closeAllAndEnd);
        } catch (RejectedExecutionException e) {
            // It has ended already.
            return;
        }
    }

    /** The loop by itself would end without closing its sockets. */
    private void closeAllAndEnd() {
        isEnding = true;
        List.copyOf(open).forEach(Channel::close);
        group.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
    }
}
