/**
 * The election journal: what happened in this server's elections, kept across restarts, so that one can ask later why
 * this server leads and why it took that long.
 *
 * <p>Source: docs/explain.md. May use: wire, core.port, core.quorum, server.json.
 */
@NullMarked
package io.matriarch.server.journal;

import org.jspecify.annotations.NullMarked;
