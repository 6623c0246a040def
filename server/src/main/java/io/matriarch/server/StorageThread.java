package io.matriarch.server;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.zab.DatabaseLoader;
import io.matriarch.storage.StorageException;
import io.matriarch.storage.StorageLane;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs storage effects on a thread of its own. All that queued up while the disk was busy is one group with one
 * force, so groups grow with load by themselves. Pieces of snapshots are written one at a time between groups: the log
 * never waits for more than one piece.
 */
final class StorageThread {
    private static final Logger LOG = LoggerFactory.getLogger(StorageThread.class);
    private static final long ENTRY_OVERHEAD_BYTES = 64;

    private final StorageLane lane;
    private final Consumer<Event> reports;
    private final Thread thread;
    private final Object lock = new Object();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final Deque<Effect> beside = new ArrayDeque<>();
    private final Deque<Runnable> chores = new ArrayDeque<>();
    private final int slowForceMillis;
    private final ForceTimes forceTimes;
    private List<Effect> incoming = new ArrayList<>();
    private boolean isStopping;
    private volatile boolean isAbandoned;

    /**
     * @param slowForceMillis a force that takes longer is told to the operator
     * @param reports takes Stored and the like, on this thread
     */
    StorageThread(StorageLane lane, String name, int slowForceMillis, Consumer<Event> reports) {
        this.slowForceMillis = slowForceMillis;
        this.forceTimes = new ForceTimes(slowForceMillis);
        this.lane = lane;
        this.reports = reports;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Performs {@code effects} after those given before. Does not wait. */
    void submit(List<Effect> effects) {
        long bytes = 0;
        for (Effect effect : effects) {
            bytes += sizeOf(effect);
        }
        pendingBytes.addAndGet(bytes);
        synchronized (lock) {
            incoming.addAll(effects);
            lock.notifyAll();
        }
    }

    /** Runs {@code chore} between two groups, when nothing else touches the files. What it throws is only told. */
    void submit(Runnable chore) {
        synchronized (lock) {
            chores.add(chore);
            lock.notifyAll();
        }
    }

    /** How long the last forces took. */
    ForceTimes forceTimes() {
        return forceTimes;
    }

    /** Roughly the memory held by what is not on disk yet. */
    long pendingBytes() {
        return pendingBytes.get();
    }

    /** Finishes what was submitted, closes the files, and waits for that. */
    void stop() {
        synchronized (lock) {
            isStopping = true;
            lock.notifyAll();
        }
        join();
    }

    /** From now on nothing more is written, forced or reported, as in a killed process; {@link #stop} still waits. */
    void abandon() {
        isAbandoned = true;
    }

    private void join() {
        boolean wasInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            List<Effect> group = take();
            while (!isAbandoned && (!group.isEmpty() || hasMore())) {
                performGroup(group);
                if (!beside.isEmpty() && !isAbandoned) {
                    performBeside(beside.remove());
                }
                doChore();
                group = take();
            }
        } catch (StorageException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            fail("the storage thread failed: " + e + "; this is a defect of the server: please report it");
        }
        closeFiles();
    }

    private void doChore() {
        Runnable chore;
        synchronized (lock) {
            chore = chores.poll();
        }
        if (chore == null || isAbandoned) {
            return;
        }
        try {
            chore.run();
        } catch (UncheckedIOException e) {
            LOG.warn("{}; nothing that was promised depends on it", e.getMessage());
        }
    }

    private void closeFiles() {
        try {
            lane.close();
        } catch (StorageException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void fail(String what) {
        if (!isAbandoned) {
            reports.accept(new Event.StorageFailed(what));
        }
    }

    /** All that was submitted meanwhile; waits while there is nothing to do, and is empty at the end. */
    private List<Effect> take() {
        synchronized (lock) {
            while (incoming.isEmpty() && beside.isEmpty() && chores.isEmpty() && !isStopping) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody may interrupt the storage thread", e);
                }
            }
            List<Effect> taken = incoming;
            if (!taken.isEmpty()) {
                incoming = new ArrayList<>();
            }
            return taken;
        }
    }

    /** Work besides groups; chores do not hold up a stop. */
    private boolean hasMore() {
        synchronized (lock) {
            return !beside.isEmpty() || (!chores.isEmpty() && !isStopping);
        }
    }

    private void performGroup(List<Effect> group) {
        boolean hasUnforced = false;
        long bytes = 0;
        for (Effect effect : group) {
            if (effect instanceof Effect.StorageEffect write) {
                if (replacesHistory(write)) {
                    performAllBeside();
                }
                lane.perform(write);
                hasUnforced = true;
                bytes += sizeOf(effect);
            } else if (effect instanceof Effect.ReloadDatabase) {
                reload(bytes);
                hasUnforced = false;
                bytes = 0;
            } else {
                beside.add(effect);
            }
        }
        if (hasUnforced) {
            force(bytes);
        }
    }

    /** Pieces given before it belong to the history that it replaces, or are what it installs. */
    private static boolean replacesHistory(Effect.StorageEffect effect) {
        return effect instanceof Effect.Truncate || effect instanceof Effect.InstallSnapshot;
    }

    private void force(long bytes) {
        if (!isAbandoned) {
            long began = System.nanoTime();
            long ticket = lane.force();
            long tookNanos = System.nanoTime() - began;
            if (forceTimes.took(tookNanos)) {
                tellOfSlowForce(TimeUnit.NANOSECONDS.toMillis(tookNanos));
            }
            if (isAbandoned) {
                return;
            }
            // Before the report: whoever hears it looks whether storage is still behind, and may not look again.
            pendingBytes.addAndGet(-bytes);
            reports.accept(new Event.Stored(ticket));
        }
    }

    /** While a force lasts no write is acknowledged; beyond some ticks a server loses its leader or its followers. */
    private void tellOfSlowForce(long millis) {
        LOG.warn(
                "forcing the log took {} ms, more than fsync.warningthresholdms={}: the disk is slow or shared; give"
                        + " dataLogDir a disk of its own",
                millis,
                slowForceMillis);
    }

    private void reload(long bytes) {
        performAllBeside();
        force(bytes);
        DatabaseLoader loader = new DatabaseLoader();
        lane.reload(loader);
        reports.accept(new Event.Reloaded(loader.recovered()));
    }

    private void performAllBeside() {
        while (!beside.isEmpty()) {
            performBeside(beside.remove());
        }
    }

    private void performBeside(Effect effect) {
        if (effect instanceof Effect.WriteSnapshot write) {
            lane.writeSnapshot(write);
            pendingBytes.addAndGet(-sizeOf(effect));
            reports.accept(new Event.SnapshotPieceWritten(write.snapshotId()));
        } else if (effect instanceof Effect.FinishSnapshot finish) {
            lane.finishSnapshot(finish);
            reports.accept(new Event.SnapshotFinished(finish.snapshotId(), finish.zxid()));
        } else if (effect instanceof Effect.ReadLog read) {
            reports.accept(lane.readLog(read));
        } else if (effect instanceof Effect.EndLogRead end) {
            lane.endLogRead(end.readId());
        } else if (effect instanceof Effect.AbandonSnapshot abandon) {
            lane.abandonSnapshot(abandon.snapshotId());
        } else {
            throw new IllegalArgumentException("no storage effect: " + effect);
        }
    }

    private static long sizeOf(Effect effect) {
        if (effect instanceof Effect.Append append) {
            return ENTRY_OVERHEAD_BYTES + append.entry().payload().length();
        }
        if (effect instanceof Effect.WriteSnapshot write && write.piece() instanceof SnapshotPiece.Nodes nodes) {
            long bytes = 0;
            for (NodeRecord node : nodes.nodes()) {
                Bytes data = node.data();
                bytes += ENTRY_OVERHEAD_BYTES + (data == null ? 0 : data.length());
            }
            return bytes;
        }
        return 0;
    }
}
