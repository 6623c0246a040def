package io.matriarch.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one line of a journal back into the record that was written, by the names of its fields. */
final class JournalDecoder {
    private static final Map<String, Class<?>> KINDS = kinds();

    private final JsonMapper mapper = new JsonMapper();

    /** A line in the right form, of a kind that this program knows. */
    record Decoded(long atMicros, Record event) {}

    private static Map<String, Class<?>> kinds() {
        Map<String, Class<?>> kinds = new TreeMap<>();
        for (Class<?> family : List.of(TraceEvent.class, JournalEntry.class)) {
            for (Class<?> kind : family.getPermittedSubclasses()) {
                String name = kind.getSimpleName();
                kinds.put(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), kind);
            }
        }
        return kinds;
    }

    /** Null if the line is torn, no journal's, or of a kind or form that another release writes. */
    @Nullable
    Decoded decode(String line) {
        try {
            JsonNode fields = mapper.readTree(line);
            Class<?> kind = KINDS.get(fields.path("kind").asText());
            JsonNode at = fields.path("atMicros");
            return kind == null || !at.canConvertToLong()
                    ? null
                    : new Decoded(at.longValue(), (Record) record(kind, fields));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Object record(Class<?> kind, JsonNode fields) {
        RecordComponent[] components = kind.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(types[i], fields.path(components[i].getName()));
        }
        try {
            return kind.getConstructor(types).newInstance(values);
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new IllegalArgumentException("a journal entry must be a public record: " + kind, e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(e.getCause());
        }
    }

    private static Object value(Class<?> type, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            throw new IllegalArgumentException("a field is missing");
        }
        if (type == long.class || type == int.class || type == ServerId.class) {
            long number = number(node);
            return type == long.class ? (Object) number : type == int.class ? (int) number : new ServerId(number);
        } else if (type == boolean.class) {
            return node.booleanValue();
        } else if (type == String.class) {
            return node.asText();
        } else if (type == Zxid.class) {
            return zxid(node.asText());
        } else if (type.isEnum()) {
            return constant(type, node.asText());
        } else if (type == List.class) {
            List<ServerId> servers = new ArrayList<>();
            node.forEach(one -> servers.add(new ServerId(number(one))));
            return servers;
        }
        return record(type, node);
    }

    private static long number(JsonNode node) {
        if (!node.canConvertToLong()) {
            throw new IllegalArgumentException("no number");
        }
        return node.longValue();
    }

    private static Zxid zxid(String text) {
        if (!text.startsWith("0x")) {
            throw new IllegalArgumentException("no zxid");
        }
        return new Zxid(Long.parseUnsignedLong(text.substring(2), 16));
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no such " + type.getSimpleName());
    }
}
