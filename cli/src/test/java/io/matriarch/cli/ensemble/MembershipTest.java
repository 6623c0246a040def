package io.matriarch.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.cli.contact.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
    @Test
    void everyFormOfAServerLineIsRead() throws Exception {
        Membership members = Membership.parse("""
                server.1=zk1:2888:3888:participant;2181
                server.2=[::1]:2888:3888:observer;0.0.0.0:2182
                server.3=zk3:2888:3888|zk3b:2889:3889;client3:2183
                server.254=zk4:2888:3888
                version=100000001""", "here");
        assertThat(members.quorumAddresses().values())
                .containsExactly(
                        List.of(new Address("zk1", 2888)),
                        List.of(new Address("::1", 2888)),
                        List.of(new Address("zk3", 2888), new Address("zk3b", 2889)),
                        List.of(new Address("zk4", 2888)));
        assertThat(members.clientAddresses().values())
                .containsExactly(new Address("zk1", 2181), new Address("::1", 2182), new Address("client3", 2183));
        assertThat(members.unusedId()).isEqualTo(253);
    }

    @Test
    void aDynamicFileBesideACopiedConfigurationIsFound(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("zoo.cfg.dynamic.100"), "server.1=a:1:2;3\n");
        Path config = Files.writeString(
                directory.resolve("zoo.cfg"), "dynamicConfigFile=/elsewhere/zoo.cfg.dynamic.100\nclientPort=9\n");
        assertThat(Membership.read(config).clientAddresses()).containsValue(new Address("a", 3));
    }

    @Test
    void aBadLineIsNamed() {
        assertThatThrownBy(() -> Membership.parse("server.1=a:b:c", "zoo.cfg"))
                .hasMessage("zoo.cfg: server.1=a:b:c is no server: port 'b' must be a number from 1 to 65535");
        assertThatThrownBy(() -> Membership.parse("server.x=a:1:2", "zoo.cfg")).hasMessageContaining("server.x=a:1:2");
        assertThatThrownBy(() -> Membership.parse("server.1=nothing", "zoo.cfg"))
                .hasMessageContaining("must read host:quorumPort:electionPort");
    }
}
