/**
 * A disk in memory that keeps only what was forced, and tears or loses the rest when the power goes.
 *
 * <p>Source: docs/testing.md, zab.md 18 (41). May use: {@code sim.time}, storage, wire.
 */
package io.matriarch.sim.disk;
