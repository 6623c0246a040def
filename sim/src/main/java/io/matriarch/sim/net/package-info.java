/**
 * The virtual network: ordered streams that delay, stall, break and are refused, and the lossy exchange of election
 * notifications. It moves values; it knows nothing of what they mean.
 *
 * <p>Source: docs/testing.md. May use: {@code sim.time}, wire.
 */
package io.matriarch.sim.net;
