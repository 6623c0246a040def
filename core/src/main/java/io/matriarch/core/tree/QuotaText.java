package io.matriarch.core.tree;

import io.matriarch.wire.Bytes;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a znode {@code zookeeper_limits} or {@code zookeeper_stats}: numbers by their keys, as text in UTF-8 (disk.md
 * 8).
 *
 * <pre>
 * count=N,bytes=N                                               both always, first
 * count=N,bytes=N=;byteHardLimit=N;countHardLimit=N             with others, sorted; the lone = is for parsers of 3.4
 * </pre>
 *
 * Read is what stands between runs of {@code ,} and {@code ;} as {@code key=number}, empty for -1. Deviation: what cannot be read
 * so counts for nothing; Apache's server falls over it.
 */
final class QuotaText {
    static final String COUNT = "count";
    static final String BYTES = "bytes";
    static final String COUNT_HARD_LIMIT = "countHardLimit";
    static final String BYTE_HARD_LIMIT = "byteHardLimit";

    /** None, or no limit. */
    static final long NONE = -1;

    private final TreeMap<String, Long> numbers = new TreeMap<>();

    static QuotaText parse(@Nullable Bytes text) {
        QuotaText parsed = new QuotaText();
        if (text != null) {
            for (String pair : text.asUtf8().split("[,;]+")) {
                parsed.take(pair.split("="));
            }
        }
        return parsed;
    }

    private void take(String[] pair) {
        if (pair.length < 2) {
            return;
        }
        try {
            numbers.put(pair[0], pair[1].isEmpty() ? NONE : Long.parseLong(pair[1]));
        } catch (NumberFormatException e) {
            numbers.remove(pair[0]);
        }
    }

    static QuotaText usage(long count, long bytes) {
        QuotaText usage = new QuotaText();
        usage.numbers.put(COUNT, count);
        usage.numbers.put(BYTES, bytes);
        return usage;
    }

    long get(String key) {
        return numbers.getOrDefault(key, NONE);
    }

    void add(String key, long difference) {
        numbers.put(key, get(key) + difference);
    }

    Bytes encode() {
        StringBuilder text =
                new StringBuilder("count=").append(get(COUNT)).append(",bytes=").append(get(BYTES));
        boolean isFirst = true;
        for (Map.Entry<String, Long> other : numbers.entrySet()) {
            if (!other.getKey().equals(COUNT) && !other.getKey().equals(BYTES)) {
                text.append(isFirst ? "=;" : ";")
                        .append(other.getKey())
                        .append('=')
                        .append(other.getValue());
                isFirst = false;
            }
        }
        return Bytes.utf8(text.toString());
    }
}
