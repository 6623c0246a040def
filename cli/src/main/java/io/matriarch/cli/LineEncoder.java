package io.matriarch.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.matriarch.server.LogKeys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * One line per event: local time of what it tells of ({@link LogKeys#TOLD_AT}) with milliseconds and offset, level, message; then the stack, if there is one.
 *
 * <p>Logback's patterns do the same, and cost a tenth of a server's start to set up.
 */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    private static final int LEVEL_WIDTH = 5;

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        Instant time = Instant.ofEpochMilli(millis(event));
        TIME.formatTo(time.atZone(ZoneId.systemDefault()), line);
        String level = event.getLevel().toString();
        line.append(' ').append(level).append(" ".repeat(Math.max(0, LEVEL_WIDTH - level.length())));
        line.append(' ').append(event.getFormattedMessage()).append(System.lineSeparator());
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long millis(ILoggingEvent event) {
        List<KeyValuePair> values = event.getKeyValuePairs();
        if (values != null) {
            for (KeyValuePair pair : values) {
                if (pair.key.equals(LogKeys.TOLD_AT) && pair.value instanceof Long toldAt) {
                    return toldAt;
                }
            }
        }
        return event.getTimeStamp();
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
