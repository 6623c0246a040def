package io.matriarch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {
    private final Bytes abcdef = Bytes.utf8("abcdef");

    @Test
    void slicesShareTheArrayAndCompareByContent() {
        Bytes bcd = abcdef.slice(1, 4);
        assertThat(bcd.array()).isSameAs(abcdef.array());
        assertThat(bcd.slice(1, 3)).isEqualTo(Bytes.utf8("cd")).hasSameHashCodeAs(Bytes.utf8("cd"));
        assertThat(bcd.byteAt(2)).isEqualTo((byte) 'd');
        assertThat(bcd.asUtf8()).isEqualTo("bcd");
        assertThat(bcd).isNotEqualTo(Bytes.utf8("bce")).isNotEqualTo(Bytes.utf8("bc"));
    }

    @Test
    void nothingOutsideOfTheRangeCanBeReached() {
        Bytes bcd = abcdef.slice(1, 4);
        assertThatThrownBy(() -> bcd.byteAt(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bcd.byteAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bcd.slice(0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> bcd.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.wrap(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.wrap(new byte[3], 1, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void compactingDropsTheRestOfTheArray() {
        Bytes bcd = abcdef.slice(1, 4).compact();
        assertThat(bcd).isEqualTo(Bytes.utf8("bcd"));
        assertThat(bcd.array()).hasSize(3);
        assertThat(abcdef.compact()).isSameAs(abcdef);
    }

    @Test
    void aCopyIsIndependent() {
        byte[] array = {1, 2};
        Bytes copy = Bytes.copyOf(array);
        array[0] = 9;
        assertThat(copy.byteAt(0)).isEqualTo((byte) 1);
    }

    @Test
    void longContentIsShownShortened() {
        assertThat(Bytes.wrap(new byte[1000]).toString())
                .startsWith("1000 bytes 00")
                .hasSizeLessThan(90);
    }
}
