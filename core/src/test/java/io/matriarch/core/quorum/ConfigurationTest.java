package io.matriarch.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** election.md 5.1, 5.2: what a configuration reads as and is read from. */
class ConfigurationTest {
    private static final String CANONICAL = """
            server.1=127.0.0.1:42001:43001:participant
            server.2=[0:0:0:0:0:0:0:1]:2888:3888:participant;0.0.0.0:2181
            server.3=a:1:2|b:3:4:observer;;0.0.0.0:2281
            server.10=c:1:2:participant;h:2181;h:2281
            version=10000002a""";

    private static Member memberOf(String value) {
        return Member.parse(new ServerId(1), value);
    }

    @Test
    void whatIsWrittenIsReadAndWrittenTheSame() {
        Configuration read = Configuration.parse(CANONICAL);
        assertThat(read.text()).isEqualTo(CANONICAL);
        assertThat(Configuration.parse(read.text())).isEqualTo(read);
        assertThat(read.version()).isEqualTo(0x10000002aL);
        assertThat(read.participants()).containsExactly(new ServerId(1), new ServerId(2), new ServerId(10));
    }

    @Test
    void groupsAndWeightsAreKept() {
        String text = """
                server.1=a:1:2:participant
                server.2=b:1:2:participant
                group.1=1
                group.2=2
                weight.2=0
                version=0""";
        assertThat(Configuration.parse(text).text()).isEqualTo(text);
    }

    @Test
    void theOrderOfLinesDoesNotMatterAndAMissingVersionIsZero() {
        Configuration read = Configuration.parse("\nserver.2=b:1:2\r\nserver.1=a:1:2:PARTICIPANT\n");
        assertThat(read.text()).isEqualTo("server.1=a:1:2:participant\nserver.2=b:1:2:participant\nversion=0");
    }

    @Test
    void anAddressIsReadWithItsRoleAndItsClientParts() {
        assertThat(memberOf("a:1:2;2181").client()).isEqualTo(new HostPort("0.0.0.0", 2181));
        assertThat(memberOf("a:1:2;[::1]:2181").client()).isEqualTo(new HostPort("::1", 2181));
        assertThat(memberOf("a:1:2;;2281").client()).isNull();
        assertThat(memberOf("a:1:2;;2281").secureClient()).isEqualTo(new HostPort("0.0.0.0", 2281));
        assertThat(List.of(memberOf("a:1:2;"), memberOf("a:1:2;;")))
                .as("Compat: nothing behind the last ; is no client part")
                .isEqualTo(List.of(memberOf("a:1:2"), memberOf("a:1:2")));
        assertThat(memberOf("a:1:2:Observer").isParticipant()).isFalse();
        assertThat(memberOf("a:1:2:observer|b:1:2").isParticipant()).isFalse();
        assertThat(memberOf("a:1:2|[::1]:3:4").addresses())
                .isEqualTo(List.of(new MemberAddress("a", 1, 2), new MemberAddress("::1", 3, 4)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a:1",
                "a:1:2:3",
                "a:1:1",
                "a:0:2",
                "a:1:65536",
                "a:x:2",
                ":1:2",
                "[::1:1:2",
                "[::1]1:2",
                "a:1:2;b:c:1",
                "a:1:2;b:70000",
                "a:1:2;1;2;3",
                "a:1:2:participant|b:1:2:observer",
                "a:1:2|"
            })
    void aLineThatIsNoneIsRefused(String value) {
        assertThatThrownBy(() -> memberOf(value)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version=1",
                "server.1=a:1:2:observer",
                "server.x=a:1:2",
                "server.1=a:1:2\nfoo=bar",
                "server.1=a:1:2\nversion=x",
                "server.1=a:1:2\nserver.1=b:1:2",
                "server.1=a:1:2\ngroup.1=1:2",
                "server.1=a:1:2\nserver.2=b:1:2\ngroup.1=1",
                "server.1=a:1:2\ngroup.1=1\ngroup.2=1",
                "server.1=a:1:2\ngroup.1=1\nweight.1=0",
                "server.1=a:1:2\ngroup.1=1\nweight.1=-1",
                "server.1"
            })
    void n14_aTextThatIsNoConfigurationIsRefusedAndNothingWorse(String text) {
        assertThatThrownBy(() -> Configuration.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void configurationsAreTheSameByMembersWhateverTheirVersion() {
        Configuration one = Configuration.parse(CANONICAL);
        assertThat(one.isSameBut(one.withVersion(7))).isTrue();
        assertThat(one.isSameBut(Configuration.parse(CANONICAL.replace(":2181", ":2182"))))
                .isFalse();
        assertThat(one.isSameBut(Configuration.parse(CANONICAL.replace("observer", "participant"))))
                .isFalse();
    }

    @Test
    void whoMovesItsQuorumPortDoesNotStayTheSameVoter() {
        Configuration one = Configuration.parse(CANONICAL);
        ServerId first = new ServerId(1);
        assertThat(one.keepsAsVoter(first, one.withVersion(7))).isTrue();
        assertThat(one.keepsAsVoter(first, Configuration.parse(CANONICAL.replace("42001", "42002"))))
                .isFalse();
        assertThat(one.keepsAsVoter(new ServerId(3), one)).as("an observer").isFalse();
    }

    @Test
    void aStandaloneServerShowsNoMembership() {
        assertThat(Configuration.standalone(new ServerId(1)).text()).isEmpty();
    }
}
