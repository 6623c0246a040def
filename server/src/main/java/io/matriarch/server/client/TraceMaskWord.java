package io.matriarch.server.client;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;

/**
 * {@code stmk} and eight bytes behind it, the new trace mask (operations.md 3.2).
 *
 * <p>Compat: the mask is kept and told by {@code gtmk}, as scripts expect. Deviation: it decides nothing. What is traced is the
 * log level's to say.
 */
final class TraceMaskWord {
    static final String NAME = "stmk";

    /** Compat: client requests, packets of servers, sessions and warnings. */
    static final long DEFAULT_MASK = 306;

    private static final int BYTES = 12;

    private TraceMaskWord() {}

    /** Whether all of it has come. */
    static boolean isComplete(Bytes received) {
        return received.length() >= BYTES;
    }

    /** The mask in what is complete. */
    static long mask(Bytes received) {
        return new JuteReader(received.slice(NAME.length(), BYTES)).readLong();
    }
}
