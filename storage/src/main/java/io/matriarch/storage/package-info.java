/**
 * Everything a server keeps on disk: transaction log, snapshots and epoch files in Apache ZooKeeper's formats, and their
 * recovery after any crash. Start at {@link io.matriarch.storage.StorageLane}; all else is package-private but the {@link
 * io.matriarch.storage.FileSystem} underneath it, and {@link io.matriarch.storage.StoredFile} with the scans, for tools
 * that look at files and change none.
 *
 * <p>No clock, no thread, no lock: one caller at a time, everything through the file-system port, so that a simulator can
 * stop and crash it at any operation.
 *
 * <p>Source: disk.md (R1 to R17), zab.md 7, 8, 14 and 16, operations.md 2. May use: wire, and {@code core.port} for the effects it performs, with the
 * configuration of {@code core.quorum} that one of them carries.
 */
@NullMarked
package io.matriarch.storage;

import org.jspecify.annotations.NullMarked;
