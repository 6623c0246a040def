package io.matriarch.cli.shell;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bytes of a znode, shown. */
final class StoredBytes {
    private static final int PER_ROW = 16;

    private StoredBytes() {}

    /** Ways to show them. */
    enum Form {
        TEXT,
        BASE64,
        HEX
    }

    /** For people; what is no UTF-8 is shown with replacement characters. */
    static String text(byte @Nullable [] bytes, Form form) {
        if (bytes == null) {
            return "null";
        }
        return switch (form) {
            case TEXT -> new String(bytes, StandardCharsets.UTF_8);
            case BASE64 -> Base64.getEncoder().encodeToString(bytes);
            case HEX -> hexDump(bytes);
        };
    }

    /** For programs: {@code data} if it is UTF-8, else {@code base64}; null data stays null. */
    static void into(Map<String, Object> fields, byte @Nullable [] bytes) {
        if (bytes == null) {
            fields.put("data", null);
            return;
        }
        Optional<String> text = utf8(bytes);
        if (text.isPresent()) {
            fields.put("data", text.get());
        } else {
            fields.put("base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Rows of 16: offset, bytes, and the printable ones of ASCII. */
    private static String hexDump(byte[] bytes) {
        StringBuilder dump = new StringBuilder();
        for (int start = 0; start < bytes.length; start += PER_ROW) {
            StringBuilder hex = new StringBuilder();
            StringBuilder ascii = new StringBuilder();
            for (int i = start; i < Math.min(bytes.length, start + PER_ROW); i++) {
                hex.append(String.format(Locale.ROOT, "%02x ", bytes[i]));
                ascii.append(bytes[i] >= ' ' && bytes[i] < 127 ? (char) bytes[i] : '.');
            }
            dump.append(start == 0 ? "" : "\n").append(String.format(Locale.ROOT, "%08x  %-48s %s", start, hex, ascii));
        }
        return dump.toString();
    }
}
