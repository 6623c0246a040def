package io.matriarch.cli.ensemble;

import io.matriarch.wire.Zxid;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that the leader told of and that were not applied yet. One thread puts, one takes. Full, it lets the putting thread wait,
 * and so the leader.
 */
final class Backlog {
    private final long maxBytes;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private @Nullable String end;
    private boolean isTakerGone;

    /** One that takes more only while it holds less than so many bytes. */
    Backlog(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * One transaction.
     *
     * @param txn null if only {@code zxid} is known to be reached
     * @param sizeBytes as it came
     */
    record Entry(Zxid zxid, @Nullable Txn txn, int sizeBytes) {}

    /** Appends; waits while there is no room. Returns false if nobody takes any more. */
    synchronized boolean put(Entry entry) throws InterruptedException {
        while (bytes >= maxBytes && !isTakerGone) {
            wait();
        }
        entries.addLast(entry);
        bytes += entry.sizeBytes();
        notifyAll();
        return !isTakerGone;
    }

    /** Nothing more comes, for this reason. */
    synchronized void end(String reason) {
        end = end == null ? reason : end;
        notifyAll();
    }

    /** Nobody takes any more. */
    synchronized void leave() {
        isTakerGone = true;
        notifyAll();
    }

    /**
     * The oldest; null if none came until then.
     *
     * @param deadlineNanos of {@link System#nanoTime}
     * @throws CannotVerifyException if none is left and the stream has ended
     */
    synchronized @Nullable Entry take(long deadlineNanos) throws CannotVerifyException, InterruptedException {
        while (entries.isEmpty()) {
            if (end != null) {
                throw new CannotVerifyException(end);
            }
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        }
        Entry entry = entries.removeFirst();
        bytes -= entry.sizeBytes();
        notifyAll();
        return entry;
    }
}
