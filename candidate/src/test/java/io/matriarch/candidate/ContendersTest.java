package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Names in the field, client.md 20.4. */
class ContendersTest {
    @Test
    void order_isThatOfTheNumberAcrossAllLabels() {
        Contenders contenders = Contenders.of(List.of("b-0000000003", "json.info_0000000002", "a-0000000010"));
        assertThat(contenders.before("json.info_0000000002")).isNull();
        assertThat(contenders.before("b-0000000003")).isEqualTo("json.info_0000000002");
        assertThat(contenders.before("a-0000000010")).isEqualTo("b-0000000003");
    }

    @Test
    void namesWithoutANumberOfTheServer_areIgnored() {
        Contenders contenders = Contenders.of(List.of("log_replicas", "n_1", "x-0000000004", "y-1234567890123456789"));
        assertThat(contenders.before("x-0000000004")).isNull();
    }

    @Test
    void moreThanTenDigits_areANumberToo() {
        Contenders contenders = Contenders.of(List.of("a-10000000000", "b-2147483647"));
        assertThat(contenders.before("a-10000000000")).isEqualTo("b-2147483647");
    }
}
