package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Names in the field, client.md 20.4, and their order. */
class ContendersTest {
    private static String before(List<String> names, String name) {
        return Contenders.of(names).before(name, Settings.ALL);
    }

    @Test
    void order_isThatOfTheNumberAcrossAllLabels() {
        List<String> names = List.of("b-0000000003", "json.info_0000000002", "a-0000000010");
        assertThat(before(names, "json.info_0000000002")).isNull();
        assertThat(before(names, "b-0000000003")).isEqualTo("json.info_0000000002");
        assertThat(before(names, "a-0000000010")).isEqualTo("b-0000000003");
    }

    @Test
    void namesWithoutANumberOfTheServer_areIgnored() {
        List<String> names = List.of("log_replicas", "n_1", "x-0000000004", "y-2147483648");
        assertThat(Contenders.of(names).names()).containsExactly("x-0000000004");
    }

    @Test
    void labelThatEndsWithADigit_leavesTheNumberTheLastTen() {
        assertThat(SequenceNumber.of("shard120000000007")).isEqualTo(7);
    }

    @Test
    void afterTheOverflow_theNegativeNumbersComeBehind() {
        List<String> names = List.of("_c_x-latch--2147483648", "_c_y-latch-2147483647", "_c_z-latch--2147483647");
        assertThat(Contenders.of(names).names())
                .containsExactly("_c_y-latch-2147483647", "_c_x-latch--2147483648", "_c_z-latch--2147483647");
    }

    @Test
    void negativeNumbers_areReadAsTheServerWritesThem() {
        for (int number :
                new int[] {-1, -12, -999_999_999, -1_000_000_000, Integer.MIN_VALUE, 0, 7, Integer.MAX_VALUE}) {
            for (String label : List.of("_c_x-candidate-", "json.info_", "x__lock__")) {
                assertThat(SequenceNumber.of(label + String.format("%010d", number)))
                        .as("%s and %d", label, number)
                        .isEqualTo(number);
            }
        }
    }

    @Test
    void priority_isReadFromTheNameInEveryLayoutThatHasOne() {
        UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
        for (Layout layout : Layout.values()) {
            if (layout.isProtected()) {
                assertThat(Layout.priorityOf(layout.prefix(id, 42) + "0000000001"))
                        .as("%s", layout)
                        .isEqualTo(42);
                assertThat(Layout.priorityOf(layout.prefix(id, 0) + "0000000001"))
                        .as("%s", layout)
                        .isZero();
                assertThat(layout.isNameOf(layout.prefix(id, 42) + "0000000001"))
                        .isTrue();
            }
        }
    }

    @Test
    void preferred_isTheFirstOfTheHighestPriority() {
        Contenders line = Contenders.of(List.of(
                "_c_a-candidate-0000000001",
                "_c_b-p2-candidate-0000000002",
                "_c_c-p9-candidate-0000000003",
                "_c_d-p9-candidate-0000000004"));
        assertThat(line.preferredTo(0)).isEqualTo("_c_c-p9-candidate-0000000003");
        assertThat(line.preferredTo(9)).isNull();
    }
}
