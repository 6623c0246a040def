package io.matriarch.core.request;

import io.matriarch.core.port.Now;
import org.jspecify.annotations.Nullable;

/** Which links have waited, or been silent, for too long. */
final class Overdue {
    private final DeskConfig config;

    Overdue(DeskConfig config) {
        this.config = config;
    }

    /** Why the link must be closed now; null if it may stay. {@code isServed}: its frames are taken as they come. */
    @Nullable
    String reason(Now now, ClientLink link, boolean isServed) {
        if (link.phase == ClientLink.Phase.CONNECTING) {
            if (link.inbox.isEmpty()) {
                return now.millisSince(link.upNanos) > config.handshakeMillis() ? "no connect request came" : null;
            }
            return now.millisSince(link.heldSinceNanos) > config.tickMillis() ? "this server does not serve" : null;
        }
        if (!link.hasSession()) {
            return null;
        }
        if (!isServed) {
            return now.millisSince(link.heldSinceNanos) > link.timeoutMillis / 3 ? "this server does not serve" : null;
        }
        boolean isSilent = !link.isPaused && now.millisSince(link.lastHeardNanos) > link.timeoutMillis;
        return isSilent ? "nothing was heard for the session timeout" : null;
    }
}
