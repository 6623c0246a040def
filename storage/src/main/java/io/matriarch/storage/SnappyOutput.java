package io.matriarch.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes a stream as Apache's snapshots have it, compressed with Snappy (disk.md 5.8).
 *
 * <pre>
 * 8 bytes   82 53 4E 41 50 50 59 00
 * int       1, the version
 * int       1, the least version that can read it
 * then      int length, a raw block ({@link SnappyBlock}) of at most 32 KiB of input; to the end of the file
 * </pre>
 *
 * <p>Matches are sought greedily, four bytes at a time, through one table of the places last seen: what Snappy is meant
 * for, speed before size. Equal input gives equal bytes.
 */
final class SnappyOutput extends OutputStream {
    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int VERSION = 1;
    private static final int BLOCK_BYTES = 32 << 10;
    private static final int TABLE_BITS = 13;
    private static final int MULTIPLIER = 0x1E35A7BD;
    private static final int MIN_MATCH_BYTES = 4;
    private static final int MAX_COPY_BYTES = 64;
    /** Longer literals have their length behind the tag. */
    private static final int MAX_TAG_LITERAL_BYTES = 60;

    private static final int TAG_LITERAL_TWO_LENGTH_BYTES = 61 << 2;
    private static final int TAG_COPY_2 = 2;

    private final OutputStream out;
    private final byte[] input = new byte[BLOCK_BYTES];
    private final int[] lastSeen = new int[1 << TABLE_BITS];
    /** A block that holds literals only is longer than its input by their tags and the length before all. */
    private final byte[] block = new byte[BLOCK_BYTES + BLOCK_BYTES / MAX_TAG_LITERAL_BYTES + 64];

    private int filled;
    private int written;

    SnappyOutput(OutputStream out) throws IOException {
        this.out = out;
        out.write(ByteBuffer.allocate(MAGIC.length + 2 * Integer.BYTES)
                .put(MAGIC)
                .putInt(VERSION)
                .putInt(VERSION)
                .array());
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, BLOCK_BYTES - filled);
            System.arraycopy(source, at, input, filled, count);
            filled += count;
            at += count;
            left -= count;
            if (filled == BLOCK_BYTES) {
                writeBlock();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (filled > 0) {
            writeBlock();
        }
        out.close();
    }

    private void writeBlock() throws IOException {
        written = 0;
        putLength(filled);
        compress();
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(written).array());
        out.write(block, 0, written);
        filled = 0;
    }

    private void compress() {
        Arrays.fill(lastSeen, -1);
        int literalStart = 0;
        int at = 0;
        while (at + MIN_MATCH_BYTES <= filled) {
            int slot = (fourAt(at) * MULTIPLIER) >>> (Integer.SIZE - TABLE_BITS);
            int candidate = lastSeen[slot];
            lastSeen[slot] = at;
            if (candidate < 0 || fourAt(candidate) != fourAt(at)) {
                at++;
                continue;
            }
            putLiteral(literalStart, at);
            int length = MIN_MATCH_BYTES;
            while (at + length < filled && input[candidate + length] == input[at + length]) {
                length++;
            }
            putCopies(at - candidate, length);
            at += length;
            literalStart = at;
        }
        putLiteral(literalStart, filled);
    }

    private int fourAt(int at) {
        return (input[at] & 0xFF)
                | ((input[at + 1] & 0xFF) << 8)
                | ((input[at + 2] & 0xFF) << 16)
                | ((input[at + 3] & 0xFF) << 24);
    }

    private void putLiteral(int from, int to) {
        int length = to - from;
        if (length == 0) {
            return;
        }
        if (length <= MAX_TAG_LITERAL_BYTES) {
            put((length - 1) << 2);
        } else {
            put(TAG_LITERAL_TWO_LENGTH_BYTES);
            put(length - 1);
            put((length - 1) >>> 8);
        }
        System.arraycopy(input, from, block, written, length);
        written += length;
    }

    /** Copies of at most 64 bytes each; what is left of a match may be as short as one byte. */
    private void putCopies(int distance, int length) {
        for (int left = length; left > 0; left -= MAX_COPY_BYTES) {
            put(((Math.min(left, MAX_COPY_BYTES) - 1) << 2) | TAG_COPY_2);
            put(distance);
            put(distance >>> 8);
        }
    }

    private void putLength(int value) {
        int rest = value;
        while (rest >= 0x80) {
            put((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        put(rest);
    }

    private void put(int value) {
        block[written++] = (byte) value;
    }
}
