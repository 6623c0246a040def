/**
 * {@code matriarch elect} and {@code matriarch leader}: elections among clients for services in any language. Start at
 * {@code ElectCommand}. May use: the candidate library; for an election without {@code --servers}, a server from the test kit.
 */
@NullMarked
package io.matriarch.cli.elect;

import org.jspecify.annotations.NullMarked;
