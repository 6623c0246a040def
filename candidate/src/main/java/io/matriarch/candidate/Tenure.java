package io.matriarch.candidate;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a candidate comes to lead, stays it, and ceases: at most one {@link Lease} at a time, that only committed writes
 * grant and make longer.
 *
 * <p>A lease is granted by a {@link CampaignEffect.Confirm confirmation} that came back committed while the candidate is
 * <em>eligible</em>: its znode was the first of the last list, and its owner, read after that list, is its session. It counts
 * from when the confirmation was sent, so that what the answer took on its way, or a process slept, is never led through.
 */
final class Tenure {
    private final Outbox outbox;
    private final LongSupplier clock;

    private @Nullable Lease lease;
    private boolean hasLed;

    /** czxid of the own znode while this candidate is eligible, else 0. */
    private long eligibleToken;

    /** Of the last confirmation, apart from that of other questions: a list does not make it void. */
    private int generation;

    private long sentNanos;
    private boolean isAsked;
    private long askAtNanos = Deadline.NEVER;

    /** @param clock monotonic nanoseconds, for those who ask a leadership whether it still holds */
    Tenure(Outbox outbox, LongSupplier clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /** The leadership that was told last, or null since it was told to have ended. */
    @Nullable
    Lease lease() {
        return lease;
    }

    /** Whether there ever was a leadership. */
    boolean hasLed() {
        return hasLed;
    }

    /** The own znode, created at {@code czxid}, may lead if it is confirmed. */
    void becomeEligible(long czxid) {
        eligibleToken = czxid;
    }

    void becomeIneligible() {
        eligibleToken = 0;
    }

    boolean isEligible() {
        return eligibleToken != 0;
    }

    /** Asks for the confirmation of a first leadership, or, in one, unless one is under way. */
    void confirm(long now, String path, int timeoutMillis) {
        if (lease == null || !isAsked) {
            isAsked = true;
            sentNanos = now;
            askAtNanos = now + Lease.renewalNanos(timeoutMillis);
            outbox.add(new CampaignEffect.Confirm(++generation, path));
        }
    }

    /** Whether it is time to confirm the leadership. */
    boolean isConfirmationDue(long now) {
        return lease != null && !isAsked && Deadline.isDue(askAtNanos, now);
    }

    /** Whether {@code answered} is the confirmation that is under way; if so, none is from now on. */
    boolean isAnswered(int answered) {
        boolean isExpected = isAsked && answered == generation;
        isAsked = isAsked && !isExpected;
        return isExpected;
    }

    /** A confirmation under way is lost. */
    void disconnected() {
        isAsked = false;
    }

    /**
     * The confirmation of {@code path} came back committed: grants a leadership or makes it longer. Says false if it came too
     * late for either.
     */
    boolean confirmed(long now, String path, long sessionId, int timeoutMillis) {
        long untilNanos = Lease.endNanos(sentNanos, timeoutMillis);
        Lease current = lease;
        if (current != null) {
            return current.extendTo(untilNanos);
        }
        if (!isEligible()) {
            return true;
        }
        if (untilNanos - now <= 0) {
            return false;
        }
        Lease granted = new Lease(path, sessionId, eligibleToken, untilNanos, Lease.graceNanos(timeoutMillis), clock);
        lease = granted;
        hasLed = true;
        outbox.tell(new CandidacyEvent.Leading(granted));
        return true;
    }

    /** Ends a leadership whose time is over, if there is one; says whether. */
    boolean endIfLapsed(long now) {
        Lease current = lease;
        if (current == null || (now - current.untilNanos() < 0 && current.isCurrent())) {
            return false;
        }
        end("nothing was confirmed for half of the session timeout");
        return true;
    }

    /** Ends the leadership, if there is one, and tells why. */
    void end(String reason) {
        Lease current = lease;
        if (current != null) {
            lease = null;
            current.end();
            askAtNanos = Deadline.NEVER;
            outbox.tell(new CandidacyEvent.SteppedDown(current, reason));
        }
    }

    /** When something is to be done about the leadership; {@link Deadline#NEVER} without one. */
    long deadlineNanos(boolean isConnected) {
        Lease current = lease;
        if (current == null) {
            return Deadline.NEVER;
        }
        return isConnected && !isAsked ? Deadline.earlier(current.untilNanos(), askAtNanos) : current.untilNanos();
    }
}
