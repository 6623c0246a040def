package io.matriarch.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.matriarch.core.port.TraceEvent;
import java.io.UncheckedIOException;

/**
 * An election as one JSON object. Times are microseconds since 1970 on the common clock; zxids are text in hexadecimal,
 * because many readers of JSON have no 64-bit integers.
 */
final class ExplainJson {
    private final JsonMapper mapper = new JsonMapper();

    String of(Election election) {
        ObjectNode root = mapper.createObjectNode();
        root.put("kind", "election");
        root.put("epoch", election.epoch());
        root.put("leader", election.leader());
        root.put("joinedOnly", election.isJoinOnly());
        root.put("firstLookMicros", election.firstLookMicros());
        root.put("establishedMicros", election.establishedMicros());
        root.put("title", ElectionText.title(election));
        why(root, election);
        ArrayNode phases = root.putArray("phases");
        for (Phase phase : Phase.of(election)) {
            phases.addObject()
                    .put("name", phase.name())
                    .put("fromMicros", phase.fromMicros())
                    .put("toMicros", phase.toMicros());
        }
        ArrayNode story = root.putArray("story");
        for (Moment moment : ElectionText.told(election)) {
            story.addObject()
                    .put("atMicros", moment.micros())
                    .put("server", moment.sid())
                    .put("text", Sentences.of(moment.sid(), moment.event()));
        }
        votes(root.putArray("votes"), election);
        clocks(root.putArray("clocks"), election);
        return text(root);
    }

    /** A note about a journal, or about a server that gave none. */
    String note(String source, String text) {
        return text(mapper.createObjectNode()
                .put("kind", "note")
                .put("source", source)
                .put("text", text));
    }

    private static void why(ObjectNode root, Election election) {
        Reasons reasons = new Reasons(election);
        ArrayNode trigger = root.putArray("trigger");
        reasons.trigger().forEach(trigger::add);
        root.put("quorum", reasons.quorumSentence());
        root.put("waited", reasons.waitSentence());
        ArrayNode others = root.putArray("others");
        for (Reasons.Other other : reasons.others()) {
            others.addObject().put("server", other.sid()).put("reason", other.reason());
        }
        ArrayNode later = root.putArray("later");
        for (Term term : election.later()) {
            later.addObject()
                    .put("server", term.sid())
                    .put("fromMicros", term.fromMicros())
                    .put("servingMicros", term.epoch() == null ? null : term.servingMicros());
        }
    }

    private static void votes(ArrayNode votes, Election election) {
        for (VoteRow row : VoteRow.of(election)) {
            TraceEvent.Vote vote = row.vote();
            votes.addObject()
                    .put("atMicros", row.micros())
                    .put("server", row.sid())
                    .put("what", row.what())
                    .put("round", vote.round())
                    .put("epoch", vote.peerEpoch())
                    .put("zxid", vote.zxid().toString())
                    .put("sid", vote.leader().value())
                    .put("why", row.why());
        }
    }

    private static void clocks(ArrayNode clocks, Election election) {
        election.offsets().forEach((sid, offset) -> clocks.addObject()
                .put("server", sid)
                .put("aheadMicros", offset.aheadMicros())
                .put("errorMicros", offset.errorMicros() < 0 ? null : offset.errorMicros()));
    }

    private String text(ObjectNode node) {
        try {
            return mapper.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("plain values cannot be written as JSON", e);
        }
    }
}
