/**
 * One world: servers (the real core on the real storage), their disks, clocks and network, their clients, their
 * misfortunes, drawn from one seed, and the checks that watch it all.
 *
 * <p>Source: docs/testing.md. May use: all other packages of {@code sim} but the root, core, storage, wire.
 */
package io.matriarch.sim.world;
