package io.matriarch.cli.explain;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and durations as people read them: UTC, and milliseconds with as many decimals as matter. */
final class Instants {
    private static final DateTimeFormatter FULL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Instants() {}

    /** Such as {@code 2026-11-22 19:31:04.123}, in UTC. */
    static String full(long micros) {
        return FULL.format(
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L));
    }

    /** Such as {@code 0.41 ms}, {@code 12.3 ms}, {@code 431 ms}, {@code 5.21 s}, {@code 3 min}. */
    static String span(long micros) {
        long size = Math.abs(micros);
        if (size < 10_000) {
            return String.format(Locale.ROOT, "%.2f ms", micros / 1000.0);
        } else if (size < 100_000) {
            return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
        } else if (size < 1_000_000) {
            return micros / 1000 + " ms";
        } else if (size < 600_000_000L) {
            return String.format(Locale.ROOT, "%.2f s", micros / 1_000_000.0);
        }
        return micros / 60_000_000L + " min";
    }

    /** Milliseconds in a column: {@code +0.41}, {@code -12.30}. */
    static String offset(long micros) {
        return String.format(Locale.ROOT, "%+.2f", micros / 1000.0);
    }
}
