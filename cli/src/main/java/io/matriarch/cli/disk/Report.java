package io.matriarch.cli.disk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.wire.Zxid;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** Prints lines as text or JSON, and remembers whether anything was wrong. */
final class Report {
    private final JsonMapper mapper = new JsonMapper();
    private final PrintWriter out;
    private final boolean isJson;
    private long wrongCount;

    Report(PrintWriter out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
    }

    void print(Line line) {
        if (!isJson) {
            out.println(line);
            return;
        }
        try {
            out.println(mapper.writeValueAsString(line.fields()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("plain values cannot be written as JSON", e);
        }
    }

    void print(Finding finding) {
        if (finding.isWrong()) {
            wrongCount++;
        }
        Line line = new Line("finding");
        line.shown("wrong", finding.isWrong(), finding.isWrong() ? "WRONG:" : "note:");
        line.bare("file", finding.file());
        if (finding.offset() >= 0) {
            line.named("offset", finding.offset());
        }
        Zxid zxid = finding.zxid();
        if (zxid != null) {
            line.named("zxid", zxid.toString());
        }
        line.bare("what", finding.what());
        if (!finding.remedy().isEmpty()) {
            line.shown("remedy", finding.remedy(), "-- " + finding.remedy());
        }
        print(line);
    }

    /** How much was wrong so far. */
    long wrongCount() {
        return wrongCount;
    }

    void flush() {
        out.flush();
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
