/**
 * {@code matriarch shell}: a client shell with the commands and options of zkCli (operations.md 11), over Apache's client,
 * for ordinary servers. {@link io.matriarch.cli.shell.Shell} executes lines, whether they come from arguments, a pipe or a
 * terminal; a {@link io.matriarch.cli.shell.Verb} is one command; {@link io.matriarch.cli.shell.Screen} is all output.
 *
 * <p>May use: Apache's client, picocli, JLine, Jackson. Loaded only when the shell is started.
 */
@NullMarked
package io.matriarch.cli.shell;

import org.jspecify.annotations.NullMarked;
