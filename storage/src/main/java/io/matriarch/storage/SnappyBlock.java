package io.matriarch.storage;

import io.matriarch.wire.MalformedException;

/**
 * Decodes one raw block of the Snappy format. Every length and distance in it is checked before it is used.
 *
 * <pre>
 * length     of the decoded bytes, varint (7 bits a byte, low first)
 * literal    tag xxxxxx00: x + 1 bytes follow; x = 60 to 63: the length - 1 is in the next 1 to 4 bytes, low first
 * copy 1     tag oooxxx01, byte o: x + 4 bytes from distance ooo oooooooo
 * copy 2     tag xxxxxx10, 2 bytes: x + 1 bytes from that distance, low first
 * copy 4     tag xxxxxx11, 4 bytes: x + 1 bytes from that distance, low first
 * </pre>
 *
 * Source: Snappy's format description. Written here because storage uses nothing but the JDK, and reading is this little.
 */
final class SnappyBlock {
    private static final int MAX_VARINT_SHIFT = 28;
    private static final int LITERAL = 0;
    private static final int COPY_1 = 1;
    private static final int COPY_2 = 2;
    /** Literals shorter than this have their length in the tag. */
    private static final int LONG_LITERAL = 60;

    private static final int MIN_COPY_1_BYTES = 4;

    private final byte[] block;
    private final int end;
    private int at;
    private byte[] target = new byte[0];
    private int filled;

    private SnappyBlock(byte[] block, int length) {
        this.block = block;
        this.end = length;
    }

    /**
     * The decoded bytes of the first {@code length} bytes of {@code block}.
     *
     * @throws MalformedException if they are no block, or decode to more than {@code maxBytes}
     */
    static byte[] decode(byte[] block, int length, int maxBytes) {
        return new SnappyBlock(block, length).decode(maxBytes);
    }

    private byte[] decode(int maxBytes) {
        long size = varint();
        if (size > maxBytes) {
            throw new MalformedException("broken snappy: a block of " + size + " bytes");
        }
        target = new byte[(int) size];
        while (at < end) {
            int tag = unsigned(1);
            int upper = tag >>> 2;
            switch (tag & 3) {
                case LITERAL -> literal(upper);
                case COPY_1 -> copy((upper >>> 3 << Byte.SIZE) | unsigned(1), (upper & 7) + MIN_COPY_1_BYTES);
                case COPY_2 -> copy(unsigned(2), upper + 1);
                default -> copy(unsigned(4), upper + 1);
            }
        }
        if (filled < target.length) {
            throw new MalformedException("broken snappy: a block ends early");
        }
        return target;
    }

    private void literal(int upper) {
        int length = upper < LONG_LITERAL ? upper + 1 : unsigned(upper - LONG_LITERAL + 1) + 1;
        if (length <= 0 || length > end - at || length > target.length - filled) {
            throw new MalformedException("broken snappy: a literal goes beyond its block");
        }
        System.arraycopy(block, at, target, filled, length);
        at += length;
        filled += length;
    }

    private void copy(int distance, int length) {
        if (distance <= 0 || distance > filled || length > target.length - filled) {
            throw new MalformedException("broken snappy: a copy from or to outside of its block");
        }
        // One by one: source and target may overlap, which repeats a pattern.
        for (int i = 0; i < length; i++) {
            target[filled] = target[filled - distance];
            filled++;
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift <= MAX_VARINT_SHIFT; shift += 7) {
            int next = unsigned(1);
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedException("broken snappy: no block has such a length");
    }

    /** The next {@code count} (1 to 4) bytes as a number, the low byte first; negative beyond 2^31 - 1. */
    private int unsigned(int count) {
        if (count > end - at) {
            throw new MalformedException("broken snappy: a block is cut short");
        }
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (block[at++] & 0xFF) << (i * Byte.SIZE);
        }
        return value;
    }
}
