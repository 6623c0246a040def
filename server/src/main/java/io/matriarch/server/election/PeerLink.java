package io.matriarch.server.election;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link ElectionLinks} knows about one other server. */
final class PeerLink {
    /** Connection number that stands for none. */
    static final long NONE = 0;

    final ServerId sid;
    /** Its addresses in our configurations; empty for a stranger. */
    List<HostPort> configured;
    /** From which address a stranger came; null for a member. */
    @Nullable
    String origin;

    /** The connection that carries notifications, or {@link #NONE}. */
    long live = NONE;
    /** The dial in progress, or {@link #NONE}. */
    long dialling = NONE;
    /** The newest notification not yet given to a connection; an older one is simply replaced (1.6). */
    @Nullable
    Notification pending;
    /** The last notification given to a connection: first word on the next one (1.6). */
    @Nullable
    Notification last;
    /** Whether the socket still holds what was sent before. */
    boolean isWriting;
    /** Whether this peer asked to be called back, and at which address; none is the configured one. */
    boolean owesCall;

    List<HostPort> callBackAddresses = List.of();
    /** Dials that failed or connections that broke without a word, in a row. */
    int failures;
    /** When the live connection began, or was last heard. */
    long heardNanos;
    /** How long the live connection may be silent while we look, in milliseconds; doubles when silence recurs. */
    int patienceMillis = ElectionLinks.MIN_PATIENCE_MILLIS;
    /** No dial before this instant. */
    long nextDialNanos;

    PeerLink(ServerId sid, List<HostPort> configured, long now) {
        this.sid = sid;
        this.configured = configured;
        this.nextDialNanos = now;
    }

    boolean isMember() {
        return !configured.isEmpty();
    }

    boolean isConnectedOrDialling() {
        return live != NONE || dialling != NONE;
    }

    /** Where a dial would go now; empty if nowhere. */
    List<HostPort> dialAddresses() {
        return owesCall && !callBackAddresses.isEmpty() ? callBackAddresses : configured;
    }
}
