package io.matriarch.server.link;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.TraceEvent;

/** Where the ports put what happened. For the replica thread only. */
public interface EventQueue {
    /** The core takes {@code event} before this iteration of the event loop ends. */
    void add(Event event);

    /** A number for a connection that was accepted. */
    LinkId nextLinkId();

    /** Something that the shell itself has to tell. */
    void trace(TraceEvent event);
}
