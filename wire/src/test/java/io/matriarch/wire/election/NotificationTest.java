package io.matriarch.wire.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Samples;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import org.junit.jupiter.api.Test;

/** election.md 2.1 and 2.2. */
class NotificationTest {
    private static final String CONFIG = "server.1=h:1:2:participant\nversion=0";
    private static final Notification LEADING =
            new Notification(PeerState.LEADING, new ServerId(3), new Zxid(0x100000005L), 7, 1, 2, CONFIG);
    private static final Bytes WHOLE = Golden.bytes("notification");

    @Test
    void encodesAndDecodesAsApache() {
        assertThat(LEADING.encode()).isEqualTo(WHOLE);
        assertThat(Notification.decode(WHOLE)).isEqualTo(LEADING);
    }

    @Test
    void roundTripsInFormatTwo() {
        Samples any = new Samples(9);
        for (int i = 0; i < 300; i++) {
            Notification notification = new Notification(
                    PeerState.of(any.random().nextInt(4)),
                    new ServerId(any.aLong()),
                    any.zxid(),
                    any.aLong(),
                    any.aLong(),
                    Notification.VERSION,
                    any.text());
            Bytes bytes = CodecLaws.inTheMiddle(notification.encode());
            assertThat(Notification.decode(bytes)).isEqualTo(notification);
            CodecLaws.survivesEveryCut(bytes, Notification::decode);
            CodecLaws.survivesNoise(any.random(), bytes, Notification::decode);
        }
        CodecLaws.survivesRandomBytes(any.random(), Notification::decode);
    }

    @Test
    void theOldestFormTakesThePeerEpochFromTheZxid() {
        assertThat(Notification.decode(WHOLE.slice(0, 28)))
                .isEqualTo(new Notification(PeerState.LEADING, new ServerId(3), new Zxid(0x100000005L), 7, 1, 0, null));
    }

    @Test
    void theVersionWordOfTheFortyByteFormIsNotRead() {
        Notification decoded = Notification.decode(Golden.bytes("notificationNoConfig"));
        assertThat(decoded)
                .isEqualTo(new Notification(PeerState.LOOKING, new ServerId(3), new Zxid(0x100000005L), 7, 1, 0, null));
    }

    @Test
    void lengthsThatBelongToNoFormAreIgnored() {
        for (int length = 0; length < WHOLE.length(); length++) {
            Bytes cut = WHOLE.slice(0, length);
            if (length == 28 || length == 40) {
                assertThat(Notification.decode(cut).version()).isZero();
            } else {
                assertThatThrownBy(() -> Notification.decode(cut))
                        .as("%d bytes", length)
                        .isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void longerBodiesOfFormatOneHaveNoConfiguration() {
        byte[] bytes = WHOLE.toByteArray();
        bytes[39] = 1;
        Notification decoded = Notification.decode(Bytes.wrap(bytes));
        assertThat(decoded.version()).isEqualTo(1);
        assertThat(decoded.config()).isNull();
    }

    @Test
    void anEmptyConfigurationIsLegalAndBytesBehindItAreIgnored() {
        byte[] bytes = WHOLE.toByteArray();
        bytes[43] = 0;
        assertThat(Notification.decode(Bytes.wrap(bytes)).config()).isEmpty();
    }

    @Test
    void aConfigurationBeyondTheBodyIsIgnored() {
        for (int n : new int[] {-1, Integer.MIN_VALUE, CONFIG.length() + 1, Integer.MAX_VALUE}) {
            byte[] bytes = WHOLE.toByteArray();
            bytes[40] = (byte) (n >> 24);
            bytes[41] = (byte) (n >> 16);
            bytes[42] = (byte) (n >> 8);
            bytes[43] = (byte) n;
            assertThatThrownBy(() -> Notification.decode(Bytes.wrap(bytes)))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("configuration of " + n);
        }
    }

    @Test
    void statesOutsideOfTheFourAreIgnored() {
        for (byte state : new byte[] {4, -1, 127}) {
            byte[] bytes = WHOLE.toByteArray();
            bytes[3] = state;
            assertThatThrownBy(() -> Notification.decode(Bytes.wrap(bytes))).hasMessageContaining("state");
        }
        for (PeerState state : PeerState.values()) {
            assertThat(PeerState.of(state.code())).isSameAs(state);
        }
    }
}
