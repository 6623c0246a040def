package io.matriarch.server;

import io.matriarch.core.port.TraceEvent;

/** Hears what a server tells about itself. Called on the server's own thread: return at once. */
@FunctionalInterface
public interface TraceListener {
    void traced(TraceEvent event);
}
