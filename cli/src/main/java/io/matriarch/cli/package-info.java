/**
 * The subcommands of {@code bin/matriarch}; start at {@link io.matriarch.cli.Main}.
 *
 * <p>May use: every module but {@code compat} and {@code bench}.
 */
@NullMarked
package io.matriarch.cli;

import org.jspecify.annotations.NullMarked;
