package io.matriarch.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.MalformedException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The packets of SASL between servers (election.md 1.10). */
class AuthPacketTest {
    private static final AuthPacket PACKET = new AuthPacket(AuthPacket.Status.ERROR, Bytes.wrap(new byte[] {7, 8, 9}));

    @Test
    void bytesAreThoseOfApache() {
        assertThat(hex(PACKET.encode())).isEqualTo("5f2435013501edccffffffff00000003070809");
        assertThat(hex(new AuthPacket(AuthPacket.Status.SUCCESS, null).encode()))
                .isEqualTo("5f2435013501edcc00000001ffffffff");
        assertThat(hex(new AuthPacket(AuthPacket.Status.IN_PROGRESS, Bytes.EMPTY).encode()))
                .isEqualTo("5f2435013501edcc0000000000000000");
    }

    @Test
    void packetIsReadOnlyWhenItIsWhole() {
        byte[] bytes = PACKET.encode().toByteArray();
        for (int length = 0; length < bytes.length; length++) {
            JuteReader in = new JuteReader(Bytes.wrap(bytes, 0, length));
            assertThat(AuthPacket.tryDecode(in)).isNull();
            assertThat(in.position()).isZero();
        }
        JuteReader in = new JuteReader(Bytes.wrap(bytes));
        assertThat(AuthPacket.tryDecode(in)).isEqualTo(PACKET);
        assertThat(in.position()).isEqualTo(bytes.length);
    }

    @Test
    void onlyThisMagicTheseStatusesAndShortTokensAreTaken() {
        assertMalformed("5f2435013501edcdffffffff00000000");
        assertMalformed("5f2435013501edcc0000000200000000");
        assertMalformed("5f2435013501edcc00000000fffffffe");
        assertMalformed("5f2435013501edcc0000000000010001");
        assertThat(AuthPacket.canBeginWith((byte) 0x5f)).isTrue();
        assertThat(AuthPacket.canBeginWith((byte) 0)).isFalse();
    }

    private static void assertMalformed(String hex) {
        JuteReader in = new JuteReader(Bytes.wrap(HexFormat.of().parseHex(hex)));
        assertThatThrownBy(() -> AuthPacket.tryDecode(in)).isInstanceOf(MalformedException.class);
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
