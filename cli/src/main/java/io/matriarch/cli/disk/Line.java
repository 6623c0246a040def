package io.matriarch.cli.disk;

import io.matriarch.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One printed line: named values in order. As JSON they are the fields of one object; as text the values of {@link #bare}
 * stand alone and the others behind their names, and those of {@link #json} do not stand at all. Zxids, session ids and
 * digests are text in hexadecimal, because many readers of JSON have no 64-bit integers.
 */
final class Line {
    private static final int MAX_CHAR_SHOWN_AS_IS = 0x7E;

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    /** A line of this {@code kind}, which only JSON shows. */
    Line(String kind) {
        fields.put("kind", kind);
    }

    /** A value that explains itself. */
    Line bare(String name, Object value) {
        return shown(name, value, textOf(value));
    }

    /** A value behind its name. */
    Line named(String name, Object value) {
        return shown(name, value, name + " " + textOf(value));
    }

    /** A value whose text is another than its JSON. */
    Line shown(String name, Object value, String asText) {
        fields.put(name, value);
        text.append(text.isEmpty() ? "" : "  ").append(asText);
        return this;
    }

    /** A value that only JSON has. */
    Line json(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** All of {@code values} behind their names; what is false does not stand in the text. */
    Line all(Map<String, Object> values) {
        values.forEach((name, value) -> {
            if (value instanceof Boolean is) {
                shownIf(name, is);
            } else {
                named(name, value);
            }
        });
        return this;
    }

    /** The length of {@code data}, and if {@code isWhole} the data: as text if it is UTF-8, else in hexadecimal. */
    Line data(@Nullable Bytes data, boolean isWhole) {
        if (data == null) {
            return shown("dataBytes", -1, "no data");
        }
        shown("dataBytes", data.length(), data.length() + " bytes of data");
        if (isWhole && !data.isEmpty()) {
            String readable = readable(data);
            if (readable != null) {
                shown("data", readable, "data \"" + printable(readable) + '"');
            } else {
                String hex = HexFormat.of().formatHex(data.toByteArray());
                shown("dataHex", hex, "data 0x" + hex);
            }
        }
        return this;
    }

    Map<String, Object> fields() {
        return fields;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void shownIf(String name, boolean isShown) {
        fields.put(name, isShown);
        if (isShown) {
            text.append(text.isEmpty() ? "" : "  ").append(name);
        }
    }

    private static String textOf(Object value) {
        if (value instanceof List<?> list) {
            return String.join(",", list.stream().map(Line::textOf).toList());
        }
        return printable(value.toString());
    }

    private static @Nullable String readable(Bytes data) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data.array(), data.offset(), data.length()))
                    .toString();
            return text.chars().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || !Character.isISOControl(c))
                    ? text
                    : null;
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    /** On one line, and nothing that a terminal would obey. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c > MAX_CHAR_SHOWN_AS_IS ? Character.isISOControl(c) : c < ' ') {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }
}
