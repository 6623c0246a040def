/**
 * Who is a member of the ensemble and which sets of voters decide.
 *
 * <p>Source: election.md 5, zab.md 14. May use: wire.
 */
package io.matriarch.core.quorum;
