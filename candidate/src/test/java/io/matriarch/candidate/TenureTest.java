package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sums of a lease ({@link Lease}), at their borders. */
class TenureTest {
    private static final int TIMEOUT = 8000;
    private static final long SESSION = 0x77;
    private static final String PATH = "/race/_c_x-candidate-0000000003";

    private long nowNanos = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(1500); // the clock may overflow at any time
    private final Outbox outbox = new Outbox();
    private final Tenure tenure = new Tenure(outbox, () -> nowNanos);

    /** Generations count from 1. */
    private int asked;

    @BeforeEach
    void becomeEligible() {
        tenure.read(PATH, 42);
        tenure.becomeEligible(nowNanos, SESSION, TIMEOUT);
    }

    private void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void ask() {
        tenure.confirm(nowNanos, PATH, TIMEOUT);
        asked++;
    }

    private boolean confirmed() {
        assertThat(tenure.isAnswered(asked)).isTrue();
        return tenure.confirmed(nowNanos, SESSION, TIMEOUT);
    }

    @Test
    void lease_countsFromWhenItsConfirmationWasSent() {
        ask();
        pass(300);
        assertThat(confirmed()).isTrue();
        assertThat(tenure.lease().remaining()).hasMillis(TIMEOUT / 2 - 300);
        pass(1000);
        ask();
        pass(700);
        assertThat(confirmed()).isTrue();
        assertThat(tenure.lease().remaining()).hasMillis(TIMEOUT / 2 - 700);
    }

    @Test
    void lease_endsBeforeTheSessionCan_withTimeToStopInBetween() {
        ask();
        confirmed();
        assertThat(tenure.lease().remaining()).hasMillis(TIMEOUT / 2);
        assertThat(tenure.lease().timeToStop()).hasMillis(TIMEOUT * 3 / 4);
        tenure.end("it resigned");
        assertThat(tenure.lease()).isNull();
    }

    @Test
    void timeToStop_goesOnAfterTheLeadershipEnded() {
        ask();
        confirmed();
        Lease lease = tenure.lease();
        pass(1000);
        tenure.end("it resigned");
        assertThat(lease.remaining()).isZero();
        assertThat(lease.timeToStop()).hasMillis(TIMEOUT * 3 / 4 - 1000);
        pass(TIMEOUT);
        assertThat(lease.timeToStop()).isZero();
    }

    @Test
    void candidateThatIsNotEligible_isGrantedNothing() {
        ask();
        tenure.becomeIneligible();
        assertThat(confirmed()).isTrue();
        assertThat(tenure.lease()).isNull();
        assertThat(outbox.effects()).hasOnlyElementsOfType(CampaignEffect.Confirm.class);
    }

    @Test
    void answerAtTheLastMoment_isTooLate() {
        ask();
        pass(TIMEOUT / 2);
        assertThat(confirmed()).isFalse();
        assertThat(tenure.lease()).isNull();
    }

    @Test
    void answerToAnEarlierQuestion_orOfALostConnection_isNone() {
        ask();
        pass(TIMEOUT / 8);
        ask();
        assertThat(tenure.isAnswered(asked - 1)).isFalse();
        tenure.disconnected();
        assertThat(tenure.isAnswered(asked)).isFalse();
    }

    @Test
    void confirmedLateByTheClock_isNotMadeLonger_andEndsOnce() {
        ask();
        confirmed();
        Lease lease = tenure.lease();
        ask();
        long stepped = nowNanos;
        pass(TIMEOUT); // the process sleeps between the step's time and this moment
        assertThat(tenure.isAnswered(asked)).isTrue();
        assertThat(tenure.confirmed(stepped, SESSION, TIMEOUT)).isFalse();
        assertThat(lease.isCurrent()).isFalse();
        outbox.open();
        assertThat(tenure.endIfLapsed(stepped)).isTrue();
        assertThat(tenure.endIfLapsed(stepped)).isFalse();
        assertThat(outbox.effects())
                .isEqualTo(List.of(new CampaignEffect.Tell(new CandidacyEvent.SteppedDown(
                        lease, "nothing was confirmed for half of the session timeout"))));
    }

    @Test
    void deadline_isTheNextQuestionWhileConnected_elseTheEnd() {
        assertThat(tenure.deadlineNanos(true)).isEqualTo(Deadline.NEVER);
        ask();
        confirmed();
        assertThat(tenure.deadlineNanos(true)).isEqualTo(nowNanos + Lease.renewalNanos(TIMEOUT));
        assertThat(tenure.deadlineNanos(false)).isEqualTo(tenure.lease().untilNanos());
        pass(TIMEOUT / 8);
        assertThat(tenure.isConfirmationDue(nowNanos)).isTrue();
        ask();
        assertThat(tenure.isConfirmationDue(nowNanos)).isFalse();
        assertThat(tenure.deadlineNanos(true)).isEqualTo(tenure.lease().untilNanos());
    }
}
