package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.util.Collection;

/**
 * A leader's watch over its own disk: a leader whose log has not been forced for as long as a follower waits for a heartbeat
 * at most gives way, if others could lead instead.
 *
 * <p>Most followers leave such a leader by themselves ({@link LeaderWatch}). This is for those that do not because nobody
 * could be elected without it when they were told how long to wait.
 *
 * <p>Who could lead is who has on disk what ours does not take, and those that wait to join may follow it: where one disk serves
 * all and stalls, nobody gives way. Nor to servers whose disks took half as long lately: their turn to stall would come.
 */
final class DiskWatch {
    private final Zab zab;
    private final Collection<LearnerLink> links;
    private final Exit exit;

    private long sinceNanos;
    private Zxid awaited = Zxid.ZERO;
    private long deadlineNanos = Long.MAX_VALUE;
    private boolean hasLookedAgain;

    /** @param links the leader's links, as they come and go */
    DiskWatch(Zab zab, Collection<LearnerLink> links, Exit exit) {
        this.zab = zab;
        this.links = links;
        this.exit = exit;
    }

    /** From now on everything logged so far is waited for. */
    void begin() {
        sinceNanos = zab.now().nanos();
        awaited = zab.history().lastLogged();
        hasLookedAgain = false;
        deadlineNanos = zab.now().plusMillis(limitMillis());
    }

    /** It is on disk. */
    void end() {
        deadlineNanos = Long.MAX_VALUE;
    }

    /** No follower that could elect another waits for longer. */
    private int limitMillis() {
        return Math.min(zab.limits().heartbeat().maxMillis(), zab.limits().syncMillis());
    }

    void timePassed(Now now) {
        if (!now.isAtOrAfter(deadlineNanos) || !zab.rules().givesWayWhenDiskHangs()) {
            return;
        }
        // Whoever did not run itself finds the answer of the disk behind this alarm.
        boolean wasAway = now.millisSince(deadlineNanos) > LeaderWatch.STALL_MILLIS;
        boolean isToLookAgain = wasAway && !hasLookedAgain;
        hasLookedAgain |= wasAway;
        deadlineNanos = now.plusMillis(LinkPulse.intervalMillis(zab.limits()));
        if (!isToLookAgain && zab.membership().ofCommitted().isQuorum(this::couldTakePart)) {
            exit.because("the disk has not answered for " + now.millisSince(sinceNanos)
                    + " ms, and a quorum of the other servers does not wait for theirs");
        }
    }

    /** When {@link #timePassed} has something to do; Long.MAX_VALUE while nothing is waited for. */
    long deadlineNanos() {
        return zab.rules().givesWayWhenDiskHangs() ? deadlineNanos : Long.MAX_VALUE;
    }

    /** In a mixed ensemble Apache's servers go on following as long as they ever did, and so do ours. */
    private boolean couldTakePart(ServerId sid) {
        return !sid.equals(zab.self())
                && links.stream()
                        .anyMatch(
                                link -> link.isOf(sid) && link.has(Zab.HEARTBEATS) && isAhead(link) && isFaster(link));
    }

    private boolean isFaster(LearnerLink link) {
        LinkPulse pulse = link.pulse;
        return pulse == null || 2 * pulse.worstDelayNanos() < zab.now().nanos() - sinceNanos;
    }

    /** Who is not up to date waits for our disk, for nothing is said to it before it answers. */
    private boolean isAhead(LearnerLink link) {
        return !link.isActive() || !awaited.isAfter(link.ackedThrough);
    }
}
