package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.matriarch.server.LogKeys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

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
    void aLineThatIsWrittenLaterHasTheTimeOfWhatItTells() {
        LoggingEvent event = new LoggingEvent(
                "io.matriarch.server", new LoggerContext().getLogger("io.matriarch"), Level.INFO, "leads", null, null);
        event.setInstant(WHEN.plusMillis(200));
        event.setKeyValuePairs(
                List.of(new KeyValuePair("other", 1), new KeyValuePair(LogKeys.TOLD_AT, WHEN.toEpochMilli())));
        String time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(WHEN.atZone(ZoneId.systemDefault()));
        assertThat(new String(new LineEncoder().encode(event), StandardCharsets.UTF_8))
                .startsWith(time + " INFO  leads");
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
