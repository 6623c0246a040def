/** What commands share that write for people at a terminal. May use: the JDK. */
@NullMarked
package io.matriarch.cli.terminal;

import org.jspecify.annotations.NullMarked;
