package io.matriarch.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time on the command line, a whole number of seconds, minutes or hours: {@code 90s}, {@code 30m}, {@code 2h}. */
final class TimeSpan implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,7})([smh])");

    /** Milliseconds. */
    @Override
    public Long convert(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is no time; write it as 90s, 30m or 2h");
        }
        long seconds =
                switch (form.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    default -> 3600;
                };
        return Long.parseLong(form.group(1)) * seconds * 1000;
    }
}
