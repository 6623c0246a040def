package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.wire.ServerId;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Whom a leader should let lead in its place: a server of a greater {@link Standing} that is up to date and has stayed for a
 * while. It costs what a {@link HandOver} costs, and no election.
 */
final class Preference {
    /** So long a preferred server must have followed: one that comes and goes would take the lead along each time. */
    static final int STABLE_TICKS = 10;
    /** After a hand-over that did not succeed. */
    private static final int PAUSE_TICKS = 60;

    private final Zab zab;
    private final Collection<LearnerLink> links;
    private long nextNanos;

    Preference(Zab zab, Collection<LearnerLink> links) {
        this.zab = zab;
        this.links = links;
        this.nextNanos = zab.now().plusMillis(zab.limits().tickMillis());
    }

    /** The server to hand over to now; null if there is none. Looks once a tick. */
    @Nullable
    ServerId due(Now now) {
        if (!now.isAtOrAfter(nextNanos)) {
            return null;
        }
        nextNanos = now.plusMillis(zab.limits().tickMillis());
        return links.stream()
                .filter(link -> HandOver.canLead(zab, link, link.sid))
                .filter(link -> link.standing().rank() > zab.standing().rank())
                .filter(link -> now.millisSince(link.activeSinceNanos) >= stableMillis())
                .max(HandOver.BEST)
                .map(link -> link.sid)
                .orElse(null);
    }

    /** Whoever does not stand waits for nobody longer than needed. */
    private long stableMillis() {
        return zab.standing().stands() ? (long) STABLE_TICKS * zab.limits().tickMillis() : 0;
    }

    /** The server that was due could not take the lead. */
    void pause(Now now) {
        nextNanos = now.plusMillis((long) PAUSE_TICKS * zab.limits().tickMillis());
    }

    long deadlineNanos() {
        return nextNanos;
    }
}
