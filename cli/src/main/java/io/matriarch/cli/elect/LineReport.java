package io.matriarch.cli.elect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.matriarch.candidate.Member;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a line of candidates, in at most 100 columns or as JSON. */
final class LineReport {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Of the names of znodes and of what they publish, in a row of the line. */
    private static final int NAME_WIDTH = 40;

    private static final int DATA_WIDTH = 30;

    private final ObjectMapper mapper = new ObjectMapper();
    private final String path;
    private final PrintWriter out;
    private final boolean isJson;

    LineReport(String path, PrintWriter out, boolean isJson) {
        this.path = path;
        this.out = out;
        this.isJson = isJson;
    }

    /**
     * Tells one state of the line.
     *
     * @param line first comer first
     * @param leadsSince when the first was seen to become it; null if it was it before anybody looked
     */
    void tell(List<Member> line, Instant now, @Nullable Instant leadsSince) {
        if (isJson) {
            tellJson(line, now, leadsSince);
        } else if (line.isEmpty()) {
            out.println(TIME.format(now) + "  " + path + ": nobody stands");
        } else {
            tellText(line, now, leadsSince);
        }
        out.flush();
    }

    private void tellText(List<Member> line, Instant now, @Nullable Instant leadsSince) {
        Member leader = line.get(0);
        String data = Published.text(leader.content(), DATA_WIDTH);
        out.println(TIME.format(now) + "  " + path + ": " + (data.isEmpty() ? name(leader) : data) + " leads");
        out.println("  term " + leader.sequence() + ", fencing token " + leader.czxid() + ", session 0x"
                + Long.toHexString(leader.sessionId()));
        out.println("  znode " + name(leader));
        Instant stands = Instant.ofEpochMilli(leader.createdMillis());
        out.println(
                leadsSince == null
                        ? "  in the line since " + TIME.format(stands) + ", for " + span(stands, now)
                        : "  leads since " + TIME.format(leadsSince) + ", for " + span(leadsSince, now));
        for (int i = 1; i < line.size(); i++) {
            Member waiting = line.get(i);
            out.println(String.format(
                    Locale.ROOT,
                    "  %4d  %-" + DATA_WIDTH + "s  %s  %s",
                    i + 1,
                    Published.text(waiting.content(), DATA_WIDTH),
                    TIME.format(Instant.ofEpochMilli(waiting.createdMillis())),
                    tail(name(waiting))));
        }
    }

    /** The end of a name tells more than its beginning. */
    private static String tail(String name) {
        return name.length() <= NAME_WIDTH ? name : "…" + name.substring(name.length() - NAME_WIDTH + 1);
    }

    private static String name(Member member) {
        return Published.text(
                member.path().substring(member.path().lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8));
    }

    private static String span(Instant from, Instant to) {
        Duration span = Duration.between(from, to);
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    private void tellJson(List<Member> line, Instant now, @Nullable Instant leadsSince) {
        ObjectNode node = mapper.createObjectNode().put("at", now.toString()).put("path", path);
        node.put("leadsSince", leadsSince == null ? null : leadsSince.toString());
        var candidates = node.putArray("line");
        for (Member member : line) {
            candidates
                    .addObject()
                    .put("znode", member.path())
                    .put("term", member.sequence())
                    .put("fencingToken", Long.toString(member.czxid()))
                    .put("sessionId", "0x" + Long.toHexString(member.sessionId()))
                    .put(
                            "standsSince",
                            Instant.ofEpochMilli(member.createdMillis()).toString())
                    .put("data", Published.text(member.content()));
        }
        try {
            out.println(mapper.writeValueAsString(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
