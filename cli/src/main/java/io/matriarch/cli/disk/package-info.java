/**
 * {@code bin/matriarch log} and {@code bin/matriarch snapshot}: what a server's files hold, and what is wrong with them
 * where. They change no file. Start at {@link io.matriarch.cli.disk.LogCommand}.
 *
 * <p>Source: disk.md 2, 5, 7, 9; operations.md 10.2. May use: wire, core.tree, storage, picocli, Jackson.
 */
@NullMarked
package io.matriarch.cli.disk;

import org.jspecify.annotations.NullMarked;
