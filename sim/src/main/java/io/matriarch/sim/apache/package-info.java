/**
 * A model of Apache ZooKeeper's servers, as election.md 3 and 6 and zab.md 7 to 11 describe them, with their waits and
 * their faults, so that mixed ensembles can be simulated. It is written plainly from the specification, beside our core
 * and not upon it: only the tree, the preparation of transactions and the tracking of sessions are shared.
 *
 * <p>What an old release breaks all by itself is not drawn; {@link io.matriarch.sim.apache.ApacheServer} says what.
 *
 * <p>Source: election.md 3, 6.1, 6.3; zab.md 7 to 11. May use: wire, core's tree, {@code sim.time}, {@code sim.net},
 * {@code sim.check}.
 */
package io.matriarch.sim.apache;
