/**
 * What all ports share: the one event loop, buffers in and out of a socket, names looked up off the loop.
 *
 * <p>Source: docs/architecture.md. May use: wire, core.port, server.config, Netty.
 */
@NullMarked
package io.matriarch.server.link;

import org.jspecify.annotations.NullMarked;
