/**
 * The simulator: whole ensembles with their clients in virtual time, each from one seed. {@link
 * io.matriarch.sim.SimulationRunner} runs seeds; {@code world} is one of them; {@code check} says what must hold.
 *
 * <p>Source: docs/testing.md. May use: all packages of {@code sim}.
 */
package io.matriarch.sim;
