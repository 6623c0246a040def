package io.matriarch.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable range of bytes that does not own a copy: slicing and decoding are free of copies. Whoever wraps an array
 * promises not to write to it any more. A small slice keeps the whole array alive; call {@link #compact()} before
 * keeping one for long.
 */
public final class Bytes {
    /** No bytes; not the same as the null of a jute buffer. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private static final int SHOWN = 32;

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** All of {@code array}, which must not be written afterwards. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /** {@code length} bytes of {@code array} from {@code offset}; the array must not be written afterwards. */
    public static Bytes wrap(byte[] array, int offset, int length) {
        if ((offset | length) < 0 || length > array.length - offset) {
            throw new IndexOutOfBoundsException(
                    "range " + offset + "+" + length + " of an array of " + array.length + " bytes");
        }
        return new Bytes(array, offset, length);
    }

    /** A private copy of {@code array}. */
    public static Bytes copyOf(byte[] array) {
        return wrap(array.clone());
    }

    /** The UTF-8 form of {@code text}. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** The byte at {@code index}, 0 to length - 1. */
    public byte byteAt(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException("byte " + index + " of " + length);
        }
        return array[offset + index];
    }

    /** The bytes {@code from} (inclusive) to {@code to} (exclusive), sharing the array. */
    public Bytes slice(int from, int to) {
        if (from < 0 || to < from || to > length) {
            throw new IndexOutOfBoundsException("slice " + from + " to " + to + " of " + length);
        }
        return new Bytes(array, offset + from, to - from);
    }

    /** The same content in an array of exactly this length: this object if it already is, else a copy. */
    public Bytes compact() {
        return length == array.length ? this : wrap(toByteArray());
    }

    /** A copy. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The shared array, for codecs and channels; never to be written. The content starts at {@link #offset()}. */
    public byte[] array() {
        return array;
    }

    /** Where in {@link #array()} the content starts. */
    public int offset() {
        return offset;
    }

    /** The content as text; byte sequences that are not UTF-8 become U+FFFD. */
    public String asUtf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes b
                && Arrays.equals(array, offset, offset + length, b.array, b.offset, b.offset + b.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Length and the first bytes in hex. */
    @Override
    public String toString() {
        int shown = Math.min(length, SHOWN);
        return length + " bytes " + HexFormat.of().formatHex(array, offset, offset + shown)
                + (shown < length ? "…" : "");
    }
}
