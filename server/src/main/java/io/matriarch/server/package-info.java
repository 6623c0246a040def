/**
 * The server: the shell around the core. {@link io.matriarch.server.MatriarchServer} embeds one in a few lines; {@link
 * io.matriarch.server.ServerProcess} runs one from a zoo.cfg until it stops. One thread ({@link
 * io.matriarch.server.ReplicaThread}) owns all sockets and the core, another ({@link io.matriarch.server.StorageThread})
 * the disk.
 *
 * <p>Source: docs/architecture.md, operations.md 1. May use: everything below it, wire, core, storage, Netty, SLF4J.
 */
@NullMarked
package io.matriarch.server;

import org.jspecify.annotations.NullMarked;
