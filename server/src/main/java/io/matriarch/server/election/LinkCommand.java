package io.matriarch.server.election;

import io.matriarch.core.port.Event;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;

/** What {@link ElectionLinks} decided, to be done in order. Connections are numbered by it, from 1, never reused. */
sealed interface LinkCommand {

    /** Dial {@code address}; answered by connected or dialFailed. */
    record Dial(long connection, ServerId peer, HostPort address) implements LinkCommand {}

    /** Send our own opening, in one write. */
    record Open(long connection) implements LinkCommand {}

    /** Send one frame; answered by flushed when the socket took it. */
    record Send(long connection, Notification notification) implements LinkCommand {}

    /** Close, or give up dialling, after what was sent before. Nothing is reported about this connection any more. */
    record Close(long connection, String reason) implements LinkCommand {}

    /** Tell the core. */
    record Report(Event event) implements LinkCommand {}
}
