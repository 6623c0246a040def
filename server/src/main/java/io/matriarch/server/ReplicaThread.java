package io.matriarch.server;

import io.matriarch.core.peer.Inspection;
import io.matriarch.core.peer.Peer;
import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.Outbox;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Steps the core: events that an iteration of the event loop brought in are taken one after the other, their effects
 * performed in order, and at the end of the batch storage gets one group and each touched connection one flush. Batches
 * grow with load by themselves, and a lone request waits for nobody. Everything here happens on the event loop.
 */
final class ReplicaThread implements EventQueue {
    private final EventLoop loop;
    private final TraceLog traces;
    private final Queue<Event> events = new ArrayDeque<>();
    private final List<Outbox> touched = new ArrayList<>();
    private final List<CompletableFuture<Void>> awaitingService = new ArrayList<>();
    private @Nullable Peer peer;
    private @Nullable EffectHandler handler;
    private @Nullable Owner owner;
    private @Nullable StorageThread storage;
    private @Nullable ScheduledFuture<?> alarm;
    private long alarmNanos = Long.MAX_VALUE;
    private boolean isBatchDue;
    private boolean isStopped;
    private boolean isHolding;
    private long lastLink;

    /** Who is told what the loop itself finds out; on the event loop. */
    interface Owner {
        /** Stop or resume reading from everybody who may cause writes. */
        void holdReads(boolean isHolding);

        /** A step failed: nothing may be assumed about the core any more. */
        void defect(Throwable failure);
    }

    ReplicaThread(EventLoop loop, TraceLog traces) {
        this.loop = loop;
        this.traces = traces;
    }

    /** Begins; the first step tells the core that time passed. */
    void begin(Peer peer, EffectHandler handler, StorageThread storage, Owner owner) {
        this.peer = peer;
        this.handler = handler;
        this.storage = storage;
        this.owner = owner;
        add(new Event.TimePassed());
    }

    /** No further step is taken; what was given to storage stays given. */
    void stop() {
        isStopped = true;
        events.clear();
        if (alarm != null) {
            alarm.cancel(false);
        }
        awaitingService.forEach(waiting -> waiting.cancel(false));
    }

    boolean isStopped() {
        return isStopped;
    }

    /** Done when the server serves clients. */
    void awaitService(CompletableFuture<Void> waiting) {
        awaitingService.add(waiting);
        tellServing();
    }

    @Nullable
    PeerStatus status() {
        return peer == null ? null : peer.status();
    }

    /** What operators look at in detail; null while there is no core. */
    @Nullable
    Inspection inspection() {
        return peer == null ? null : peer.inspection();
    }

    /** Zero while there is no core. */
    long treeDigest() {
        return peer == null ? 0 : peer.tree().digest();
    }

    // --- events in ---------------------------------------------------------------------------------------------------

    @Override
    public void add(Event event) {
        if (isStopped) {
            return;
        }
        events.add(event);
        if (!isBatchDue) {
            isBatchDue = true;
            // Runs after the other sockets of this iteration were read, so that their events join the batch.
            loop.execute(this::batch);
        }
    }

    @Override
    public LinkId nextLinkId() {
        return new LinkId(++lastLink);
    }

    @Override
    public void trace(TraceEvent event) {
        traces.trace(event);
    }

    /** Remembers a connection that has something to flush at the end of the batch. */
    void touch(Outbox outbox) {
        touched.add(outbox);
        if (!isBatchDue) {
            isBatchDue = true;
            loop.execute(this::batch);
        }
    }

    // --- effects out -------------------------------------------------------------------------------------------------

    private void batch() {
        if (peer != null && handler != null && owner != null && storage != null && !isStopped) {
            try {
                stepAll(peer, handler);
            } catch (RuntimeException | Error e) {
                owner.defect(e);
            }
            endBatch(handler.forStorage(), storage, owner);
        }
        flush();
        isBatchDue = false;
        if (!events.isEmpty() && !isStopped) {
            isBatchDue = true;
            loop.execute(this::batch);
        }
    }

    private void stepAll(Peer stepped, Effect.Handler performing) {
        Event event = events.poll();
        while (event != null && !isStopped) {
            for (Effect effect : stepped.step(now(), event)) {
                effect.performOn(performing);
            }
            event = events.poll();
        }
        if (!isStopped) {
            arm(stepped.deadlineNanos());
        }
        tellServing();
    }

    /** The disk starts before the sockets: what is being sent is on its way to the log meanwhile. */
    private void endBatch(List<Effect> forStorage, StorageThread disk, Owner told) {
        if (!forStorage.isEmpty()) {
            disk.submit(forStorage);
            forStorage.clear();
        }
        // Storage that falls behind stops the sources of writes, so that what waits for it stays bounded.
        long bound = isHolding ? MatriarchServer.STORAGE_LOW_BYTES : MatriarchServer.STORAGE_HIGH_BYTES;
        boolean isBehind = disk.pendingBytes() > bound;
        if (isBehind != isHolding) {
            isHolding = isBehind;
            told.holdReads(isBehind);
        }
    }

    private void flush() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).flush();
        }
        touched.clear();
    }

    private void tellServing() {
        PeerStatus status = awaitingService.isEmpty() ? null : status();
        if (status != null && status.isServing()) {
            awaitingService.forEach(waiting -> waiting.complete(null));
            awaitingService.clear();
        }
    }

    // --- time --------------------------------------------------------------------------------------------------------

    /** Both clocks of this machine. */
    static Now now() {
        return new Now(System.nanoTime(), System.currentTimeMillis());
    }

    /** Deadlines mostly move away; an alarm that rings too early costs less than one that is always set anew. */
    private void arm(long deadlineNanos) {
        if (deadlineNanos == Long.MAX_VALUE || (alarm != null && alarmNanos - deadlineNanos <= 0)) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmNanos = deadlineNanos;
        alarm = loop.schedule(this::ring, Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void ring() {
        alarm = null;
        if (peer == null || isStopped) {
            return;
        }
        long deadline = peer.deadlineNanos();
        if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0) {
            add(new Event.TimePassed());
        } else {
            arm(deadline);
        }
    }
}
