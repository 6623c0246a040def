package io.matriarch.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    @Test
    void itIsFourBytesAndComesBackAsItWas() {
        assertThat(new Heartbeat(400).encode()).isEqualTo(Bytes.wrap(new byte[] {0, 0, 1, (byte) 0x90}));
        for (int millis : new int[] {1, 400, Integer.MAX_VALUE}) {
            assertThat(Heartbeat.decode(new Heartbeat(millis).encode()).patienceMillis())
                    .isEqualTo(millis);
        }
    }

    @Test
    void bytesBehindAreIgnored() {
        assertThat(Heartbeat.decode(Bytes.wrap(new byte[] {0, 0, 0, 7, 1, 2}))).isEqualTo(new Heartbeat(7));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> Heartbeat.decode(null)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Heartbeat.decode(Bytes.wrap(new byte[3]))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Heartbeat.decode(new Heartbeat(0).encode())).isInstanceOf(MalformedException.class);
    }

    /** Rounds of ordinary pings count up from 1. */
    @Test
    void itsNumberIsNoneOfAnOrdinaryPing() {
        for (long number : new long[] {1, 2, Long.MAX_VALUE}) {
            assertThat(Heartbeat.zxidOf(number)).isNegative();
            assertThat(Heartbeat.numberOf(Heartbeat.zxidOf(number))).isEqualTo(number);
        }
    }
}
