/**
 * Who waits for what: the watches of the clients of one server.
 *
 * <p>Source: client.md 13. May use: wire, {@code core.port}, {@code core.tree}.
 */
@NullMarked
package io.matriarch.core.watch;

import org.jspecify.annotations.NullMarked;
