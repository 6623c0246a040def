package io.matriarch.server.link;

/** A connection that the core knows by its {@link io.matriarch.core.port.LinkId}. */
public interface Link {
    /**
     * Closes the connection after what was sent before; nothing more of it reaches the core, not even its end. For the
     * replica thread only.
     */
    void close(String reason);
}
