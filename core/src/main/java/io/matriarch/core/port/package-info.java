/**
 * What passes the border of the core: events in, effects out, both plain values, and the few ids and times they carry.
 *
 * <p>Source: docs/architecture.md. May use: wire, and {@code core.tree} for the database that recovery hands over.
 */
package io.matriarch.core.port;
