package io.matriarch.server.election;

import io.matriarch.core.port.Event;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import java.util.List;

/** What {@link ElectionLinks} decided, to be done in order. Connections are numbered by it, from 1, never reused. */
sealed interface LinkCommand {

    /**
     * Dial one of {@code addresses} and say who we are; answered by connected, once the peer knows that, or by
     * dialFailed.
     */
    record Dial(long connection, ServerId peer, List<HostPort> addresses) implements LinkCommand {}

    /** Send one frame; answered by flushed when the socket took it. */
    record Send(long connection, Notification notification) implements LinkCommand {}

    /** Close, or give up dialling, after what was sent before. Nothing is reported about this connection any more. */
    record Close(long connection, String reason) implements LinkCommand {}

    /** Tell the core. */
    record Report(Event event) implements LinkCommand {}
}
