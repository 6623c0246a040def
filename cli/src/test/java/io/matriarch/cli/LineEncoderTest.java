package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineEncoderTest {
    private static final Instant WHEN = Instant.parse("2026-02-03T04:05:06.078Z");

    private static String encoded(Level level, String message, @Nullable Throwable thrown) {
        LoggingEvent event = new LoggingEvent(
                "io.matriarch.server", new LoggerContext().getLogger("io.matriarch"), level, message, thrown, null);
        event.setInstant(WHEN);
        return new String(new LineEncoder().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void aLineHasLocalTimeWithOffsetThenTheLevelThenTheMessage() {
        String time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(WHEN.atZone(ZoneId.systemDefault()));
        assertThat(encoded(Level.WARN, "the disk is slow: ä", null))
                .isEqualTo(time + " WARN  the disk is slow: ä" + System.lineSeparator());
        assertThat(encoded(Level.ERROR, "stop", null)).contains(" ERROR stop");
    }

    @Test
    void whatWasThrownFollowsWithItsStack() {
        assertThat(encoded(Level.INFO, "failed", new IllegalStateException("why"))
                        .lines())
                .element(1)
                .asString()
                .contains("IllegalStateException: why");
        assertThat(encoded(Level.INFO, "failed", new IllegalStateException("why")))
                .contains("at io.matriarch.cli.LineEncoderTest");
    }
}
