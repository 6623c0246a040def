package io.matriarch.server.json;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A record as one line of JSON: when, which kind, then its fields by their names.
 *
 * <pre>
 * {"atMicros":1763839864123456,"kind":"voteChanged","from":{"peerEpoch":4,"zxid":"0x400000007","leader":1,"round":6},…}
 * </pre>
 *
 * Server ids, epochs and rounds are numbers, zxids text in hexadecimal, enumerations their names. A reader must ignore
 * kinds and fields that it does not know.
 */
public final class JsonLine {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonLine() {}

    /**
     * Writes {@code entry}, a public record, without a line end.
     *
     * @param atMicros wall-clock time in microseconds since 1970
     */
    public static String of(long atMicros, Record entry) {
        StringBuilder line = new StringBuilder(200)
                .append("{\"atMicros\":")
                .append(atMicros)
                .append(",\"kind\":\"")
                .append(kindOf(entry))
                .append('"');
        for (RecordComponent field : entry.getClass().getRecordComponents()) {
            line.append(",\"").append(field.getName()).append("\":");
            value(line, valueOf(entry, field));
        }
        return line.append('}').toString();
    }

    /** The name of the record with a small first letter. */
    private static String kindOf(Record entry) {
        String name = entry.getClass().getSimpleName();
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static void value(StringBuilder line, @Nullable Object value) {
        if (value instanceof Zxid zxid) {
            text(line, zxid.toString());
        } else if (value instanceof ServerId sid) {
            line.append(sid.value());
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            line.append(value);
        } else if (value instanceof Enum<?> constant) {
            text(line, constant.name());
        } else if (value instanceof Collection<?> many) {
            list(line, many);
        } else if (value instanceof Record nested) {
            object(line, nested);
        } else {
            text(line, value.toString());
        }
    }

    private static void list(StringBuilder line, Collection<?> many) {
        String separator = "";
        line.append('[');
        for (Object one : many) {
            line.append(separator);
            value(line, one);
            separator = ",";
        }
        line.append(']');
    }

    private static void object(StringBuilder line, Record nested) {
        String separator = "";
        line.append('{');
        for (RecordComponent field : nested.getClass().getRecordComponents()) {
            line.append(separator).append('"').append(field.getName()).append("\":");
            value(line, valueOf(nested, field));
            separator = ",";
        }
        line.append('}');
    }

    private static @Nullable Object valueOf(Record entry, RecordComponent field) {
        try {
            return field.getAccessor().invoke(entry);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("only public records can be written: " + entry.getClass(), e);
        }
    }

    private static void text(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                line.append("\\u")
                        .append(HEX[c >> 12])
                        .append(HEX[c >> 8 & 15])
                        .append(HEX[c >> 4 & 15])
                        .append(HEX[c & 15]);
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}
