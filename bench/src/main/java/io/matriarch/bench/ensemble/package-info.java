/**
 * Real server processes, ours and Apache ZooKeeper's, behind one face: write {@code zoo.cfg} and {@code myid}, start, wait
 * for service, kill without warning, start again, perhaps as the other one on the same directory. Measurements here and the
 * tests of {@code compat} use it.
 *
 * <p>Source: operations.md 1 (settings), 3 (four-letter words), 12 (directories). Uses the JDK only.
 */
@NullMarked
package io.matriarch.bench.ensemble;

import org.jspecify.annotations.NullMarked;
