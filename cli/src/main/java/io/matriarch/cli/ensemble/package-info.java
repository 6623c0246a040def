/**
 * {@code matriarch ensemble}: asks a running ensemble, of Matriarch's servers, Apache ZooKeeper's or both. {@code verify} joins as an
 * observer in memory and compares; {@code status} and {@code safe-to-stop} ask every server once. Sources: operations.md 3; zab.md 4, 7 to 9, 15; disk.md 9; client.md 3 to 6. Uses {@code wire} for every byte that is
 * sent or read and {@code core.tree} for what is compared; plain blocking sockets, because one command runs at a time.
 */
@NullMarked
package io.matriarch.cli.ensemble;

import org.jspecify.annotations.NullMarked;
