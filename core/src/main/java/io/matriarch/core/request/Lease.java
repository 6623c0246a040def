package io.matriarch.core.request;

import io.matriarch.core.port.Now;

/** Until when clients may be answered; without an end unless a leader has named one. */
final class Lease {
    private long endNanos = Long.MAX_VALUE;
    private boolean isEndSeen;

    boolean isOver(Now now) {
        return now.isAtOrAfter(endNanos);
    }

    /** Whether it is over and this is the first time that somebody asks. */
    boolean hasJustEnded(Now now) {
        boolean isFirst = isOver(now) && !isEndSeen;
        isEndSeen |= isFirst;
        return isFirst;
    }

    /** Moves the end; says whether what was over goes on. */
    boolean extend(Now now, long untilNanos) {
        boolean wasOver = isEndSeen || isOver(now);
        endNanos = untilNanos;
        boolean goesOn = wasOver && !isOver(now);
        isEndSeen &= !goesOn;
        return goesOn;
    }
}
