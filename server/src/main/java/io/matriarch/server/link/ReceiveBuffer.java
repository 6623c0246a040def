package io.matriarch.server.link;

import io.matriarch.wire.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Bytes received from a socket and not yet decoded. Grows with what has really arrived, never with what a length field
 * claims; shrinks again when it is empty.
 */
public final class ReceiveBuffer {
    private static final int KEPT_BYTES = 64 * 1024;
    private static final byte[] NONE = new byte[0];

    private byte[] array = NONE;
    private int start;
    private int end;

    /** Takes all readable bytes of {@code source}, which stays the caller's to release. */
    public void append(ByteBuf source) {
        int count = source.readableBytes();
        reserve(count);
        source.readBytes(array, end, count);
        end += count;
    }

    /** Takes a copy of {@code source}. */
    public void append(Bytes source) {
        reserve(source.length());
        System.arraycopy(source.array(), source.offset(), array, end, source.length());
        end += source.length();
    }

    /** Bytes not yet taken. */
    public int length() {
        return end - start;
    }

    /** A view of everything not yet taken; valid until the next append. */
    public Bytes view() {
        return Bytes.wrap(array, start, end - start);
    }

    /** Four bytes as a big-endian number; at least four must be there. */
    public int peekInt() {
        return (array[start] << 24)
                | (array[start + 1] & 0xff) << 16
                | (array[start + 2] & 0xff) << 8
                | (array[start + 3] & 0xff);
    }

    /** A copy of the next {@code count} bytes, which are taken. */
    public Bytes take(int count) {
        Bytes taken = Bytes.wrap(Arrays.copyOfRange(array, start, start + count));
        skip(count);
        return taken;
    }

    /** Takes {@code count} bytes without looking at them. */
    public void skip(int count) {
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
            if (array.length > KEPT_BYTES) {
                array = NONE;
            }
        }
    }

    private void reserve(int count) {
        if (array.length - end >= count) {
            return;
        }
        int held = end - start;
        int needed = Math.addExact(held, count);
        byte[] target =
                needed <= array.length ? array : new byte[Math.max(needed, Math.min(2 * held, needed + (1 << 20)))];
        System.arraycopy(array, start, target, 0, held);
        array = target;
        start = 0;
        end = held;
    }
}
