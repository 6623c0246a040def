package io.matriarch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;

/** What must hold for every decoder, whatever the record. */
public final class CodecLaws {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Room for an exception and for classes that the JVM loads meanwhile; a believed length takes far more. */
    private static final long FIXED_ALLOWANCE = 1024 * 1024;

    /** No record of the protocol takes more heap than this per byte of it. */
    private static final long ALLOWANCE_PER_BYTE = 64;

    private CodecLaws() {}

    /** A decoder under test. */
    @FunctionalInterface
    public interface Decoder {
        /** Decodes, or throws {@link MalformedException}. */
        Object decode(Bytes bytes);
    }

    /** Whatever is cut off at the end, the decoder says so. */
    public static void refusesEveryCut(Bytes whole, Decoder decoder) {
        for (int length = 0; length < whole.length(); length++) {
            Bytes cut = inTheMiddle(whole.slice(0, length));
            assertThatThrownBy(() -> decoder.decode(cut))
                    .as("%s cut to %d bytes", whole, length)
                    .isInstanceOf(MalformedException.class);
        }
    }

    /** Whatever is cut off at the end, the decoder understands or refuses it, and nothing else happens. */
    public static void survivesEveryCut(Bytes whole, Decoder decoder) {
        for (int length = 0; length < whole.length(); length++) {
            survives(inTheMiddle(whole.slice(0, length)), decoder);
        }
    }

    /** Bytes changed at random are understood or refused, without allocating by claimed sizes. */
    public static void survivesNoise(Random random, Bytes whole, Decoder decoder) {
        for (int round = 0; round < 50; round++) {
            byte[] bytes = whole.toByteArray();
            for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = NASTY[random.nextInt(NASTY.length)];
                if (random.nextInt(4) == 0) {
                    Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0x7f);
                }
            }
            survives(inTheMiddle(Bytes.wrap(bytes)), decoder);
        }
    }

    /** Random bytes are understood or refused. */
    public static void survivesRandomBytes(Random random, Decoder decoder) {
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                // Small numbers reach deeper than random ones.
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = i % 4 == 3 ? (byte) (bytes[i] & 7) : 0;
                }
            }
            survives(Bytes.wrap(bytes), decoder);
        }
    }

    /** The decoder answers or throws {@link MalformedException}, and allocates in proportion to what there is. */
    public static void survives(Bytes bytes, Decoder decoder) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            decoder.decode(bytes);
        } catch (MalformedException expected) {
            assertThat(expected.getMessage()).isNotEmpty();
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated for %s", bytes)
                .isLessThan(FIXED_ALLOWANCE + ALLOWANCE_PER_BYTE * bytes.length());
    }

    /** The same content inside a larger array, so that a decoder that leaves its range is noticed. */
    public static Bytes inTheMiddle(Bytes bytes) {
        byte[] larger = new byte[bytes.length() + 64];
        System.arraycopy(bytes.array(), bytes.offset(), larger, 17, bytes.length());
        return Bytes.wrap(larger, 17, bytes.length());
    }

    private static final byte[] NASTY = {0, 1, 2, 3, 0x7f, (byte) 0x80, (byte) 0xff, (byte) 0xfe, 0x41, '/'};
}
