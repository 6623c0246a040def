/**
 * What servers say to each other on the leader's port: quorum packets and the records inside their data.
 *
 * <p>Source: zab.md 3, 4, 12 and 13. Uses {@code io.matriarch.wire} only.
 */
@NullMarked
package io.matriarch.wire.quorum;

import org.jspecify.annotations.NullMarked;
