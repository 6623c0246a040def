/**
 * The network of a test: connections between its servers, and of clients to them, run through relays on the loopback
 * address, and a {@link io.matriarch.testkit.network.Link} says what becomes of the bytes in between.
 *
 * <p>May use: server.link, for the dials of servers; Netty.
 */
@NullMarked
package io.matriarch.testkit.network;

import org.jspecify.annotations.NullMarked;
