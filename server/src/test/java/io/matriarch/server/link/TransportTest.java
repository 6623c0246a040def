package io.matriarch.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of an event loop: it leaves no socket behind, in a process that goes on. */
@Timeout(30)
class TransportTest {
    private static final int DIAL_MILLIS = 2_000;

    private final Transport transport = new Transport("test-transport");

    private Channel dial(SocketAddress to) {
        return transport
                .client(DIAL_MILLIS, new ChannelInboundHandlerAdapter())
                .connect(to)
                .channel();
    }

    @Test
    void whatIsDialledBecauseAConnectionEndedIsClosedToo() throws Exception {
        try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            SocketAddress address = new InetSocketAddress(peer.getInetAddress(), peer.getLocalPort());
            Channel first = dial(address);
            peer.accept();
            CompletableFuture<Channel> again = new CompletableFuture<>();
            first.closeFuture().addListener(closed -> again.complete(dial(address)));

            transport.shutDown();
            transport.awaitEnd();

            assertThat(first.isOpen()).isFalse();
            assertThat(again.join().isOpen()).isFalse();
        }
    }
}
