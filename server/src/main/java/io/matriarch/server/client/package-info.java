/**
 * The client port: connections counted and bounded, bytes cut into frames, four-letter words answered. What a frame
 * means is the core's business.
 *
 * <p>Source: client.md 2 and 17, operations.md 3. May use: wire, core.port, server.link, server.config, Netty.
 */
@NullMarked
package io.matriarch.server.client;

import org.jspecify.annotations.NullMarked;
