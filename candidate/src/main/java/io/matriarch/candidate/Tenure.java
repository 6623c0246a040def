package io.matriarch.candidate;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a candidate comes to lead, stays it, and ceases: at most one {@link Lease} at a time, that only committed writes
 * grant and make longer.
 *
 * <p>A lease is granted once two things are known, in whichever order they were learned. The candidate is <em>eligible</em>: its
 * znode was the first of the last list, and its owner, read by itself, is its session; an earlier place never comes free
 * again. And a {@link CampaignEffect.Confirm confirmation} of that znode came back committed, over the same connection: the
 * lease counts from when the confirmation was sent, so that what the answer took on its way, or a process slept, is never led
 * through. That the confirmation may be older than the list lets the next in line have one ready ({@link #prepare}).
 */
final class Tenure {
    private final Outbox outbox;
    private final LongSupplier clock;

    private @Nullable Lease lease;
    private boolean hasLed;

    /** The own znode as it was read, and its czxid. */
    private String readPath = "";

    private long readToken;

    private boolean isEligible;
    private boolean isPreparing;

    /** Of the last confirmation, apart from that of other questions: a list does not make it void. */
    private int generation;

    private String askedPath = "";
    private long sentNanos;
    private boolean isAsked;
    private long askAtNanos = Deadline.NEVER;

    /** The znode whose confirmation came back last while nobody led here, and when a lease that rests on it ends. */
    private String confirmedPath = "";

    private long confirmedUntilNanos;

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

    /** The znode {@code path}, created at {@code czxid}, belongs to the own session. */
    void read(String path, long czxid) {
        readPath = path;
        readToken = czxid;
    }

    /** Whether {@code path} is known to belong to the own session. */
    boolean hasRead(String path) {
        return readPath.equals(path);
    }

    /** The own znode is the first, and was read: leads at once if a confirmation is ready. */
    void becomeEligible(long now, long sessionId, int timeoutMillis) {
        isEligible = true;
        if (lease == null && isReady(now, timeoutMillis)) {
            grant(confirmedUntilNanos, sessionId, timeoutMillis);
            askAtNanos = now;
        }
    }

    void becomeIneligible() {
        isEligible = false;
        isPreparing = false;
    }

    /** The own znode is not there, or its session ended: what was read and confirmed of it proves nothing any more. */
    void forget() {
        becomeIneligible();
        readPath = "";
        confirmedPath = "";
    }

    /** From now on has a confirmation ready, because the candidate may be the next to lead. */
    void prepare(long now, String path, int timeoutMillis) {
        isPreparing = true;
        if (!isReady(now, timeoutMillis)) {
            confirm(now, path, timeoutMillis);
        }
    }

    /** Whether a confirmation is there on which a lease could rest that does not end before the next one must be back. */
    private boolean isReady(long now, int timeoutMillis) {
        return confirmedPath.equals(readPath)
                && !confirmedPath.isEmpty()
                && confirmedUntilNanos - now >= Lease.renewalNanos(timeoutMillis);
    }

    /** Asks for a confirmation, unless one was asked for lately. */
    void confirm(long now, String path, int timeoutMillis) {
        boolean isUnderWay = isAsked && askedPath.equals(path);
        if (isUnderWay && (lease != null || now - sentNanos < Lease.renewalNanos(timeoutMillis))) {
            return;
        }
        isAsked = true;
        askedPath = path;
        sentNanos = now;
        askAtNanos = now + (lease == null ? 2 : 1) * Lease.renewalNanos(timeoutMillis);
        outbox.add(new CampaignEffect.Confirm(++generation, path));
    }

    /** Whether it is time to confirm the leadership, or to have the next confirmation ready. */
    boolean isConfirmationDue(long now) {
        return (lease != null || isPreparing) && !isAsked && Deadline.isDue(askAtNanos, now);
    }

    /** Whether {@code answered} is the confirmation that is under way; if so, none is from now on. */
    boolean isAnswered(int answered) {
        boolean isExpected = isAsked && answered == generation;
        isAsked = isAsked && !isExpected;
        return isExpected;
    }

    /** A confirmation under way is lost; what was confirmed over another connection does not help to lead over this one. */
    void disconnected() {
        isAsked = false;
        confirmedPath = "";
    }

    /**
     * The confirmation that was asked for last came back committed: grants a leadership or makes it longer, or is kept ready. Says
     * false if it came too late for any.
     */
    boolean confirmed(long now, long sessionId, int timeoutMillis) {
        long untilNanos = Lease.endNanos(sentNanos, timeoutMillis);
        Lease current = lease;
        if (current != null) {
            return current.extendTo(untilNanos);
        }
        confirmedPath = askedPath;
        confirmedUntilNanos = untilNanos;
        if (!isEligible || !confirmedPath.equals(readPath)) {
            return true;
        }
        if (untilNanos - now <= 0) {
            return false;
        }
        grant(untilNanos, sessionId, timeoutMillis);
        askAtNanos = sentNanos + Lease.renewalNanos(timeoutMillis);
        return true;
    }

    private void grant(long untilNanos, long sessionId, int timeoutMillis) {
        Lease granted = new Lease(readPath, sessionId, readToken, untilNanos, Lease.graceNanos(timeoutMillis), clock);
        lease = granted;
        hasLed = true;
        isPreparing = false;
        outbox.tell(new CandidacyEvent.Leading(granted));
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
            // Whoever ceased to lead leads again only by what is confirmed from now on.
            confirmedPath = "";
            outbox.tell(new CandidacyEvent.SteppedDown(current, reason));
        }
    }

    /** When something is to be done about the leadership, or about the next confirmation; {@link Deadline#NEVER} if nothing. */
    long deadlineNanos(boolean isConnected) {
        Lease current = lease;
        if (current == null) {
            return isPreparing && isConnected && !isAsked ? askAtNanos : Deadline.NEVER;
        }
        return isConnected && !isAsked ? Deadline.earlier(current.untilNanos(), askAtNanos) : current.untilNanos();
    }
}
