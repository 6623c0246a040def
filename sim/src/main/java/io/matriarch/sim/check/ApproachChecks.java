package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.TraceEvent;

/** How long one server tries to reach a leader that it decided for, by its own clock. */
final class ApproachChecks {
    /** Two seconds, or two ticks if that is longer, and the pause of an observer before. */
    private static final long BOUND_MILLIS = 3_500;

    private static final long NONE = Long.MAX_VALUE;

    private final int sid;
    private long sinceNanos = NONE;
    private boolean hasTimePassed;

    ApproachChecks(int sid) {
        this.sid = sid;
    }

    void ended() {
        sinceNanos = NONE;
    }

    void aboutTo(Event event) {
        hasTimePassed = event instanceof Event.TimePassed;
    }

    void traced(TraceEvent event, long localNanos) {
        if (event instanceof TraceEvent.LeaderDecided decided) {
            sinceNanos = decided.vote().leader().value() == sid ? NONE : localNanos;
        } else if (event instanceof TraceEvent.DecisionDropped
                || event instanceof TraceEvent.RoleChanged
                || event instanceof TraceEvent.ElectionStarted) {
            ended(); // a configuration that it learned of makes it look anew as well (seed 7784)
        }
    }

    /** Whoever did not run for a while learns in the next step in which time passes that it is late. */
    void stepped(long localNanos) {
        if (hasTimePassed && sinceNanos != NONE) {
            long millis = (localNanos - sinceNanos) / 1_000_000;
            require(
                    millis < BOUND_MILLIS,
                    Invariant.APPROACH_GIVEN_UP,
                    () -> "server " + sid + " has tried for " + millis + " ms to reach the leader it decided for");
        }
    }
}
