package io.matriarch.storage;

import io.matriarch.wire.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * What a snappy snapshot holds, uncompressed (disk.md 5.8).
 *
 * <pre>
 * header   82 53 4E 41 50 50 59 00 | version int 1 | compatible from int 1         16 bytes
 * blocks   compressed length int | raw block ({@link SnappyBlock})
 * </pre>
 *
 * A header may come again between blocks: the writer joined streams.
 */
final class SnappyInput extends InputStream {
    private static final long MAGIC = 0x82534E41_50505900L;
    private static final int FIRST_INT_OF_MAGIC = (int) (MAGIC >>> Integer.SIZE);
    private static final int READABLE_VERSION = 1;
    /** ZooKeeper's blocks have 32 KiB; whoever was given another block size may have made them larger. */
    private static final int MAX_BLOCK_BYTES = 1 << 20;
    /** A block that cannot be compressed grows a little. */
    private static final int MAX_COMPRESSED_BYTES = MAX_BLOCK_BYTES + MAX_BLOCK_BYTES / 6 + 32;

    private final InputStream in;
    private byte[] block = new byte[0];
    private int position;

    /** Starts with the header. */
    SnappyInput(InputStream in) throws IOException {
        this.in = in;
        readHeader(readInt());
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? block[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, block.length - position);
        System.arraycopy(block, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean hasMore() throws IOException {
        while (position == block.length) {
            byte[] prefix = in.readNBytes(Integer.BYTES);
            if (prefix.length == 0) {
                return false;
            }
            int length = intOf(prefix);
            if (length == FIRST_INT_OF_MAGIC) {
                readHeader(length);
                continue;
            }
            if (length <= 0 || length > MAX_COMPRESSED_BYTES) {
                throw new MalformedException("broken snappy: no block has the length " + length);
            }
            byte[] compressed = in.readNBytes(length);
            if (compressed.length < length) {
                throw new EOFException("the file ends inside a block");
            }
            block = SnappyBlock.decode(compressed, length, MAX_BLOCK_BYTES);
            position = 0;
        }
        return true;
    }

    private void readHeader(int first) throws IOException {
        if (first != FIRST_INT_OF_MAGIC || readInt() != (int) MAGIC) {
            throw new MalformedException("not a snappy stream: bad magic");
        }
        readInt();
        int compatible = readInt();
        if (compatible > READABLE_VERSION) {
            throw new MalformedException("snappy stream of version " + compatible);
        }
    }

    private int readInt() throws IOException {
        return intOf(in.readNBytes(Integer.BYTES));
    }

    private static int intOf(byte[] bytes) throws EOFException {
        if (bytes.length < Integer.BYTES) {
            throw new EOFException("the file ends inside a length");
        }
        return ByteBuffer.wrap(bytes).getInt();
    }
}
