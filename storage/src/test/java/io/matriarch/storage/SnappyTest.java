package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Snappy as snapshots use it (disk.md 5.8). Whole files of Apache's are read in {@link ApacheDirectoryTest}. */
class SnappyTest {
    private static final String HEADER = "82534e4150505900" + "00000001" + "00000001";
    /** "matriarch" as a literal. */
    private static final String BLOCK = "0000000b" + "09" + "20" + "6d6174726961726368";

    private static byte[] decode(String hex) {
        byte[] block = HexFormat.of().parseHex(hex);
        return SnappyBlock.decode(block, block.length, 1 << 16);
    }

    private static byte[] read(String hex) throws IOException {
        try (SnappyInput in =
                new SnappyInput(new ByteArrayInputStream(HexFormat.of().parseHex(hex)))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00, ''", // nothing
        "03 08 616263, abc", // a literal
        "03 f0 02 616263, abc", // its length in one byte
        "03 f4 0200 616263, abc", // in two
        "03 f8 020000 616263, abc", // in three
        "03 fc 02000000 616263, abc", // in four
        "07 08 616263 01 03, abcabca", // copy of 4 from a distance of one byte
        "05 08 616263 06 0300, abcab", // of two bytes
        "05 08 616263 07 03000000, abcab", // of four
        "06 00 61 12 0100, aaaaaa", // one that repeats what it makes
    })
    void everyTag_isDecoded(String hex, String text) {
        assertThat(new String(decode(hex.replace(" ", "")), StandardCharsets.US_ASCII))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no length
                "ffffffffff01", // a length beyond 32 bits
                "ffffff7f", // one beyond what is allowed
                "03", // nothing behind it
                "03 08 6162", // a literal cut short
                "02 08 616263", // one that goes beyond the length
                "03 fc ffffffff 616263", // one of 2^32 bytes
                "05 08 616263 06 0400", // a copy from before the beginning
                "05 08 616263 06 0000", // from nowhere
                "05 08 616263 07 fdffffff", // from a negative distance
                "04 08 616263 06 0300", // beyond the length
                "05 08 616263 06 03", // cut short
            })
    void aBrokenBlock_isMalformed(String hex) {
        assertThatThrownBy(() -> decode(hex.replace(" ", "")))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("snappy");
    }

    @Test
    void anyBytes_areABlockOrMalformed() {
        Random random = new Random(11);
        int decoded = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] block = new byte[random.nextInt(24)];
            random.nextBytes(block);
            if (block.length > 0) {
                block[0] &= 0x1f;
            }
            try {
                assertThat(SnappyBlock.decode(block, block.length, 32)).hasSizeLessThanOrEqualTo(32);
                decoded++;
            } catch (MalformedException expected) {
                assertThat(expected).hasMessageContaining("snappy");
            }
        }
        assertThat(decoded).isPositive();
    }

    @Test
    void aStream_isItsBlocksInOrder() throws IOException {
        assertThat(read(HEADER)).isEmpty();
        assertThat(read(HEADER + BLOCK + BLOCK))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("matriarchmatriarch");
        assertThat(read(HEADER + BLOCK + HEADER + BLOCK)).hasSize(18);
    }

    @Test
    void aStreamCutAnywhere_endsOrIsRefused() throws IOException {
        byte[] whole = HexFormat.of().parseHex(HEADER + BLOCK);
        for (int length = 0; length < whole.length; length++) {
            String cut = HexFormat.of().formatHex(Arrays.copyOf(whole, length));
            if (length == HEADER.length() / 2) {
                assertThat(read(cut)).isEmpty();
            } else {
                assertThatThrownBy(() -> read(cut)).as("cut at %d", length).isInstanceOf(EOFException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "82534e4150505901" + "0000000100000001", // another magic
                "82534e4150505900" + "0000000200000002", // a newer version
                HEADER + "7fffffff", // a block of 2 GB, whose size must not be reserved
                HEADER + "00000000",
                HEADER + "ffffffff"
            })
    void aBrokenStream_isMalformed(String hex) {
        assertThatThrownBy(() -> read(hex)).isInstanceOf(MalformedException.class);
    }
}
