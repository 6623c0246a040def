/**
 * What a server is told before it starts: Apache's zoo.cfg with its myid and dynamic files, checked as a whole, or the
 * same values from code that embeds a server.
 *
 * <p>Source: operations.md 1 and 2, election.md 5. May use: wire, core.quorum, storage.
 */
@NullMarked
package io.matriarch.server.config;

import org.jspecify.annotations.NullMarked;
