package io.matriarch.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;

/**
 * What {@code toString} of a record answers, without having the JVM make one up for each record: with a dozen of them that is a
 * twentieth of a server's start.
 */
final class RecordText {
    private RecordText() {}

    /** {@code Name[component=value, ...]}; for records whose type and components this package may read. */
    static String of(Record record) {
        StringBuilder text = new StringBuilder(record.getClass().getSimpleName()).append('[');
        String comma = "";
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            text.append(comma).append(component.getName()).append('=').append(value(component, record));
            comma = ", ";
        }
        return text.append(']').toString();
    }

    private static Object value(RecordComponent component, Record record) {
        try {
            return String.valueOf(component.getAccessor().invoke(record));
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("cannot read " + component, e);
        }
    }
}
