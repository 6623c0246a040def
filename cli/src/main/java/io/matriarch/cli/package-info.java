/**
 * The subcommands of {@code bin/matriarch}; start at {@link io.matriarch.cli.Start}.
 *
 * <p>May use: every module but {@code compat} and {@code bench}.
 */
@NullMarked
package io.matriarch.cli;

import org.jspecify.annotations.NullMarked;
