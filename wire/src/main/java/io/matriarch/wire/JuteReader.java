package io.matriarch.wire;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads jute's binary form (client.md 1, zab.md 1) from a bounded range.
 *
 * <pre>
 * boolean  1 byte, nonzero is true      int, long  4, 8 bytes, big-endian
 * buffer   int length, bytes            ustring    int length, UTF-8
 * vector   int count, elements          (length or count -1 is null)
 * record   its fields, nothing else
 * </pre>
 *
 * Every method throws {@link MalformedException} when the range ends too early or a length cannot be, before anything
 * of a claimed size is allocated. Buffers are slices of the range, not copies.
 */
public final class JuteReader {
    private final byte[] array;
    private final int start;
    private final int end;
    private final int lengthLimit;
    private int at;

    /** Reads {@code bytes}; buffers and strings may be as long as what remains. */
    public JuteReader(Bytes bytes) {
        this(bytes, Integer.MAX_VALUE);
    }

    /** Reads {@code bytes}; a buffer or string longer than {@code lengthLimit} bytes is malformed. */
    public JuteReader(Bytes bytes, int lengthLimit) {
        this.array = bytes.array();
        this.start = bytes.offset();
        this.end = start + bytes.length();
        this.lengthLimit = lengthLimit;
        this.at = start;
    }

    /** Bytes not yet read. */
    public int remaining() {
        return end - at;
    }

    /** Bytes read so far. */
    public int position() {
        return at - start;
    }

    /** Goes back or forth to {@code position} bytes from the start. */
    public void seek(int position) {
        if (position < 0 || position > end - start) {
            throw new IndexOutOfBoundsException("position " + position + " of " + (end - start));
        }
        at = start + position;
    }

    /** One byte. */
    public byte readByte() {
        need(1, "byte");
        return array[at++];
    }

    /** One byte, true if nonzero. */
    public boolean readBoolean() {
        need(1, "boolean");
        return array[at++] != 0;
    }

    /** Four bytes. */
    public int readInt() {
        need(4, "int");
        int value = BigEndian.getInt(array, at);
        at += 4;
        return value;
    }

    /** The next four bytes, which stay unread. */
    public int peekInt() {
        need(4, "int");
        return BigEndian.getInt(array, at);
    }

    /** Eight bytes. */
    public long readLong() {
        need(8, "long");
        long value = BigEndian.getLong(array, at);
        at += 8;
        return value;
    }

    /** A buffer as a slice of the range; null if its length is -1. */
    public @Nullable Bytes readBuffer() {
        int length = readLength("buffer");
        if (length < 0) {
            return null;
        }
        Bytes value = Bytes.wrap(array, at, length);
        at += length;
        return value;
    }

    /** A text; null if its length is -1. Bytes that are no text become U+FFFD, as in Apache. */
    public @Nullable String readString() {
        int length = readLength("ustring");
        if (length < 0) {
            return null;
        }
        String value = JuteText.read(array, at, length);
        at += length;
        return value;
    }

    /** A text that must not be null; {@code what} names it in the error. */
    public String readString(String what) {
        String value = readString();
        if (value == null) {
            throw new MalformedException("null " + what, position() - 4);
        }
        return value;
    }

    /**
     * The count of a vector whose elements take at least {@code minElementBytes} each: -1 for null, otherwise no more
     * than can fit into what remains, so that the caller may allocate that many places.
     */
    public int readVectorCount(int minElementBytes) {
        int count = readInt();
        if (count < -1 || (long) count * minElementBytes > remaining()) {
            throw new MalformedException(
                    "vector of " + count + " elements with " + remaining() + " bytes left", position() - 4);
        }
        return count;
    }

    /** A vector of texts, none of them null; null if its count is -1. The list cannot be changed. */
    public @Nullable List<String> readStrings() {
        int count = readVectorCount(4);
        if (count <= 0) {
            return count < 0 ? null : List.of();
        }
        String[] values = new String[count];
        for (int i = 0; i < count; i++) {
            values[i] = readString("element of a vector");
        }
        return Collections.unmodifiableList(Arrays.asList(values));
    }

    /** A vector of texts that must not be null; {@code what} names it in the error. */
    public List<String> readStrings(String what) {
        List<String> values = readStrings();
        if (values == null) {
            throw new MalformedException("null " + what, position() - 4);
        }
        return values;
    }

    /** Everything that remains, as a slice. */
    public Bytes readRest() {
        return readRaw(remaining());
    }

    /** Exactly {@code length} bytes without any prefix, as a slice. */
    public Bytes readRaw(int length) {
        need(length, "bytes");
        Bytes value = Bytes.wrap(array, at, length);
        at += length;
        return value;
    }

    /**
     * Skips a buffer or text if it is all there; for decoders of streams. If not, says false; the position is then
     * anywhere up to the end.
     */
    public boolean trySkipBuffer() {
        if (remaining() < 4) {
            return false;
        }
        int length = readInt();
        checkLength(length, "buffer or ustring");
        if (length > end - at) {
            return false;
        }
        at += Math.max(length, 0);
        return true;
    }

    /** Skips {@code expected} if it comes next; says whether it did. */
    boolean skipIfNext(byte[] expected) {
        if (remaining() < expected.length
                || !Arrays.equals(array, at, at + expected.length, expected, 0, expected.length)) {
            return false;
        }
        at += expected.length;
        return true;
    }

    private int readLength(String what) {
        int length = readInt();
        checkLength(length, what);
        if (length > end - at) {
            throw new MalformedException(
                    what + " of " + length + " bytes with " + remaining() + " left", position() - 4);
        }
        return length;
    }

    private void checkLength(int length, String what) {
        if (length < -1 || length > lengthLimit) {
            throw new MalformedException("unreasonable " + what + " length " + length, position() - 4);
        }
    }

    private void need(int count, String what) {
        if (count > end - at) {
            throw new MalformedException(what + " needs " + count + " bytes, " + remaining() + " left", position());
        }
    }
}
