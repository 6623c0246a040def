package io.matriarch.storage;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.disk.LogFormat;

/**
 * Tells a record in which one byte changed from one that was never written in full. Both may lie before good records
 * and both may hold long runs of zeros, as data often does; but of the first, all other bytes still fit together.
 *
 * <p>Adler-32 (RFC 1950) keeps a = 1 + the sum of all bytes and b = the sum of all values of a, modulo 65521. A byte at
 * distance k from the end (1 for the last) that is off by d shifts a by d and b by k*d: the two shifts tell d and k.
 */
final class ByteDamage {
    private static final int MODULUS = 65521;
    private static final int MAX_DIFFERENCE = 255;
    private static final int ALL_BITS_OF_A_BYTE = 0xFF;

    private ByteDamage() {}

    /** Whether {@code frame}, from one record's start to the next one's, is a record but for one byte. */
    static boolean explains(Bytes frame) {
        int length = frame.length() - LogFormat.RECORD_OVERHEAD_BYTES;
        if (length <= 0) {
            return false;
        }
        JuteReader in = new JuteReader(frame);
        long stored = in.readLong();
        boolean isLengthRight = in.readInt() == length;
        Bytes payload = in.readRaw(length);
        boolean isEndMarkRight = in.readByte() == LogFormat.END_MARK;
        long computed = LogFormat.checksumOf(payload);
        if (!isLengthRight || !isEndMarkRight) {
            return stored == computed && (isLengthRight || isEndMarkRight);
        }
        return isOneByte(stored ^ computed) || isOneByteOff(stored, payload, computed);
    }

    private static boolean isOneByte(long difference) {
        int shift = Long.numberOfTrailingZeros(difference) / Byte.SIZE * Byte.SIZE;
        return difference != 0 && (difference >>> shift & ~ALL_BITS_OF_A_BYTE) == 0;
    }

    private static boolean isOneByteOff(long stored, Bytes payload, long computed) {
        if (stored >>> Integer.SIZE != 0) {
            return false;
        }
        int shiftOfA = (int) Math.floorMod((computed & 0xFFFF) - (stored & 0xFFFF), (long) MODULUS);
        int shiftOfB = (int) Math.floorMod((computed >>> 16) - (stored >>> 16), (long) MODULUS);
        int off = shiftOfA > MODULUS / 2 ? shiftOfA - MODULUS : shiftOfA;
        if (off == 0 || Math.abs(off) > MAX_DIFFERENCE) {
            return false;
        }
        for (int i = 0; i < payload.length(); i++) {
            int distance = payload.length() - i;
            int original = (payload.byteAt(i) & ALL_BITS_OF_A_BYTE) - off;
            if (Math.floorMod((long) distance * off, (long) MODULUS) == shiftOfB
                    && original >= 0
                    && original <= ALL_BITS_OF_A_BYTE) {
                return true;
            }
        }
        return false;
    }
}
