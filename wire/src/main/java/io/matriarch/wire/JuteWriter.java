package io.matriarch.wire;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes jute's binary form (see {@link JuteReader}) into an array that grows. Reuse one writer by {@link #reset()} where
 * bytes are sent at once; take {@link #toBytes()} where they are kept.
 */
public final class JuteWriter {
    private static final int DEFAULT_CAPACITY = 256;
    private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

    private byte[] array;
    private int length;

    /** A writer that starts with a small array. */
    public JuteWriter() {
        this(DEFAULT_CAPACITY);
    }

    /** A writer that starts with {@code capacity} bytes. */
    public JuteWriter(int capacity) {
        array = new byte[Math.max(capacity, 16)];
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }

    /** The array written to; the first {@link #length()} bytes count, until the next write. */
    public byte[] array() {
        return array;
    }

    /** Forgets what was written and keeps the array. */
    public void reset() {
        length = 0;
    }

    /** Forgets everything written after the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IndexOutOfBoundsException("truncate to " + newLength + " of " + length);
        }
        length = newLength;
    }

    /**
     * What was written, for keeps, and starts over. If the array is nearly full it is given away, else copied; later
     * writes never show in the result.
     */
    public Bytes toBytes() {
        int written = length;
        length = 0;
        if (written == 0) {
            return Bytes.EMPTY;
        }
        if (array.length - written <= written >> 3) {
            Bytes result = Bytes.wrap(array, 0, written);
            array = new byte[DEFAULT_CAPACITY];
            return result;
        }
        return Bytes.wrap(Arrays.copyOf(array, written));
    }

    /** One byte. */
    public void writeByte(int value) {
        reserve(1);
        array[length++] = (byte) value;
    }

    /** One byte, 1 or 0. */
    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /** Four bytes. */
    public void writeInt(int value) {
        reserve(4);
        BigEndian.putInt(array, length, value);
        length += 4;
    }

    /** Overwrites the four bytes at {@code at} that were written before. */
    public void setInt(int at, int value) {
        if (at < 0 || at > length - 4) {
            throw new IndexOutOfBoundsException("int at " + at + " of " + length);
        }
        BigEndian.putInt(array, at, value);
    }

    /** Eight bytes. */
    public void writeLong(long value) {
        reserve(8);
        BigEndian.putLong(array, length, value);
        length += 8;
    }

    /** Length and bytes; length -1 for null. */
    public void writeBuffer(@Nullable Bytes value) {
        if (value == null) {
            writeInt(-1);
            return;
        }
        writeInt(value.length());
        writeRaw(value);
    }

    /** The bytes alone, without a length. */
    public void writeRaw(Bytes value) {
        reserve(value.length());
        System.arraycopy(value.array(), value.offset(), array, length, value.length());
        length += value.length();
    }

    /**
     * Length and bytes; length -1 for null. UTF-8, except that a character above U+FFFF is written as its two surrogates,
     * three bytes each, as Apache does.
     */
    public void writeString(@Nullable String value) {
        if (value == null) {
            writeInt(-1);
            return;
        }
        int chars = value.length();
        reserve((long) chars + 4);
        byte[] target = array;
        int at = length + 4;
        for (int i = 0; i < chars; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                writeBeyondAscii(value);
                return;
            }
            target[at++] = (byte) c;
        }
        BigEndian.putInt(target, length, chars);
        length = at;
    }

    private void writeBeyondAscii(String value) {
        long bytes = JuteText.length(value);
        reserve(bytes + 4);
        BigEndian.putInt(array, length, (int) bytes);
        length = JuteText.write(value, array, length + 4);
    }

    /** Count and texts; count -1 for null. */
    public void writeStrings(@Nullable List<String> values) {
        if (values == null) {
            writeInt(-1);
            return;
        }
        writeInt(values.size());
        for (String value : values) {
            writeString(value);
        }
    }

    /** Bytes that {@link #writeBuffer} takes. */
    public static long sizeOf(@Nullable Bytes value) {
        return 4L + (value == null ? 0 : value.length());
    }

    /** Bytes that {@link #writeString} takes. */
    public static long sizeOf(@Nullable String value) {
        return 4L + (value == null ? 0 : JuteText.length(value));
    }

    /** Bytes that {@link #writeStrings} takes. */
    public static long sizeOf(@Nullable List<String> values) {
        long size = 4;
        for (int i = 0; values != null && i < values.size(); i++) {
            size += sizeOf(values.get(i));
        }
        return size;
    }

    private void reserve(long more) {
        if (more > array.length - length) {
            grow(length + more);
        }
    }

    private void grow(long needed) {
        if (needed > MAX_CAPACITY) {
            throw new IllegalStateException("a record of " + needed + " bytes does not fit into one array");
        }
        array = Arrays.copyOf(array, (int) Math.min(MAX_CAPACITY, Math.max(needed, array.length * 2L)));
    }
}
