/**
 * {@code matriarch explain}: why this server leads, from what all servers wrote into their election journals.
 *
 * <p>{@link io.matriarch.cli.explain.Journal} is what one server saw; {@link io.matriarch.cli.explain.Elections} lays
 * several on one clock and finds the elections in them; the rest shows one election as a story, a table, JSON or a
 * picture.
 *
 * <p>Source: docs/explain.md. May use: cli.contact, server.journal, core.port.
 */
@NullMarked
package io.matriarch.cli.explain;

import org.jspecify.annotations.NullMarked;
