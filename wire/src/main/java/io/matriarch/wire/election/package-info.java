/**
 * What servers say to each other on the election port: the opening of a connection and notifications.
 *
 * <p>Source: election.md 1 and 2. Uses {@code io.matriarch.wire} only.
 */
@NullMarked
package io.matriarch.wire.election;

import org.jspecify.annotations.NullMarked;
