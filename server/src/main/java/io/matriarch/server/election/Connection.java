package io.matriarch.server.election;

import org.jspecify.annotations.Nullable;

/** One socket, as {@link ElectionLinks} sees it: not yet opened (no peer), being dialled, or in use. */
final class Connection {
    final long id;
    /** The address it came from; "" for one that we dialled. */
    final String origin;

    final long openingDeadlineNanos;

    @Nullable
    PeerLink peer;

    boolean hasSpoken;

    Connection(long id, String origin, @Nullable PeerLink peer, long openingDeadlineNanos) {
        this.id = id;
        this.origin = origin;
        this.peer = peer;
        this.openingDeadlineNanos = openingDeadlineNanos;
    }
}
