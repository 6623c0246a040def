package io.matriarch.wire.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Samples;
import io.matriarch.wire.ServerId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** election.md 1.2. */
class OpeningTest {
    private static final ServerId TWO = new ServerId(2);
    private static final HostPort PLAIN = new HostPort("zk2.example", 3888);
    private static final HostPort SIX = new HostPort("0:0:0:0:0:0:0:1", 3889);

    @Test
    void oneAddressIsVersionOne() {
        Opening opening = new Opening(TWO, List.of(PLAIN));
        assertThat(opening.encode())
                .isEqualTo(Golden.hex("ffffffffffff0000 0000000000000002 00000010 7a6b322e6578616d706c653a33383838"));
        assertThat(decode(opening.encode())).isEqualTo(opening);
    }

    @Test
    void severalAddressesAreVersionTwoJoinedByABar() {
        Opening opening = new Opening(TWO, List.of(PLAIN, SIX));
        Bytes bytes = opening.encode();
        assertThat(bytes.slice(0, 8)).isEqualTo(Golden.hex("ffffffffffff0001"));
        assertThat(bytes.slice(20, bytes.length()).asUtf8()).isEqualTo("zk2.example:3888|[0:0:0:0:0:0:0:1]:3889");
        assertThat(decode(bytes)).isEqualTo(opening);
    }

    @Test
    void versionOneWithABarIsSplitToo() {
        byte[] bytes = new Opening(TWO, List.of(PLAIN, SIX)).encode().toByteArray();
        bytes[7] = 0;
        assertThat(decode(Bytes.wrap(bytes)).addresses()).containsExactly(PLAIN, SIX);
    }

    @Test
    void noAddressIsTheBareForm() {
        Opening opening = new Opening(new ServerId(5), List.of());
        assertThat(opening.encode()).isEqualTo(Golden.hex("0000000000000005"));
        assertThat(decode(opening.encode())).isEqualTo(opening);
    }

    @Test
    void anIncompleteOpeningAsksForMoreAndTheFramesBehindStayUnread() {
        for (Opening opening : List.of(new Opening(TWO, List.of(PLAIN, SIX)), new Opening(TWO, List.of()))) {
            Bytes whole = opening.encode();
            for (int length = 0; length < whole.length(); length++) {
                JuteReader in = new JuteReader(whole.slice(0, length));
                assertThat(Opening.tryDecode(in)).isNull();
                assertThat(in.position()).isZero();
            }
            JuteWriter out = new JuteWriter();
            out.writeRaw(whole);
            out.writeInt(42);
            JuteReader in = new JuteReader(out.toBytes());
            assertThat(Opening.tryDecode(in)).isEqualTo(opening);
            assertThat(in.readInt()).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fffffffffffffffe", // unknown version
                "8000000000000000",
                "ffffffffffff0002",
                "ffffffffffff0000 0000000000000002 00000000", // lengths
                "ffffffffffff0000 0000000000000002 00000801",
                "ffffffffffff0000 0000000000000002 ffffffff",
                "ffffffffffff0000 0000000000000002 7fffffff",
                "ffffffffffff0001 0000000000000002 00000001 7c", // only a bar
            })
    void badOpeningsCloseTheConnection(String hex) {
        assertThatThrownBy(() -> decode(Golden.hex(hex))).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h", "h:", ":1", "h:x", "h:-1", "h:65536", "h:99999999999", "a:b:1", "[::1]", "[::1", "[::1]x1"})
    void badAddressesAreRefused(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void wildcardsCannotBeCalledBack() {
        Opening opening = new Opening(TWO, List.of(new HostPort("0.0.0.0", 1), PLAIN, new HostPort("::", 2)));
        assertThat(decode(opening.encode()).callBackAddresses()).containsExactly(PLAIN);
    }

    @Test
    void survivesNoise() {
        Samples any = new Samples(10);
        Bytes whole = CodecLaws.inTheMiddle(new Opening(TWO, List.of(PLAIN, SIX)).encode());
        for (int i = 0; i < 200; i++) {
            CodecLaws.survivesNoise(any.random(), whole, OpeningTest::decode);
        }
        CodecLaws.survivesRandomBytes(any.random(), OpeningTest::decode);
    }

    private static Opening decode(Bytes bytes) {
        return Opening.tryDecode(new JuteReader(bytes));
    }
}
