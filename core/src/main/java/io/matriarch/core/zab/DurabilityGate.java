package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.Zxid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one door between the log and the promises that rest on it.
 *
 * <p>Every write that a promise can rest on goes down one ordered lane and gets the next ticket. A promise (an
 * acknowledgement, ACKEPOCH, LEADERINFO, NEWLEADER, our own count in a quorum) is made through {@link #promise} or {@link
 * #whenStored} and leaves only when every write issued before it is durable. So a promise cannot be made too early by
 * any order of calls (zab.md R1, R2, R14, R19).
 */
public final class DurabilityGate {
    private final EffectSink out;
    private final Deque<Held> held = new ArrayDeque<>();
    private final Deque<Appended> appended = new ArrayDeque<>();
    private @Nullable Consumer<Zxid> logListener;
    private long issued;
    private long stored;

    private record Held(long ticket, Runnable promise) {}

    private record Appended(long ticket, Zxid zxid) {}

    public DurabilityGate(EffectSink out) {
        this.out = out;
    }

    void append(LogEntry entry) {
        out.emit(new Effect.Append(++issued, entry));
        appended.addLast(new Appended(issued, entry.zxid()));
    }

    void truncate(Zxid to) {
        out.emit(new Effect.Truncate(++issued, to));
    }

    void storeAcceptedEpoch(long epoch) {
        out.emit(new Effect.StoreAcceptedEpoch(++issued, epoch));
    }

    void storeCurrentEpoch(long epoch) {
        out.emit(new Effect.StoreCurrentEpoch(++issued, epoch));
    }

    void installSnapshot(long snapshotId, Zxid zxid) {
        out.emit(new Effect.InstallSnapshot(++issued, snapshotId, zxid));
    }

    void rollLog() {
        out.emit(new Effect.RollLog(++issued));
    }

    void storeConfiguration(Configuration committed, Configuration lastSeen) {
        out.emit(new Effect.StoreConfiguration(++issued, committed, lastSeen));
    }

    /** Emits {@code effect} once everything issued so far is durable: at once, if it is already. */
    void promise(Effect effect) {
        if (isDrained()) {
            out.emit(effect);
        } else {
            held.addLast(new Held(issued, () -> out.emit(effect)));
        }
    }

    /** Runs {@code promise} once everything issued so far is durable: at once, if it is already. */
    public void whenStored(Runnable promise) {
        if (isDrained()) {
            promise.run();
        } else {
            held.addLast(new Held(issued, promise));
        }
    }

    /** Has {@code listener} told, once per report of the host, up to which zxid the log is durable; null ends it. */
    void onLogDurable(@Nullable Consumer<Zxid> listener) {
        logListener = listener;
    }

    /**
     * The host reports that every ticket up to {@code upTo} is durable. Releases promises in the order they were made,
     * then tells the listener of the log.
     */
    public void stored(long upTo) {
        if (upTo > issued) {
            throw new IllegalStateException(
                    "ticket " + upTo + " reported as stored, but only " + issued + " were issued");
        }
        stored = Math.max(stored, upTo);
        while (!held.isEmpty() && held.peekFirst().ticket <= stored) {
            held.removeFirst().promise.run();
        }
        Zxid durable = null;
        while (!appended.isEmpty() && appended.peekFirst().ticket <= stored) {
            durable = appended.removeFirst().zxid;
        }
        if (durable != null && logListener != null) {
            logListener.accept(durable);
        }
    }

    /** Drops every promise not made yet: the role or the link that would have made it is gone. */
    public void forgetPromises() {
        held.clear();
        logListener = null;
    }

    boolean isDrained() {
        return stored == issued;
    }
}
