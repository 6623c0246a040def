package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the lines of members and groups, and myid, may be written. */
class MemberLinesTest {
    private static final String BASE = "initLimit=10\nsyncLimit=5\nquorumListenOnAllIPs=true\n";
    private static final String MEMBERS = "server.1=a:2888:3888\nserver.2=b:2888:3888\nserver.3=c:2888:3888\n";

    @TempDir
    Path dir;

    @BeforeEach
    void isServerOne() throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
    }

    private ServerConfig read(String lines) throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + dir + "\n" + BASE + lines);
        return new ConfigReader(file, key -> null).read();
    }

    @Test
    void spacesAroundTheIdsOfAGroupAreNone() throws IOException {
        ServerConfig config = read(MEMBERS + "clientPort=2181\ngroup.1=1 : 2:3\n");
        assertThat(config.configText()).contains("group.1=1:2:3\n");
    }

    @Test
    void aColonAtTheEndOfAGroupIsOneTooMany() {
        assertThatThrownBy(() -> read(MEMBERS + "clientPort=2181\ngroup.1=1:2:3:\n"))
                .hasMessageContaining("group.1=1:2:3:: must list server ids with colons between");
    }

    @Test
    void spacesAroundTheIdInMyidAreNone() throws IOException {
        Files.writeString(dir.resolve("myid"), " 2 \n");
        assertThat(read(MEMBERS + "clientPort=2181\n").self()).isEqualTo(new ServerId(2));
    }

    @Test
    void theClientPartOfTheOwnLineMayRepeatAddressAndPort_butNoOtherAddress() throws IOException {
        String own = "clientPort=2181\nclientPortAddress=127.0.0.1\nserver.2=b:2888:3888\nserver.3=c:2888:3888\n";
        assertThat(read(own + "server.1=a:2888:3888;127.0.0.1:2181\n").clientAddress())
                .contains(new HostPort("127.0.0.1", 2181));
        assertThatThrownBy(() -> read(own + "server.1=a:2888:3888;127.0.0.2:2181\n"))
                .hasMessageContaining(
                        "server.1=a:2888:3888;127.0.0.2:2181: its client part contradicts clientPort and clientPortAddress, 127.0.0.1:2181");
    }
}
