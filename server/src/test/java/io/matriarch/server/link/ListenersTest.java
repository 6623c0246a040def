package io.matriarch.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a port of ours listens (election.md 1.5 and 7.1: 2171, 3320, 3084). */
@Timeout(30)
class ListenersTest {
    private final Transport transport = new Transport("test-listeners");
    private final AtomicReference<InetAddress> meaning = new AtomicReference<>();
    private final NameLookup names = new NameLookup(transport.loop(), host -> {
        InetAddress address = meaning.get();
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return address;
    });
    private final RecordedEvents events = new RecordedEvents();
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> gaveUp = new LinkedBlockingQueue<>();
    private int port;

    @BeforeEach
    void takeAFreePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void shutDown() {
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }

    @Test
    void ownNameThatDoesNotResolveYetIsSaidOnceAndTriedForEver() throws Exception {
        Listeners listeners = listeners(false, 2);
        onLoop(() -> listeners.at(List.of(new HostPort("late.example", port))));
        onLoop(listeners::open);
        assertThat(events.nextTrace().toString())
                .contains(
                        "cannot listen on election port late.example:" + port + " yet: host late.example is not known");
        // Far more attempts than tries to bind.
        assertThat(accepted.poll(100, TimeUnit.MILLISECONDS)).isNull();
        meaning.set(InetAddress.getLoopbackAddress());
        dialUntilAccepted("127.0.0.1");
        assertThat(gaveUp).isEmpty();
        assertThat(events.hasTraces()).isFalse();
    }

    @Test
    void everyAddressIsBoundIpv6Included() throws Exception {
        Listeners listeners = listeners(false, 1);
        onLoop(() -> listeners.at(
                List.of(new HostPort("127.0.0.1", port), new HostPort("127.0.0.2", port), new HostPort("::1", port))));
        onLoop(listeners::open);
        for (String host : List.of("127.0.0.1", "127.0.0.2", "::1")) {
            dialUntilAccepted(host);
        }
    }

    @Test
    void allAddressesOfTheMachineAreBoundWithTheSamePort() throws Exception {
        Listeners listeners = listeners(true, 1);
        onLoop(() -> listeners.at(List.of(new HostPort("not-needed.example", port), new HostPort("other", port))));
        onLoop(listeners::open);
        dialUntilAccepted("127.0.0.3");
        dialUntilAccepted("::1");
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void portInUseIsGivenUpAfterTheTries() throws Exception {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Listeners listeners = listeners(false, 3);
            onLoop(() -> listeners.at(List.of(new HostPort("127.0.0.1", other.getLocalPort()))));
            onLoop(listeners::open);
            assertThat(gaveUp.take())
                    .contains("cannot listen on election port 127.0.0.1:" + port)
                    .contains("free the port or change it in zoo.cfg");
        }
    }

    @Test
    void addressInUseBesideOneThatListensIsTriedOn() throws Exception {
        Listeners listeners = listeners(false, 2);
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"))) {
            onLoop(() -> listeners.at(List.of(
                    new HostPort("127.0.0.1", other.getLocalPort()), new HostPort("127.0.0.2", other.getLocalPort()))));
            onLoop(listeners::open);
            dialUntilAccepted("127.0.0.1");
            // Two tries make one round; the second round has begun.
            for (int i = 0; i < 3; i++) {
                assertThat(events.nextTrace().toString()).contains("127.0.0.2");
            }
        }
        dialUntilAccepted("127.0.0.2");
        assertThat(gaveUp).isEmpty();
    }

    private Listeners listeners(boolean isOnAllAddresses, int tries) {
        return new Listeners(
                transport,
                names,
                events,
                new Listeners.Style("election port", isOnAllAddresses, tries, 1),
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                    }
                },
                gaveUp::add);
    }

    private void dialUntilAccepted(String host) throws Exception {
        while (true) {
            try (Socket socket = new Socket(InetAddress.getByName(host), port)) {
                Channel channel = accepted.poll(10, TimeUnit.SECONDS);
                assertThat(channel).isNotNull();
                assertThat(channel.remoteAddress().toString()).endsWith(":" + socket.getLocalPort());
                return;
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, transport.loop()).join();
    }
}
