/**
 * SASL between servers: the dialler proves that it knows a password, or has a ticket of Kerberos, before a frame or packet is exchanged. Start at
 * {@link io.matriarch.server.sasl.PeerSasl}.
 *
 * <p>Source: election.md 1.10, zab.md 2.3. May use: wire, server.config, server.link, Netty, the JDK's SASL.
 */
@NullMarked
package io.matriarch.server.sasl;

import org.jspecify.annotations.NullMarked;
