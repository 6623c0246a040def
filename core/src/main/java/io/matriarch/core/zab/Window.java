package io.matriarch.core.zab;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Zxid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The most recent committed log entries, contiguous, kept in memory so that a learner that was away for a moment gets
 * only what it missed (DIFF).
 *
 * <p>{@link #base()} is the position just before the first entry. Bounded by a number of entries and by {@value
 * #MAX_BYTES} bytes, and while a learner is being synchronized, which pins it, by {@value #MAX_PINNED_BYTES} bytes.
 */
final class Window {
    static final long MAX_BYTES = 8L << 20;
    static final long MAX_PINNED_BYTES = 64L << 20;

    private final int maxEntries;
    private final Deque<LogEntry> entries = new ArrayDeque<>();
    private Zxid base;
    private long sizeBytes;
    private int pins;

    /** {@code maxEntries} is the bound of entries while nobody pins it. */
    Window(Zxid base, int maxEntries) {
        this.base = base;
        this.maxEntries = maxEntries;
    }

    Zxid base() {
        return base;
    }

    void add(LogEntry entry) {
        entries.addLast(entry);
        sizeBytes += entry.payload().length();
        trim();
    }

    /** Keeps everything from now on, as far as memory allows, until {@link #unpin}. */
    void pin() {
        pins++;
    }

    void unpin() {
        pins--;
        trim();
    }

    boolean contains(Zxid zxid) {
        Iterator<LogEntry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext()) {
            int order = newestFirst.next().zxid().compareTo(zxid);
            if (order <= 0) {
                return order == 0;
            }
        }
        return false;
    }

    /** The entries above {@code after} up to and with {@code upTo}, oldest first. */
    List<LogEntry> between(Zxid after, Zxid upTo) {
        List<LogEntry> result = new ArrayList<>();
        for (LogEntry entry : entries) {
            if (entry.zxid().isAfter(after) && !entry.zxid().isAfter(upTo)) {
                result.add(entry);
            }
        }
        return result;
    }

    /** The newest position known at or below {@code zxid}: an entry or the base; null if it lies below the base. */
    @Nullable
    Zxid floor(Zxid zxid) {
        Iterator<LogEntry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext()) {
            Zxid candidate = newestFirst.next().zxid();
            if (!candidate.isAfter(zxid)) {
                return candidate;
            }
        }
        return base.isAfter(zxid) ? null : base;
    }

    private void trim() {
        while (isOverfull()) {
            LogEntry oldest = entries.removeFirst();
            sizeBytes -= oldest.payload().length();
            base = oldest.zxid();
        }
    }

    private boolean isOverfull() {
        if (pins > 0) {
            return sizeBytes > MAX_PINNED_BYTES;
        }
        return entries.size() > maxEntries || sizeBytes > MAX_BYTES;
    }
}
