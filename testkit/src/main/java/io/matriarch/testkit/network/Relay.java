package io.matriarch.testkit.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A port of the loopback address from which connections lead over a link to another one. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed close ends the channel all the same
public final class Relay {
    /** How long a connection to the target waits for the one who asked for it. */
    private static final int PREPARED_MILLIS = 2_000;

    private final Network network;
    private final Link link;
    private final Target target;
    private final Channel listening;
    /** Connections to the target that {@link #prepare} made and nobody took yet; for the network's thread. */
    private final Queue<Channel> prepared = new ArrayDeque<>();

    /** Where a relay leads. */
    @FunctionalInterface
    public interface Target {
        /** The port on the loopback address; 0 if nobody is there now. Asked for each connection, on any thread. */
        int port();
    }

    Relay(Network network, Link link, int port, Target target) {
        this.network = network;
        this.link = link;
        this.target = target;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(network.group())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel);
                    }
                });
        ChannelFuture bound =
                bootstrap.bind(InetAddress.getLoopbackAddress(), port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new UncheckedIOException(
                    "port " + port + " of the loopback address is not free", new IOException(bound.cause()));
        }
        listening = bound.channel();
        network.track(listening);
    }

    /** The port that is open. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Closes the port; connections stay. */
    public void close() {
        listening.close().awaitUninterruptibly();
    }

    /**
     * Connects to the target and answers where to connect to get there. So that whoever dials is refused when nobody
     * listens at the target, gets no answer from a silent link, and sees a relay that accepts only if the target did.
     *
     * @param timeoutMillis after which a dial that is not answered has failed
     */
    public CompletionStage<InetSocketAddress> prepare(int timeoutMillis) {
        CompletableFuture<InetSocketAddress> answer = new CompletableFuture<>();
        network.loop().execute(() -> {
            if (link.isCut()) {
                answer.completeExceptionally(new ConnectException("Connection refused by a cut link"));
                return;
            }
            Flow asking = new Flow(link);
            answer.whenComplete((address, failure) -> network.loop().execute(asking::end));
            network.loop()
                    .schedule(
                            () -> answer.completeExceptionally(new ConnectException(
                                    "no answer in " + timeoutMillis + " ms over the link " + link)),
                            timeoutMillis,
                            TimeUnit.MILLISECONDS);
            asking.add(0, () -> dial(channel -> ready(channel, answer), answer::completeExceptionally));
        });
        return answer;
    }

    private void ready(Channel channel, CompletableFuture<InetSocketAddress> answer) {
        prepared.add(channel);
        channel.closeFuture().addListener(closed -> prepared.remove(channel));
        network.loop()
                .schedule(
                        () -> {
                            if (prepared.remove(channel)) {
                                Passage.reset(channel);
                            }
                        },
                        PREPARED_MILLIS,
                        TimeUnit.MILLISECONDS);
        answer.complete(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
    }

    private void dial(Consumer<Channel> connected, Consumer<Throwable> failed) {
        int port = target.port();
        if (port == 0) {
            failed.accept(new ConnectException("Connection refused: nobody is there"));
            return;
        }
        new Bootstrap()
                .group(network.group())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // Nothing is read before somebody is there to take it.
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(InetAddress.getLoopbackAddress(), port)
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        network.track(done.channel());
                        connected.accept(done.channel());
                    } else {
                        failed.accept(done.cause());
                    }
                });
    }

    private void accepted(Channel channel) {
        network.track(channel);
        if (link.isCut()) {
            Passage.reset(channel);
            return;
        }
        Passage passage = Passage.of(link, channel);
        @Nullable Channel ready = prepared.poll();
        if (ready != null) {
            passage.join(ready);
        } else {
            passage.dialling(() -> dial(passage::join, cause -> passage.reset()));
        }
    }
}
