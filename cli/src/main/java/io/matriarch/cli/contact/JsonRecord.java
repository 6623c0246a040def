package io.matriarch.cli.contact;

import com.fasterxml.jackson.databind.JsonNode;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** Reads what a server of ours wrote as a line of JSON back into the record that it was, by the names of its fields. */
public final class JsonRecord {
    private JsonRecord() {}

    /**
     * A record of {@code kind}, a public one; fields that it does not have are ignored.
     *
     * @throws IllegalArgumentException if one of its own is missing or cannot be read
     */
    public static Record of(Class<?> kind, JsonNode fields) {
        return (Record) record(kind, fields);
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
            throw new IllegalArgumentException("only public records can be read: " + kind, e);
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
