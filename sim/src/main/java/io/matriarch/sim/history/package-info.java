/**
 * What clients saw, and whether a coordination service may have shown them that (client.md 13 and 16). Nothing here knows
 * a server: histories of simulated and of real runs, of this server and of Apache's, are judged by the same rules.
 */
@NullMarked
package io.matriarch.sim.history;

import org.jspecify.annotations.NullMarked;
