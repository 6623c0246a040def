package io.matriarch.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Now;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** client.md 10.1, zab.md 12. */
class SessionTrackerTest {
    private static final int TICK = 2000;
    private static final ServerId HERE = new ServerId(1);
    private static final ServerId THERE = new ServerId(2);

    private static Now at(long millis) {
        return new Now(-5_000_000_000L + millis * 1_000_000, 0);
    }

    private final SessionTracker tracker = new SessionTracker(at(0), TICK);

    @Test
    void expiryIsTheNextTickBoundaryAfterTheTimeout() {
        assertThat(tracker.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        tracker.track(at(100), 1, 4000);
        assertThat(tracker.deadlineNanos()).isEqualTo(at(6000).nanos());
        assertThat(tracker.expired(at(5999))).isEmpty();
        assertThat(tracker.expired(at(6000))).containsExactly(1L);
        assertThat(tracker.expired(at(99_000))).isEmpty();
        assertThat(tracker.isAlive(1)).isFalse();
        assertThat(tracker.count()).isEqualTo(1);
        tracker.forget(1);
        assertThat(tracker.count()).isZero();
    }

    @Test
    void sessionsAreListedByTheirBoundaryWithoutThoseThatAreClosing() {
        tracker.track(at(0), 1, 9000);
        tracker.track(at(0), 2, 4000);
        tracker.track(at(100), 3, 4000);
        tracker.track(at(0), 4, 4000);
        tracker.markClosing(4);
        assertThat(tracker.expiries())
                .containsExactly(
                        new Expiry(at(6000).nanos(), List.of(2L, 3L)),
                        new Expiry(at(10_000).nanos(), List.of(1L)));
    }

    @Test
    void aTouchMovesTheBoundaryAndMayChangeTheTimeout() {
        tracker.track(at(0), 1, 4000);
        assertThat(tracker.touch(at(3000), 1, 10_000)).isTrue();
        assertThat(tracker.expired(at(13_999))).isEmpty();
        assertThat(tracker.expired(at(14_000))).containsExactly(1L);
        assertThat(tracker.touch(at(14_000), 1, 4000)).isFalse();
        assertThat(tracker.touch(at(14_000), 2, 4000)).isFalse();
    }

    @Test
    void aWriteRestartsTheClockWithTheTimeoutThatIsKnown() {
        tracker.track(at(0), 1, 4000);
        tracker.touch(at(3000), 1);
        assertThat(tracker.expired(at(6999))).isEmpty();
        tracker.touch(at(3000), 2);
        assertThat(tracker.expired(at(8000))).containsExactly(1L);
    }

    @Test
    void closingSessionsDoNotExpireAndAreRefused() {
        tracker.track(at(0), 1, 4000);
        tracker.markClosing(1);
        assertThat(tracker.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(tracker.check(1, HERE)).isEqualTo(ErrorCode.SESSION_EXPIRED);
        tracker.track(at(100), 1, 4000);
        assertThat(tracker.isAlive(1)).isFalse();
        assertThat(tracker.expired(at(99_000))).isEmpty();
    }

    @Test
    void theFirstRequestOwnsAndRevalidationMovesOwnership() {
        tracker.track(at(0), 1, 4000);
        assertThat(tracker.owner(1)).isNull();
        assertThat(tracker.check(1, HERE)).isZero();
        assertThat(tracker.check(1, THERE)).isEqualTo(ErrorCode.SESSION_MOVED);
        tracker.setOwner(1, THERE);
        assertThat(tracker.check(1, HERE)).isEqualTo(ErrorCode.SESSION_MOVED);
        assertThat(tracker.check(1, THERE)).isZero();
        assertThat(tracker.check(2, HERE)).isEqualTo(ErrorCode.SESSION_EXPIRED);
    }

    @Test
    void whatWasHeardEarlierThanWhatIsKnownShortensNothing() {
        tracker.track(at(0), 1, 4000);
        tracker.touch(at(5000), 1, 4000);
        tracker.touch(at(1000), 1, 4000);
        assertThat(tracker.expired(at(9999))).isEmpty();
        assertThat(tracker.expired(at(10_000))).containsExactly(1L);
    }

    @Test
    void withAFineGrain_aSessionExpiresThatMuchBehindItsTimeoutAtMost() {
        SessionTracker fine = new SessionTracker(at(0), 10);
        fine.track(at(100), 1, 4000);
        fine.touch(at(1003), 1, 4000);
        assertThat(fine.expired(at(5003))).isEmpty();
        assertThat(fine.deadlineNanos()).isEqualTo(at(5010).nanos());
        assertThat(fine.expired(at(5010))).containsExactly(1L);
    }

    @Test
    void noSessionExpiresEarlyNorLaterThanOneTickUnderRandomTouches() {
        Random random = new Random(3);
        Map<Long, Long> due = new HashMap<>();
        long millis = 0;
        for (int i = 0; i < 20_000; i++) {
            millis += random.nextInt(50);
            long id = 1L + random.nextInt(40);
            int timeout = 4000 + random.nextInt(10) * 1000;
            if (tracker.touch(at(millis), id, timeout)) {
                due.put(id, millis + timeout);
            } else if (!due.containsKey(id)) {
                tracker.track(at(millis), id, timeout);
                due.put(id, millis + timeout);
            }
            for (Long expired : tracker.expired(at(millis))) {
                assertThat(millis).isGreaterThan(due.remove(expired));
                tracker.forget(expired);
            }
            long now = millis;
            assertThat(due.values()).allMatch(at -> at + TICK >= now);
            assertThat(at(millis).isAtOrAfter(tracker.deadlineNanos())).isFalse();
        }
    }
}
