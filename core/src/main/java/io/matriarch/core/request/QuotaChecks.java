package io.matriarch.core.request;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.Quotas;
import io.matriarch.wire.Bytes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a write is within its quota (client.md 14). Compat: what is prepared and not applied yet is not counted, so that many
 * writes at once, or in one multi, may go beyond a limit.
 *
 * <p>The first write that goes beyond a limit is reported, and no other until one was within it. Deviation: Apache's server says
 * nothing unless it enforces quotas.
 */
final class QuotaChecks {
    private final Quotas quotas;
    private final boolean isEnforced;
    private final Set<String> reported = new HashSet<>();
    private Consumer<Quotas.Excess> report = excess -> {};

    QuotaChecks(DataTree tree, boolean isEnforced) {
        this.quotas = tree.quotas();
        this.isEnforced = isEnforced;
    }

    void reportTo(Consumer<Quotas.Excess> listener) {
        report = listener;
    }

    /** Whether a znode with these data may be created. */
    boolean admitCreation(String path, @Nullable Bytes data) {
        return admit(path, length(data), 1);
    }

    /** Whether a znode may get other data. */
    boolean admitData(String path, @Nullable Bytes before, @Nullable Bytes after) {
        return admit(path, length(after) - length(before), 0);
    }

    private boolean admit(String path, long bytes, long count) {
        String prefix = quotas.above(path);
        if (prefix == null) {
            return true;
        }
        List<Quotas.Excess> excesses = quotas.excesses(path, bytes, count);
        if (excesses.isEmpty()) {
            if (bytes + count > 0) {
                reported.remove(prefix);
            }
            return true;
        }
        if (reported.add(prefix)) {
            excesses.forEach(report);
        }
        return !isEnforced || excesses.stream().noneMatch(Quotas.Excess::isHard);
    }

    private static int length(@Nullable Bytes data) {
        return data == null ? 0 : data.length();
    }
}
