package io.matriarch.sim.apache;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.sim.check.ServerChecks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Apache's SyncRequestProcessor: appends what is queued, forces it in groups, and then lets each be acknowledged (zab.md
 * 10.2). A process that dies loses what is queued and not written.
 */
final class ApacheLogThread {
    private static final long WAKE_UP_NANOS = 20_000;

    /** {@code isPromised}: NEWLEADER was acknowledged as if this were on disk already (zab.md 4646). */
    private record Item(LogEntry entry, boolean isPromised, Runnable whenDurable) {}

    private final ApacheDisk disk;
    private final ApacheSurroundings around;
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private List<Item> underWay = List.of();
    private boolean isBusy;

    ApacheLogThread(ApacheDisk disk, ApacheSurroundings around) {
        this.disk = disk;
        this.around = around;
    }

    void append(LogEntry entry, Runnable whenDurable) {
        ServerChecks checks = around.checks();
        checks.emitted(new Effect.Append(0, entry), around.now().nanos());
        enqueue(new Item(entry, false, whenDurable));
    }

    /** As {@link #append}; the checks take it for durable at once, and the machine is not hurt before it is. */
    void appendPromised(LogEntry entry, Runnable whenDurable) {
        Effect.Append append = new Effect.Append(0, entry);
        ServerChecks checks = around.checks();
        checks.emitted(append, around.now().nanos());
        checks.begun(append);
        checks.done(append);
        checks.forced();
        enqueue(new Item(entry, true, whenDurable));
    }

    /** Whether something is not durable that this server has acknowledged. */
    boolean owesPromise() {
        return queue.stream().anyMatch(Item::isPromised) || underWay.stream().anyMatch(Item::isPromised);
    }

    /** Writes and forces everything at once; nobody is told. */
    void flush() {
        queue.forEach(this::write);
        queue.clear();
        underWay = List.of();
        disk.force();
        around.checks().forced();
    }

    private void enqueue(Item item) {
        queue.addLast(item);
        if (!isBusy) {
            isBusy = true;
            around.after(WAKE_UP_NANOS, this::next);
        }
    }

    private void next() {
        if (queue.isEmpty()) {
            isBusy = false;
            return;
        }
        List<Item> group = new ArrayList<>(queue);
        queue.clear();
        group.forEach(this::write);
        underWay = group;
        around.after(around.forceNanos(), () -> forced(group));
    }

    private void forced(List<Item> group) {
        if (underWay == group) {
            underWay = List.of();
            disk.force();
            around.checks().forced();
            group.forEach(item -> item.whenDurable.run());
        }
        next();
    }

    private void write(Item item) {
        disk.append(item.entry);
        if (!item.isPromised) {
            Effect.Append append = new Effect.Append(0, item.entry);
            around.checks().begun(append);
            around.checks().done(append);
        }
    }
}
