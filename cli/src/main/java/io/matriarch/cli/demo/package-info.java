/**
 * {@code bin/matriarch demo}: an ensemble and its candidates in one process, and what they do told as it happens. Start at
 * {@code Demo}, which holds the steps; {@code Happenings} is what they wait on; a {@code Narrator} tells it.
 *
 * <p>May use: testkit, candidate, and the core's trace events.
 */
@NullMarked
package io.matriarch.cli.demo;

import org.jspecify.annotations.NullMarked;
