package io.matriarch.core.tree;

import io.matriarch.wire.Zxid;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The tree's digest after every 128th transaction, the newest 1024 of them: what operators compare between servers with the
 * four-letter word {@code hash} (operations.md 3.2).
 */
public final class DigestLog {
    /** Compat: the same on every server, or there would be nothing to compare. */
    static final int INTERVAL = 128;

    static final int MAX_ENTRIES = 1024;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    DigestLog() {}

    /** The digest of the tree after the transaction {@code zxid}. */
    public record Entry(Zxid zxid, long digest) {}

    void applied(Zxid zxid, long digest) {
        if (zxid.value() % INTERVAL != 0) {
            return;
        }
        if (entries.size() == MAX_ENTRIES) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(zxid, digest));
    }

    /** Oldest first; a copy. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }
}
