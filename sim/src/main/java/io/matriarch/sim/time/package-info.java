/**
 * Virtual time and chance: one heap of pending events, one seed forked by name. Everything else in {@code sim} gets
 * both from here, so that equal seeds give equal runs.
 *
 * <p>Source: docs/testing.md. May use: the JDK.
 */
package io.matriarch.sim.time;
