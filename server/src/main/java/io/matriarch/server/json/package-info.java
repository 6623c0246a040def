/**
 * Records as lines of JSON, as the election journal and the answers of our own four-letter words have them.
 *
 * <p>Source: docs/explain.md. May use: wire.
 */
@NullMarked
package io.matriarch.server.json;

import org.jspecify.annotations.NullMarked;
