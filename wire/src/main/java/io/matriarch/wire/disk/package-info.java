/**
 * The byte shapes of log files and snapshots, without any file: framing, checksums, and the node stream that a snapshot
 * file and a snapshot on the wire share.
 *
 * <p>Source: disk.md 2 and 5, zab.md 9. Uses {@code io.matriarch.wire} only.
 */
@NullMarked
package io.matriarch.wire.disk;

import org.jspecify.annotations.NullMarked;
