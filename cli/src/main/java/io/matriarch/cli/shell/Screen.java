package io.matriarch.cli.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.matriarch.cli.terminal.Ink;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where everything is said: as text for people, coloured or not, or as one JSON object per line. Any thread. */
final class Screen {
    /** How output looks. */
    enum Style {
        PLAIN,
        COLOURED,
        JSON
    }

    private final PrintWriter out;
    private final PrintWriter err;
    private final Style style;
    private final boolean isTerminal;
    private final ObjectMapper mapper = new ObjectMapper();
    private @Nullable Consumer<String> above;

    /** @param isTerminal whether control characters that somebody stored would act on a terminal */
    Screen(PrintWriter out, PrintWriter err, Style style, boolean isTerminal) {
        this.isTerminal = isTerminal;
        this.out = out;
        this.err = err;
        this.style = style;
    }

    boolean isJson() {
        return style == Style.JSON;
    }

    /** From now on what comes unasked is given to {@code printer}, which knows where the cursor is; null ends that. */
    synchronized void printAbove(@Nullable Consumer<String> printer) {
        above = printer;
    }

    /** A result: lines for people, none if it goes without saying, and fields for programs. */
    synchronized void tell(String text, Map<String, ?> fields) {
        if (isJson() || !text.isEmpty()) {
            tellLine(text, fields);
        }
    }

    /** As {@link #tell}; no text is an empty line. */
    synchronized void tellLine(String text, Map<String, ?> fields) {
        out.println(isJson() ? json(fields) : text);
        out.flush();
    }

    /** Something happened that no command asked for just now. */
    synchronized void happened(String text, Map<String, ?> fields) {
        Consumer<String> printer = above;
        if (isJson()) {
            tell("", fields);
        } else if (printer != null) {
            printer.accept(ink(Ink.SERVER_B, text));
        } else {
            tell(ink(Ink.SERVER_B, text), fields);
        }
    }

    /** A remark that is no result, for people. */
    synchronized void remark(String text) {
        if (!isJson()) {
            err.println(ink(Ink.FAINT, text));
            err.flush();
        }
    }

    /** A command failed. */
    synchronized void failed(String kind, String text) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("error", kind);
        fields.put("message", text);
        err.println(isJson() ? json(fields) : ink(Ink.BAD, text));
        err.flush();
    }

    /** {@code text} in this colour, if there are any. */
    String ink(Ink ink, String text) {
        return style == Style.COLOURED ? ink.on(text) : text;
    }

    /** What a server or a user stored, so that at a terminal it cannot move the cursor or worse. */
    String safe(String stored) {
        if (!isTerminal || stored.chars().noneMatch(Screen::isControl)) {
            return stored;
        }
        StringBuilder safe = new StringBuilder();
        stored.codePoints().forEach(c -> {
            if (isControl(c)) {
                safe.append(String.format("\\x%02x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t';
    }

    private String json(Map<String, ?> fields) {
        try {
            return mapper.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
