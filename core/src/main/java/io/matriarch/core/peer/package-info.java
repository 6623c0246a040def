/**
 * A whole server without its shell: {@link io.matriarch.core.peer.Peer#step} takes one event and answers with effects.
 * One object per role; one door from role to role.
 *
 * <p>Source: docs/architecture.md, election.md 4, zab.md. May use: everything else in the core.
 */
package io.matriarch.core.peer;
