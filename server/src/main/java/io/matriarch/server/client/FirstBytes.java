package io.matriarch.server.client;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the first four bytes of a connection say about who is calling. */
final class FirstBytes {
    private static final Set<String> HTTP =
            Set.of("GET ", "POST", "HEAD", "PUT ", "DELE", "OPTI", "PATC", "CONN", "PRI ");
    private static final int TLS_HANDSHAKE = 0x1603;
    private static final int TELNET_INTERRUPT = 0xfff4fffd;

    private FirstBytes() {}

    /** The four bytes as a word if it is a four-letter word, else null. */
    static @Nullable String word(int first) {
        String text = text(first);
        return FourLetterWords.isKnown(text) ? text : null;
    }

    /** What a caller that is no ZooKeeper client seems to speak; null for what may be one. */
    static @Nullable String foreignProtocol(int first) {
        if (HTTP.contains(text(first))) {
            return "HTTP; point it to the address of a ZooKeeper client instead, or this address out of its configuration";
        }
        if (first >>> 16 == TLS_HANDSHAKE) {
            return "TLS; this port takes clear text only";
        }
        return first == TELNET_INTERRUPT ? "a telnet interrupt" : null;
    }

    private static String text(int first) {
        byte[] bytes = {(byte) (first >> 24), (byte) (first >> 16), (byte) (first >> 8), (byte) first};
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
