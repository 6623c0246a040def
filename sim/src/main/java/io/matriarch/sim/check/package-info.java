/**
 * What must always hold: the invariants of zab.md 18 and election.md 8, and the promises of client.md 16, each evaluated
 * while the world runs, from what servers send, store and deliver and from what clients see.
 *
 * <p>Nothing here trusts the code under test: there is a second, naive tree, a second idea of what is on disk, and a
 * checker that knows values and times only. Source: zab.md 18, election.md 8, client.md 13 and 16, docs/testing.md. May
 * use: core's port, wire.
 */
package io.matriarch.sim.check;
