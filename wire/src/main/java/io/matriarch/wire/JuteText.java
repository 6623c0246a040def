package io.matriarch.wire;

import java.nio.charset.StandardCharsets;

/**
 * Texts as jute writes them: each UTF-16 unit by itself, so that a character above U+FFFF takes two times three bytes.
 *
 * <pre>
 * unit up to U+007F  1 byte     up to U+07FF  2 bytes     above, surrogates too  3 bytes
 * </pre>
 *
 * <p>Compat: these are the bytes of Apache's encoder, to the last one. Its decoder knows only standard UTF-8 and makes
 * U+FFFD of such a pair. Deviation: ours takes the pair for the character it stands for, as well as the four bytes that
 * other clients write; otherwise a leader and those who read its log would hold different texts.
 */
final class JuteText {
    private static final char REPLACEMENT = '\ufffd';
    /** First byte of every surrogate's three. */
    private static final int SURROGATE_LEAD = 0xed;

    private JuteText() {}

    /** Bytes that {@code text} takes. */
    static long length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return length;
    }

    /** Writes {@code text} to {@code target} from {@code at} on, where there must be room; says where it ends. */
    static int write(String text, byte[] target, int at) {
        int next = at;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                target[next++] = (byte) c;
            } else if (c < 0x800) {
                target[next++] = (byte) (0xc0 | (c >> 6));
                target[next++] = (byte) (0x80 | (c & 0x3f));
            } else {
                target[next++] = (byte) (0xe0 | (c >> 12));
                target[next++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                target[next++] = (byte) (0x80 | (c & 0x3f));
            }
        }
        return next;
    }

    /** The text of {@code length} bytes from {@code at} on; what is neither form becomes U+FFFD. */
    static String read(byte[] array, int at, int length) {
        // The JDK's decoder takes a vectorised path for ASCII by itself, and pairs are rare.
        String text = new String(array, at, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : readPairs(array, at, length, text);
    }

    private static String readPairs(byte[] array, int at, int length, String otherwise) {
        byte[] standard = new byte[length];
        int end = at + length;
        int from = at;
        int to = 0;
        while (from < end) {
            if (from + 6 <= end && isSurrogate(array, from, 0xa0) && isSurrogate(array, from + 3, 0xb0)) {
                int codePoint = Character.toCodePoint(unit(array, from), unit(array, from + 3));
                standard[to++] = (byte) (0xf0 | (codePoint >> 18));
                standard[to++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
                standard[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
                standard[to++] = (byte) (0x80 | (codePoint & 0x3f));
                from += 6;
            } else {
                standard[to++] = array[from++];
            }
        }
        return to == length ? otherwise : new String(standard, 0, to, StandardCharsets.UTF_8);
    }

    /** Whether three bytes are a surrogate whose second byte is in the sixteen from {@code second} on. */
    private static boolean isSurrogate(byte[] array, int at, int second) {
        return (array[at] & 0xff) == SURROGATE_LEAD
                && (array[at + 1] & 0xf0) == second
                && (array[at + 2] & 0xc0) == 0x80;
    }

    private static char unit(byte[] array, int at) {
        return (char) (((array[at] & 0xf) << 12) | ((array[at + 1] & 0x3f) << 6) | (array[at + 2] & 0x3f));
    }
}
