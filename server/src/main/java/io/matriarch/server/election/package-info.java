/**
 * The election port: who dials whom, which connection of a pair survives, and what is sent on it. Start at
 * {@link io.matriarch.server.election.ElectionLinks}, which decides without touching a socket;
 * {@link io.matriarch.server.election.ElectionPort} does what it decides.
 *
 * <p>Source: election.md 1. May use: wire, core.port, server.link, Netty.
 */
@NullMarked
package io.matriarch.server.election;

import org.jspecify.annotations.NullMarked;
