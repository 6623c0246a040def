package io.matriarch.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LongAnswerTest {
    @Test
    void beyondTheBoundLinesAreOnlyCounted() {
        LongAnswer answer = new LongAnswer();
        for (int i = 0; i < LongAnswer.MAX_LINES; i++) {
            answer.line("x");
        }
        assertThat(answer.toString()).hasSize(2 * LongAnswer.MAX_LINES).endsWith("x\nx\n");

        answer.line("y");
        answer.line("z");
        assertThat(answer.toString()).endsWith("x\nx\n(2 more lines are left out)\n");
    }
}
