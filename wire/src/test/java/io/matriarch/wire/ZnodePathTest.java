package io.matriarch.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** client.md 8. */
class ZnodePathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a", "/a/b", "/ ", "/...", "/.a", "/a.", "/..a", "/%:\\", "/\u00a0", "/\uf900", "/\uffef"})
    void accepts(String path) {
        assertThat(ZnodePath.whyInvalid(path)).isNull();
        assertThat(ZnodePath.isValid(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "foo", "a/b", "//", "/a/", "/a//b", "//a", "/.", "/..", "/./a", "/../a", "/a/.", "/a/..", "/a/./b"
            })
    void refuses(String path) {
        assertThat(ZnodePath.whyInvalid(path)).isNotNull();
        assertThat(ZnodePath.isValid(path)).isFalse();
    }

    @Test
    void refusesNull() {
        assertThat(ZnodePath.isValid(null)).isFalse();
    }

    @Test
    void everyUtf16UnitIsJudgedByTheTableOfForbiddenRanges() {
        for (int unit = 0; unit <= 0xffff; unit++) {
            boolean forbidden = unit <= 0x1f
                    || (unit >= 0x7f && unit <= 0x9f)
                    || (unit >= 0xd800 && unit <= 0xf8ff)
                    || unit >= 0xfff0;
            assertThat(ZnodePath.isValid("/a" + (char) unit + "b"))
                    .as("U+%04X", unit)
                    .isEqualTo(!forbidden);
        }
    }

    @Test
    void parentsAndNames() {
        assertThat(ZnodePath.parentOf("/a/b")).isEqualTo("/a");
        assertThat(ZnodePath.parentOf("/a")).isEqualTo("/");
        assertThat(ZnodePath.nameOf("/a/b")).isEqualTo("b");
        assertThat(ZnodePath.nameOf("/")).isEmpty();
        assertThatThrownBy(() -> ZnodePath.parentOf("/")).isInstanceOf(IllegalArgumentException.class);
    }
}
