package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** client.md 11.4, scenario A4. */
class IpPatternTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, true",
        "10.0.0.0/8, 11.1.2.3, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.1.2.3/31, 10.1.2.2, true",
        "0.0.0.0/0, 200.1.1.1, true",
        "0.0.0.0/0, ::1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::/0, fe80::1%eth0, true",
        "2001:db8::/32, 2001:db8:1::, true",
        "2001:db8::/32, 2001:db9::1, false",
        "fe80::1, fe80:0:0:0:0:0:0:1%2, true",
    })
    void matches(String pattern, String address, boolean expected) {
        assertThat(IpPattern.parse(pattern).matches(address)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1/33",
                "foo",
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.4/",
                "1.2.3.4/-1",
                "::1/129",
                "1::2::3",
                "12345::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "::ffff:1.2.3.4",
                "1:2:3:4:5:6:7:8::",
                ":1:2:3:4:5:6:7",
                "١.1.1.1"
            })
    void isNoPattern(String text) {
        assertThat(IpPattern.parse(text)).isNull();
    }
}
