package io.matriarch.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.Inspection;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.Listener;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.RecordedEvents;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.election.HostPort;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client port over real sockets, with a recorder in the core's place (client.md 2 and 17, operations.md 3.1). */
class ClientPortTest {
    private static final long MAX_BACKLOG_BYTES = 1 << 20;

    @TempDir
    Path dir;

    private final Transport transport = new Transport("test-clients");
    private final NameLookup names = new NameLookup(transport.loop());
    private final RecordedEvents events = new RecordedEvents();
    private final LinkTable links = new LinkTable();
    private int port;

    @BeforeEach
    void openPort() {
        open(builder -> builder);
    }

    @AfterEach
    void shutDown() {
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }

    private static ClientPort.Answers answers(ServerFigures figures) {
        return new ClientPort.Answers() {
            @Override
            public ServerFigures figures() {
                return figures;
            }

            @Override
            public @Nullable Inspection inspection() {
                return null;
            }

            @Override
            public CompletableFuture<String> journal() {
                return CompletableFuture.supplyAsync(() -> "journal\n");
            }

            @Override
            public String standing(int clients) {
                return clients + " clients\n";
            }

            @Override
            public CompletableFuture<String> lead(ServerId server) {
                return CompletableFuture.completedFuture("done: " + server + "\n");
            }
        };
    }

    private void open(UnaryOperator<ServerConfig.Builder> adjust) {
        ServerConfig config = adjust.apply(ServerConfig.builder().dataDir(dir).fourLetterWords(List.of("ruok", "stat")))
                .build();
        ServerFigures idle = new ServerFigures(
                false,
                false,
                "looking",
                null,
                Zxid.ZERO,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                new ServerFigures.Traffic(0, 0, 0, 0, 0, 0),
                null,
                "",
                null,
                null);
        ClientPort clients =
                new ClientPort(transport, events, links, Outbox::flush, config, answers(idle), MAX_BACKLOG_BYTES);
        CompletableFuture<Integer> bound = new CompletableFuture<>();
        transport
                .loop()
                .execute(() -> clients.open(names, new HostPort("127.0.0.1", 0), new Listener.Outcome() {
                    @Override
                    public void bound(InetSocketAddress address) {
                        bound.complete(address.getPort());
                    }
                }));
        port = bound.join();
    }

    @Test
    void framesAreCutWhereverTheBytesAreSplit() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.out.write(new byte[] {0, 0, 0});
            caller.out.flush();
            caller.out.write(new byte[] {3, 7, 8});
            caller.out.flush();
            caller.out.write(new byte[] {9, 0, 0, 0, 1, 5});
            caller.out.flush();

            LinkId link = events.next(Event.ClientLinkUp.class).link();
            assertThat(events.next(Event.ClientFrame.class))
                    .isEqualTo(new Event.ClientFrame(link, Bytes.wrap(new byte[] {7, 8, 9})));
            assertThat(events.next(Event.ClientFrame.class))
                    .isEqualTo(new Event.ClientFrame(link, Bytes.wrap(new byte[] {5})));
        }
        events.next(Event.LinkDown.class);
    }

    @Test
    void frameOfJuteMaxBufferIsTakenAndOneByteMoreClosesBeforeItArrives() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.out.writeInt(ServerConfig.DEFAULT_JUTE_MAX_BUFFER);
            caller.out.write(new byte[ServerConfig.DEFAULT_JUTE_MAX_BUFFER]);
            caller.out.flush();
            events.next(Event.ClientLinkUp.class);
            assertThat(events.next(Event.ClientFrame.class).frame().length())
                    .isEqualTo(ServerConfig.DEFAULT_JUTE_MAX_BUFFER);

            caller.out.writeInt(ServerConfig.DEFAULT_JUTE_MAX_BUFFER + 1);
            caller.out.flush();
            assertThat(events.next(Event.LinkDown.class).reason())
                    .isEqualTo("sent a frame of 1048576 bytes; at most jute.maxbuffer, 1048575, are allowed");
            assertThat(caller.readAll()).isEmpty();
        }
    }

    @Test
    void stmkTakesEightBytesHoweverTheyComeAndGtmkTellsThem() throws Exception {
        open(builder -> builder.fourLetterWords(List.of("stmk", "gtmk")));
        assertThat(ask("gtmk")).isEqualTo("306");
        try (Caller caller = new Caller(port)) {
            caller.out.writeBytes("stmk");
            caller.out.writeInt(-1);
            caller.out.flush();
            caller.out.writeInt(-2);
            caller.out.flush();
            assertThat(new String(caller.readAll(), StandardCharsets.US_ASCII)).isEqualTo("-2");
        }
        assertThat(ask("gtmk")).isEqualTo("-2");
    }

    @Test
    void stmkIsRefusedBeforeItsBytesComeIfItIsNotAllowed() throws Exception {
        assertThat(ask("stmk")).isEqualTo("stmk is not executed because it is not in the whitelist.\n");
    }

    @Test
    void negativeLengthCloses() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.out.writeInt(-1);
            caller.out.flush();
            events.next(Event.ClientLinkUp.class);
            assertThat(events.next(Event.LinkDown.class).reason()).startsWith("sent a frame of -1 bytes;");
            assertThat(caller.readAll()).isEmpty();
        }
    }

    @Test
    void allowedWordIsAnsweredWithoutTheCoreAndOthersAreRefused() throws Exception {
        assertThat(ask("ruok\n")).isEqualTo("imok");
        assertThat(ask("stat")).isEqualTo("This ZooKeeper instance is not currently serving requests\n");
        assertThat(ask("peer")).isEqualTo("peer is not executed because it is not in the whitelist.\n");
        assertThat(ask("jrnl")).isEqualTo("jrnl is not executed because it is not in the whitelist.\n");
        assertThat(ask("mntr")).isEqualTo("mntr is not executed because it is not in the whitelist.\n");
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void httpAndTlsAreRecognisedNamedAndClosed() throws Exception {
        assertThat(ask("GET / HTTP/1.1\r\n\r\n")).isEmpty();
        assertThat(((TraceEvent.Warning) events.nextTrace()).text())
                .startsWith("a caller from 127.0.0.1 on the client port speaks HTTP;");
        assertThat(FirstBytes.foreignProtocol(0x16030100)).startsWith("TLS");
        assertThat(FirstBytes.foreignProtocol(45)).isNull();
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void connectionsOfOneAddressAreBoundedAndOthersStay() throws Exception {
        open(builder -> builder.maxConnections(2, 0));
        try (Caller first = new Caller(port);
                Caller second = new Caller(port)) {
            first.ping();
            second.ping();
            events.next(Event.ClientLinkUp.class);
            events.next(Event.ClientFrame.class);
            events.next(Event.ClientLinkUp.class);
            events.next(Event.ClientFrame.class);
            try (Caller third = new Caller(port)) {
                assertThat(third.readAll()).isEmpty();
            }
            assertThat(((TraceEvent.Warning) events.nextTrace()).text())
                    .isEqualTo("refused a connection from 127.0.0.1: maxClientCnxns=2 of its address are open");
            first.ping();
            events.next(Event.ClientFrame.class);
        }
    }

    @Test
    void answersArriveFramedAndTheLastOneBeforeTheEnd() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ping();
            LinkId link = events.next(Event.ClientLinkUp.class).link();
            events.next(Event.ClientFrame.class);
            // More requests stay unread in our socket: closing must not destroy the answer on its way.
            onLoop(link, client -> client.pause());
            caller.ping();
            onLoop(link, client -> {
                client.send(ConnectResponse.expired(true), new JuteWriter());
                client.close("expired");
            });

            byte[] answer = caller.readAll();
            assertThat(answer).hasSize(41).startsWith(0, 0, 0, 37);
        }
    }

    @Test
    void clientThatDoesNotReadIsClosedAtTheBound() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ping();
            LinkId link = events.next(Event.ClientLinkUp.class).link();
            events.next(Event.ClientFrame.class);
            Reply reply = new Reply(1, 1, 0, new Response.Created("x".repeat(1 << 19)));
            JuteWriter scratch = new JuteWriter();
            for (int i = 0; i < 64 && links.get(link) != null; i++) {
                onLoop(link, client -> client.send(reply, scratch));
            }
            assertThat(events.next(Event.LinkDown.class).reason())
                    .startsWith("does not read its answers: ")
                    .endsWith(" bytes wait for it");
        }
    }

    private void onLoop(LinkId link, java.util.function.Consumer<ClientLink> action) {
        CompletableFuture.runAsync(
                        () -> {
                            if (links.get(link) instanceof ClientLink client) {
                                action.accept(client);
                            }
                        },
                        transport.loop())
                .join();
    }

    private String ask(String word) throws IOException {
        try (Caller caller = new Caller(port)) {
            caller.out.write(word.getBytes(StandardCharsets.US_ASCII));
            caller.out.flush();
            return new String(caller.readAll(), StandardCharsets.UTF_8);
        }
    }

    private static final class Caller implements AutoCloseable {
        final Socket socket;
        final DataOutputStream out;
        final DataInputStream in;

        Caller(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            out = new DataOutputStream(socket.getOutputStream());
            in = new DataInputStream(socket.getInputStream());
        }

        void ping() throws IOException {
            out.writeInt(8);
            out.writeLong(11);
            out.flush();
        }

        byte[] readAll() throws IOException {
            try {
                return in.readAllBytes();
            } catch (java.net.SocketException reset) {
                return new byte[0];
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
