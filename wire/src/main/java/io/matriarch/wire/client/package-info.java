/**
 * What clients and servers say to each other: handshake, requests, replies, watch events, operation and error codes.
 *
 * <p>Source: client.md 2 to 7, 12 and 13. Uses {@code io.matriarch.wire} only.
 */
@NullMarked
package io.matriarch.wire.client;

import org.jspecify.annotations.NullMarked;
