package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words that look into sessions, watches and the tree (operations.md 3.2), asked of a server with clients. */
class InspectedWordsTest {
    private static final int EPHEMERAL = 1;

    @TempDir
    Path dir;

    private MatriarchServer server;
    private BlockingClient first;
    private BlockingClient second;

    @BeforeEach
    void start() throws Exception {
        server = MatriarchServer.start(ServerConfig.builder()
                .dataDir(dir)
                .clientAddress("127.0.0.1", 0)
                .fourLetterWords(List.of("*"))
                .build());
        assertThat(server.awaitServing(Duration.ofSeconds(20))).isTrue();
        first = new BlockingClient(server.clientPort(), 10_000);
        second = new BlockingClient(server.clientPort(), 30_000);
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        second.close();
        server.close();
    }

    private String ask(String word) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.clientPort())) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String id(BlockingClient client) {
        return "0x" + Long.toHexString(client.sessionId());
    }

    private static Request.Create create(String path, int flags) {
        return new Request.Create(OpCode.CREATE, path, Bytes.EMPTY, Acl.OPEN, flags, 0);
    }

    @Test
    void watchesAreCountedAndListedByConnectionAndByPath() throws Exception {
        assertThat(ask("wchs")).isEqualTo("0 connections watching 0 paths\nTotal watches:0\n");
        assertThat(ask("wchc")).isEqualTo("\n");
        assertThat(ask("wchp")).isEqualTo("\n");
        first.ask(new Request.GetData("/zookeeper", true));
        second.ask(new Request.GetData("/zookeeper", true));
        second.ask(new Request.GetChildren("/zookeeper", true, false));
        second.ask(new Request.GetData("/", true));

        assertThat(ask("wchs")).isEqualTo("2 connections watching 2 paths\nTotal watches:3\n");
        assertThat(ask("wchc"))
                .startsWith(id(first) + "\n\t/zookeeper\n" + id(second) + "\n\t/")
                .hasLineCount(6);
        assertThat(ask("wchp"))
                .contains("/zookeeper\n\t" + id(first) + "\n\t" + id(second) + "\n", "/\n\t" + id(second) + "\n")
                .endsWith("\n\n");
    }

    @Test
    void dumpShowsSessionsByTheirEndEphemeralsByTheirOwnerAndConnections() throws Exception {
        first.ask(create("/a", EPHEMERAL));
        first.ask(create("/b", EPHEMERAL));
        String date = " expire at [A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9:]{8} [^ ]+ 20[0-9]{2}:\n";

        assertThat(ask("dump"))
                .matches("SessionTracker dump:\nSession Sets \\(2\\)/\\(2\\):\n1" + date + "\t" + id(first) + "\n1"
                        + date
                        + "\t" + id(second) + "\nephemeral nodes dump:\nSessions with Ephemerals \\(1\\):\n" + id(first)
                        + ":\n\t/a\n\t/b\nConnections dump:\nConnections Sets \\([123]\\)/\\(3\\):\n[^$]*")
                .containsPattern("1" + date + "\tip: /127.0.0.1:[0-9]+ sessionId: " + id(second) + "\n");
    }

    @Test
    void hashShowsTheDigestAfterEvery128thTransaction() throws Exception {
        assertThat(ask("hash")).isEmpty();
        for (int i = 0; i < 260; i++) {
            first.send(create("/" + i, 0));
        }
        for (int i = 0; i < 260; i++) {
            first.receive();
        }
        List<String> lines = ask("hash").lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("[0-9a-f]*80: -?[0-9]+");
        assertThat(lines.get(1)).matches("[0-9a-f]*00: -?[0-9]+");
    }

    @Test
    void figuresStartOverWhenAskedTo() throws Exception {
        assertThat(ask("srvr")).doesNotContain("\nReceived: 0\n");
        assertThat(ask("srst")).isEqualTo("Server stats reset.\n");
        assertThat(ask("srvr")).contains("\nReceived: 0\n");
        assertThat(ask("cons")).contains("lop=SESS");
        assertThat(ask("crst")).isEqualTo("Connection stats reset.\n");
        assertThat(ask("cons")).doesNotContain("lop=SESS");
    }
}
