package io.matriarch.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.cli.contact.JsonRecord;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
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
                    : new Decoded(at.longValue(), JsonRecord.of(kind, fields));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }
}
