/**
 * TLS on the ports between servers: which of TLS and clear text a connection speaks, the handshake, and whether a
 * certificate speaks for the server at the other end. Start at {@link io.matriarch.server.tls.PeerTls}.
 *
 * <p>Source: election.md 1.9, zab.md 2.2, operations.md 9. May use: server.config, server.link, Netty, the JDK's TLS.
 */
@NullMarked
package io.matriarch.server.tls;

import org.jspecify.annotations.NullMarked;
