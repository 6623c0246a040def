package io.matriarch.cli.demo;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.matriarch.candidate.Leadership;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/**
 * Tells the demo as one JSON object per line. {@code millis} is the time since the demo began, {@code kind} the event's
 * type; servers and candidates add {@code event}, the type of what they told. Zxids, session ids and fencing tokens are text
 * in hexadecimal, because many readers of JSON have no 64-bit integers.
 */
final class JsonNarrator implements Narrator {
    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Zxid.class, ToStringSerializer.instance)
                    .addSerializer(ServerId.class, ToStringSerializer.instance)
                    .setMixInAnnotation(Leadership.class, LeadershipFields.class))
            .build();
    private final PrintWriter out;

    /** What is told of a leadership: what does not change while it lasts. */
    @JsonAutoDetect(isGetterVisibility = JsonAutoDetect.Visibility.NONE)
    private interface LeadershipFields {
        @JsonProperty
        String path();

        @JsonProperty
        long sessionId();

        @JsonProperty
        long term();

        @JsonProperty
        long fencingToken();
    }

    JsonNarrator(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void tell(long nanos, DemoEvent event) {
        ObjectNode line = mapper.createObjectNode();
        line.put("millis", Math.rint(nanos / 1e3) / 1e3);
        line.put("kind", event.getClass().getSimpleName());
        if (event instanceof DemoEvent.ServerTold e) {
            line.put("server", e.sid());
            line.put("event", e.event().getClass().getSimpleName());
            line.setAll(tree(e.event()));
        } else if (event instanceof DemoEvent.CandidateTold e) {
            line.put("candidate", e.name());
            line.put("event", e.event().getClass().getSimpleName());
            line.setAll(tree(e.event()));
        } else {
            line.setAll(tree(event));
        }
        try {
            out.println(mapper.writeValueAsString(line));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree of plain values cannot be written as JSON", e);
        }
        out.flush();
    }

    private ObjectNode tree(Object event) {
        ObjectNode tree = mapper.valueToTree(event);
        for (JsonNode holder : tree.findParents("sessionId")) {
            inHexadecimal((ObjectNode) holder, "sessionId");
        }
        for (JsonNode holder : tree.findParents("fencingToken")) {
            inHexadecimal((ObjectNode) holder, "fencingToken");
        }
        return tree;
    }

    private static void inHexadecimal(ObjectNode holder, String field) {
        holder.put(field, "0x" + Long.toHexString(holder.get(field).asLong()));
    }
}
