/**
 * The quorum port: the streams between a leader and its learners, framed into packets and snapshot pieces.
 *
 * <p>Source: zab.md 2, 3 and 9. May use: wire, core.port, server.link, server.config, Netty.
 */
@NullMarked
package io.matriarch.server.quorum;

import org.jspecify.annotations.NullMarked;
