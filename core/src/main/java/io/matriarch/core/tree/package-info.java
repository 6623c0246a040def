/**
 * The replicated tree of znodes: what a transaction does to it, what is read from it, its digest, and consistent views of
 * it for snapshots while writes go on.
 *
 * <p>Source: client.md 9, disk.md 5, 7, 8 and 9, zab.md 6. May use: wire. Start at {@link io.matriarch.core.tree.DataTree}.
 */
@NullMarked
package io.matriarch.core.tree;

import org.jspecify.annotations.NullMarked;
