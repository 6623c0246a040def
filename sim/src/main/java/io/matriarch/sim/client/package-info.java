/**
 * Clients that speak the real client protocol in frames: sessions that survive connections, reads, writes, ephemerals,
 * watches. What they see goes to {@code sim.check}.
 *
 * <p>Source: client.md 3, 4, 10, 13. May use: {@code sim.time}, {@code sim.net}, {@code sim.check}, wire.
 */
package io.matriarch.sim.client;
