package io.matriarch.cli.ensemble;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.cli.contact.Address;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prints what was found: as text, or as JSON objects, one per line, each with a {@code kind}. Zxids and digests are text in hexadecimal,
 * because many readers of JSON have no 64-bit integers.
 */
final class VerifyReport {
    /** Differences that are printed for one server; all are counted. */
    static final int MAX_SHOWN = 10;

    private final JsonMapper mapper = new JsonMapper();
    private final PrintWriter out;
    private final Progress progress;
    private final boolean isJson;

    VerifyReport(PrintWriter out, Progress progress, boolean isJson) {
        this.out = out;
        this.progress = progress;
        this.isJson = isJson;
    }

    void joined(MemoryObserver observer, long ownId) {
        Shadow shadow = observer.shadow();
        print(
                "joined %s, server %d, in epoch %d as observer %d; got %s, %,d znodes"
                        .formatted(
                                observer.leader(),
                                observer.leaderSid(),
                                observer.epoch(),
                                ownId,
                                observer.method(),
                                shadow.tree().nodeCount()),
                fields(
                        "kind", "joined",
                        "leader", observer.leader().toString(),
                        "sid", observer.leaderSid(),
                        "epoch", observer.epoch(),
                        "observer", ownId,
                        "znodes", shadow.tree().nodeCount()));
    }

    void doubtful(Shadow shadow) {
        Shadow.Mismatch mismatch = Objects.requireNonNull(shadow.mismatch());
        print(
                "digest differs after %s, but the tree was sent while it changed: taking another"
                        .formatted(mismatch.zxid()),
                fields("kind", "doubtful", "zxid", mismatch.zxid().toString()));
    }

    void digest(Shadow shadow) {
        Shadow.Mismatch mismatch = shadow.mismatch();
        if (mismatch != null) {
            print(
                    "digest DIFFERS after %s: the leader says %s, its tree applied here gives %s"
                            .formatted(mismatch.zxid(), Showing.hex(mismatch.leaders()), Showing.hex(mismatch.ours())),
                    fields(
                            "kind", "digest",
                            "equal", false,
                            "zxid", mismatch.zxid().toString(),
                            "leaderDigest", Showing.hex(mismatch.leaders()),
                            "digest", Showing.hex(mismatch.ours())));
        } else if (shadow.lastEqual() != null) {
            print(
                    "digest equal after each of the %,d transactions compared, the last %s"
                            .formatted(shadow.comparedCount(), shadow.lastEqual()),
                    fields(
                            "kind",
                            "digest",
                            "equal",
                            true,
                            "zxid",
                            shadow.lastEqual().toString(),
                            "compared",
                            shadow.comparedCount()));
        } else {
            print(
                    "digest: the leader gives none (before 3.6, or switched off)",
                    fields("kind", "digest", "equal", null, "withoutDigest", shadow.withoutDigestCount()));
        }
    }

    void server(Address server, ServerComparison comparison, Collection<Difference> differences, String zxid) {
        String unreadable = comparison.unreadableCount() == 0
                ? ""
                : "; of %,d only what may be read (see --auth)".formatted(comparison.unreadableCount());
        String verdict = differences.isEmpty() ? "equal" : "DIFFERS (%,d)".formatted(differences.size());
        print(
                "%s %s at %s, %,d znodes compared%s"
                        .formatted(server, verdict, zxid, comparison.comparedCount(), unreadable),
                fields(
                        "kind", "server",
                        "server", server.toString(),
                        "equal", differences.isEmpty(),
                        "zxid", zxid,
                        "znodes", comparison.comparedCount(),
                        "unreadable", comparison.unreadableCount(),
                        "differences", differences.size()));
        differences.stream().limit(MAX_SHOWN).forEach(difference -> difference(server, difference));
        if (differences.size() > MAX_SHOWN && !isJson) {
            out.println("  and %,d more".formatted(differences.size() - MAX_SHOWN));
        }
    }

    private void difference(Address server, Difference difference) {
        print(
                "  %s  %s\n    at the leader  %s\n    here           %s"
                        .formatted(
                                Showing.text(difference.path()),
                                difference.what(),
                                difference.atLeader(),
                                difference.atServer()),
                fields(
                        "kind", "difference",
                        "server", server.toString(),
                        "path", difference.path(),
                        "what", difference.what(),
                        "atLeader", difference.atLeader(),
                        "atServer", difference.atServer()));
    }

    void notCompared(String why) {
        print("NOT COMPARED: " + why, fields("kind", "notCompared", "why", why));
    }

    void result(@Nullable Boolean isEqual, Shadow shadow) {
        String zxid = shadow.tree().lastApplied().toString();
        String digest = Showing.hex(shadow.tree().digest());
        String word = isEqual == null ? "not verified" : isEqual ? "equal" : "NOT EQUAL";
        print(
                "%s at zxid %s, %,d znodes, digest %s"
                        .formatted(word, zxid, shadow.tree().nodeCount(), digest),
                fields(
                        "kind", "result",
                        "equal", isEqual,
                        "zxid", zxid,
                        "znodes", shadow.tree().nodeCount(),
                        "digest", digest));
    }

    private void print(String text, Map<String, @Nullable Object> fields) {
        progress.clear();
        try {
            out.println(isJson ? mapper.writeValueAsString(fields) : text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("plain values cannot be written as JSON", e);
        }
        out.flush();
    }

    private static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return fields;
    }
}
