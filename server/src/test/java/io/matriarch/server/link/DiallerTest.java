package io.matriarch.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dialling a server at one or several addresses (election.md 1.7 and 7.1: 822, 2171; zab.md 2.1). */
@Timeout(30)
class DiallerTest {
    private final Transport transport = new Transport("test-dialler");
    private final Map<String, InetAddress> meanings = new ConcurrentHashMap<>();
    private final CountDownLatch slowNameServer = new CountDownLatch(1);
    private final NameLookup names = new NameLookup(transport.loop(), this::lookUp);
    private final List<SocketChannel> waiting = new ArrayList<>();
    private final Dialler dialler = new Dialler(transport, names, 2000);

    private InetAddress lookUp(String host) throws UnknownHostException {
        if (host.startsWith("slow")) {
            try {
                slowNameServer.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(host);
            }
        }
        InetAddress address = meanings.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return address;
    }

    @AfterEach
    void shutDown() throws IOException {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        slowNameServer.countDown();
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }

    @Test
    void t5AddressThatDropsPacketsDoesNotDelayTheNextOne() throws Exception {
        try (ServerSocket full = fullBacklog();
                ServerSocket good = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            long began = System.nanoTime();
            Object result = dial(
                            new HostPort("127.0.0.1", full.getLocalPort()),
                            new HostPort("127.0.0.2", good.getLocalPort()))
                    .get();
            assertThat(result).isEqualTo(new HostPort("127.0.0.2", good.getLocalPort()));
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)).isLessThan(1500);
        }
    }

    @Test
    void slowNameServerDelaysNeitherTheNextAddressNorOtherDials() throws Exception {
        try (ServerSocket good = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            HostPort address = new HostPort("127.0.0.1", good.getLocalPort());
            CompletableFuture<Object> stuck = dial(new HostPort("slow.example", 1));
            assertThat(dial(new HostPort("slow.example", 1), address).get()).isEqualTo(address);
            meanings.put("quick.example", InetAddress.getLoopbackAddress());
            HostPort quick = new HostPort("quick.example", good.getLocalPort());
            assertThat(dial(quick).get()).isEqualTo(quick);
            assertThat(stuck).isNotDone();
        }
    }

    @Test
    void nameIsLookedUpForEachDial() throws Exception {
        try (ServerSocket good = new ServerSocket(0, 9, InetAddress.getByName("127.0.0.2"))) {
            HostPort moving = new HostPort("moving.example", good.getLocalPort());
            assertThat(dial(moving).get()).isEqualTo("host moving.example is not known; refused: false");
            meanings.put("moving.example", InetAddress.getLoopbackAddress());
            assertThat(dial(moving).get().toString()).contains("refused: true");
            meanings.put("moving.example", InetAddress.getByName("127.0.0.2"));
            assertThat(dial(moving).get()).isEqualTo(moving);
        }
    }

    @Test
    void serverIsRefusingOnlyIfAllItsAddressesRefuse() throws Exception {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        assertThat(dial(new HostPort("127.0.0.1", closed), new HostPort("127.0.0.2", closed))
                        .get()
                        .toString())
                .endsWith("refused: true");
        assertThat(dial(new HostPort("127.0.0.1", closed), new HostPort("no.example", closed))
                        .get()
                        .toString())
                .contains("host no.example is not known")
                .endsWith("refused: false");
    }

    @Test
    void dialThatIsGivenUpReportsNothing() throws Exception {
        try (ServerSocket full = fullBacklog()) {
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            onLoop(() -> dialler.dial(List.of(new HostPort("127.0.0.1", full.getLocalPort())), completing(outcome))
                    .cancel());
            assertThat(dial(new HostPort("no.example", 1)).get().toString()).contains("not known");
            assertThat(outcome).isNotDone();
        }
    }

    /** A listener whose queue is full: the system drops further SYN packets. */
    private ServerSocket fullBacklog() throws IOException {
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        for (int i = 0; i < 4; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(full.getLocalSocketAddress());
            waiting.add(channel);
        }
        return full;
    }

    private CompletableFuture<Object> dial(HostPort... addresses) {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        onLoop(() -> dialler.dial(List.of(addresses), completing(outcome)));
        return outcome;
    }

    private static Dialler.Outcome completing(CompletableFuture<Object> outcome) {
        return new Dialler.Outcome() {
            @Override
            public void connected(Channel channel, HostPort address) {
                outcome.complete(address);
            }

            @Override
            public void failed(String why, boolean isRefused) {
                outcome.complete(why + "; refused: " + isRefused);
            }
        };
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, transport.loop()).join();
    }
}
