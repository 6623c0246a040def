/**
 * Servers and ensembles inside a test: real sockets on the loopback address, real files in a temporary directory, and
 * the faults to inject. Start at {@link io.matriarch.testkit.TestEnsemble}.
 *
 * <p>May use: server and what it offers.
 */
@NullMarked
package io.matriarch.testkit;

import org.jspecify.annotations.NullMarked;
