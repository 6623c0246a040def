package io.matriarch.sim.world;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.port.RecoverySink;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.zab.DatabaseLoader;
import io.matriarch.sim.check.ServerLog;
import io.matriarch.sim.disk.DiskFileSystem;
import io.matriarch.storage.ConfigurationFiles;
import io.matriarch.storage.FileSystem;
import io.matriarch.storage.StorageException;
import io.matriarch.storage.StorageLane;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A process's storage thread: takes what has queued up, performs it, and after the time that a force takes forces it and
 * reports. A power loss in between finds it written and not forced.
 */
final class HostStorage {
    static final String DATA_DIRECTORY = "/data";
    static final String EPOCH_DIRECTORY = DATA_DIRECTORY + "/version-2";
    private static final String CONFIG_FILE = "/conf/zoo.cfg";
    private static final int MAX_GROUP = 1000;
    private static final long WAKE_UP_NANOS = 5_000;

    private final SimProcess process;
    private final SimHost host;
    private final StorageLane lane;
    private final Recovered recovered;
    private Configuration committed;
    private Configuration lastSeen;
    private final ArrayDeque<Effect> queue = new ArrayDeque<>();
    private boolean isBusy;

    /** Recovers what is on the host's disk. */
    HostStorage(SimHost host, SimProcess process) {
        this.host = host;
        this.process = process;
        DatabaseLoader loader = new DatabaseLoader();
        ServerLog.Found found = new ServerLog.Found();
        FileSystem files = host.world().parts().fileSystem().apply(new DiskFileSystem(host.disk()));
        lane = StorageLane.open(files, host.world().plan().storageOptions(), new Tee(loader, found));
        recovered = loader.recovered();
        host.checks().recovered(found, recovered);
        committed = host.world().plan().configuration();
        lastSeen = committed;
        if (host.world().plan().isReconfigurable()) {
            recoverConfiguration(new ConfigurationFiles(files, CONFIG_FILE, new ServerId(host.sid())));
        }
    }

    private void recoverConfiguration(ConfigurationFiles kept) {
        Configuration agreed = kept.readAgreed();
        Configuration next = kept.readNext();
        committed = agreed == null ? committed : agreed;
        lastSeen = next == null ? committed : next;
        lane.keepConfigurationIn(kept);
        host.checks().knows(committed, lastSeen);
    }

    Configuration committed() {
        return committed;
    }

    Configuration lastSeen() {
        return lastSeen;
    }

    Recovered recovered() {
        return recovered;
    }

    void submit(Effect effect) {
        queue.addLast(effect);
        if (!isBusy) {
            isBusy = true;
            process.after(WAKE_UP_NANOS, this::next);
        }
    }

    private void next() {
        Effect first = queue.peekFirst();
        if (first == null) {
            isBusy = false;
        } else if (first instanceof Effect.StorageEffect) {
            group();
        } else {
            queue.removeFirst();
            process.after(host.fileNanos(), () -> beside(first));
        }
    }

    private void group() {
        List<Effect.StorageEffect> group = new ArrayList<>();
        while (group.size() < MAX_GROUP && queue.peekFirst() instanceof Effect.StorageEffect effect) {
            queue.removeFirst();
            group.add(effect);
        }
        process.onDisk(() -> {
            for (Effect.StorageEffect effect : group) {
                host.checks().begun(effect);
                lane.perform(effect);
                host.checks().done(effect);
            }
        });
        boolean isEarly = host.world().parts().storedReport() == WorldParts.StoredReport.BEFORE_FORCE;
        if (isEarly) {
            process.deliver(new Event.Stored(group.get(group.size() - 1).ticket()));
        }
        host.setForcing(true);
        process.after(host.forceNanos(), () -> {
            host.setForcing(false);
            process.onDisk(() -> {
                long ticket = lane.force();
                host.checks().forced();
                if (!isEarly) {
                    process.deliver(new Event.Stored(ticket));
                }
            });
            next();
        });
    }

    private void beside(Effect effect) {
        process.onDisk(() -> {
            if (effect instanceof Effect.WriteSnapshot write) {
                lane.writeSnapshot(write);
                process.deliver(new Event.SnapshotPieceWritten(write.snapshotId()));
            } else if (effect instanceof Effect.FinishSnapshot finish) {
                lane.finishSnapshot(finish);
                process.deliver(new Event.SnapshotFinished(finish.snapshotId(), finish.zxid()));
            } else if (effect instanceof Effect.ReadLog read) {
                process.deliver(lane.readLog(read));
            } else if (effect instanceof Effect.EndLogRead end) {
                lane.endLogRead(end.readId());
            } else if (effect instanceof Effect.AbandonSnapshot abandon) {
                lane.abandonSnapshot(abandon.snapshotId());
            } else if (effect instanceof Effect.ReloadDatabase) {
                reload();
            } else {
                throw new IllegalArgumentException("not for storage: " + effect);
            }
        });
        next();
    }

    private void reload() {
        DatabaseLoader loader = new DatabaseLoader();
        ServerLog.Found found = new ServerLog.Found();
        lane.reload(new Tee(loader, found));
        host.checks().recovered(found, loader.recovered());
        process.deliver(new Event.Reloaded(loader.recovered()));
    }

    /** What a failing disk operation looks like from outside. */
    static boolean isDiskFailure(RuntimeException e) {
        return e instanceof StorageException;
    }

    /** Hands what is found to the core's loader and to the checks. */
    private record Tee(DatabaseLoader loader, ServerLog.Found found) implements RecoverySink {
        @Override
        public void snapshotStarted(Zxid zxid) {
            loader.snapshotStarted(zxid);
            found.snapshot(zxid);
        }

        @Override
        public void snapshotPiece(SnapshotPiece piece) {
            loader.snapshotPiece(piece);
        }

        @Override
        public void logEntry(LogEntry entry) {
            loader.logEntry(entry);
            found.entry(entry);
        }

        @Override
        public void finished(long acceptedEpoch, long currentEpoch, boolean isTrusted) {
            loader.finished(acceptedEpoch, currentEpoch, isTrusted);
        }
    }
}
