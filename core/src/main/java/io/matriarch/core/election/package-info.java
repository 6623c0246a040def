/**
 * FastLeaderElection: how servers that look for a leader agree on one.
 *
 * <p>Source: election.md 2 and 3, with our rules F1 to F10 of 6.4. May use: wire, {@code core.port}, {@code
 * core.quorum}.
 */
package io.matriarch.core.election;
