package io.matriarch.cli.option;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time on the command line, a whole number of milliseconds, seconds, minutes or hours: {@code 90s}, {@code 30m}, {@code 2h}, {@code 500ms}. */
public final class TimeSpan implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,7})(ms|[smh])");

    /** Milliseconds. */
    @Override
    public Long convert(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is no time; write it as 90s, 30m, 2h or 500ms");
        }
        long millis =
                switch (form.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1000;
                    case "m" -> 60_000;
                    default -> 3_600_000;
                };
        return Long.parseLong(form.group(1)) * millis;
    }
}
