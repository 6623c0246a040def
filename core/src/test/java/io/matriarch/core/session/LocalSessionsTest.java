package io.matriarch.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Now;
import org.junit.jupiter.api.Test;

/** Level 1: the clocks and the bound of sessions that one server knows; client.md 10.1, 10.5. */
class LocalSessionsTest {
    private static final int TICK = 100;
    private final LocalSessions sessions = new LocalSessions(TICK, 3);

    private static Now at(long millis) {
        return new Now(millis * 1_000_000, millis);
    }

    @Test
    void aSessionExpiresAtTheTickBehindItsTimeoutAndThenIsGone() {
        sessions.startClocks(at(0));
        sessions.open(at(0), 7, 250, false);
        assertThat(sessions.expire(at(299))).isEmpty();
        assertThat(sessions.deadlineNanos()).isEqualTo(300_000_000L);
        assertThat(sessions.expire(at(300))).containsExactly(7L);
        assertThat(sessions.has(7)).isFalse();
        assertThat(sessions.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTouchBringsItsOwnTimeoutWhichOutlivesAPause() {
        sessions.startClocks(at(0));
        sessions.open(at(0), 7, 250, false);
        assertThat(sessions.touch(at(200), 7, 450)).isTrue();
        assertThat(sessions.touch(at(200), 8, 450)).isFalse();
        assertThat(sessions.expire(at(699))).isEmpty();
        sessions.stopClocks();
        sessions.startClocks(at(2_000));
        assertThat(sessions.expire(at(2_499))).isEmpty();
        assertThat(sessions.expire(at(2_500))).containsExactly(7L);
    }

    @Test
    void clocksStandStillWhileNobodyIsServedAndStartInFullAfterwards() {
        sessions.startClocks(at(0));
        sessions.open(at(0), 7, 250, false);
        sessions.stopClocks();
        assertThat(sessions.expire(at(10_000))).isEmpty();
        assertThat(sessions.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        sessions.startClocks(at(10_000));
        assertThat(sessions.expire(at(10_299))).isEmpty();
        assertThat(sessions.expire(at(10_300))).containsExactly(7L);
    }

    @Test
    void whatWasGrantedWithoutAQuorumEndsWithIt() {
        sessions.startClocks(at(0));
        sessions.open(at(0), 7, 250, true);
        sessions.open(at(0), 8, 250, false);
        sessions.endReadOnly();
        assertThat(sessions.has(7)).isFalse();
        assertThat(sessions.has(8)).isTrue();
        assertThat(sessions.expire(at(300))).containsExactly(8L);
    }

    @Test
    void thereIsRoomForSoManyOnly() {
        sessions.startClocks(at(0));
        for (long id = 1; id <= 3; id++) {
            assertThat(sessions.hasRoom()).isTrue();
            sessions.open(at(0), id, 250, false);
        }
        assertThat(sessions.hasRoom()).isFalse();
        assertThat(sessions.remove(2)).isTrue();
        assertThat(sessions.remove(2)).isFalse();
        assertThat(sessions.hasRoom()).isTrue();
        assertThat(sessions.count()).isEqualTo(2);
    }
}
