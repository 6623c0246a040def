package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartTest {
    @Test
    void onlyAServerWithItsFileNeedsNoOptions() {
        assertThat(isPlainServer("server", "zoo.cfg")).isTrue();
        assertThat(isPlainServer("server", "--help")).isFalse();
        assertThat(isPlainServer("server", "@arguments")).isFalse();
        assertThat(isPlainServer("server")).isFalse();
        assertThat(isPlainServer("server", "zoo.cfg", "more")).isFalse();
        assertThat(isPlainServer("demo", "zoo.cfg")).isFalse();
    }

    private static boolean isPlainServer(String... arguments) {
        return Start.isPlainServer(arguments);
    }
}
