/**
 * Zab: discovery, synchronization and broadcast, on a leader and on a learner, and the history they replicate.
 *
 * <p>Source: zab.md 5 to 14, rules R1 to R28. May use: wire, {@code core.port}, {@code core.quorum}, {@code core.tree},
 * {@code core.session}, {@code core.request}.
 */
package io.matriarch.core.zab;
