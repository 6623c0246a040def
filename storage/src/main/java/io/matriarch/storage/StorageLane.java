package io.matriarch.storage;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.RecoverySink;
import io.matriarch.storage.LogReplay.Cut;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one ordered lane down which all writes go that a promise can rest on. The host gives it the core's storage effects
 * in order, forces them in groups of any size, and reports the ticket that {@link #force} returns.
 *
 * <p>Effects other than an append are durable when {@link #perform} returns, and everything before them is too: an epoch
 * is never on disk before the history that it vouches for (disk.md 11, zab.md D4).
 *
 * <p>For one thread at a time. Every method throws {@link StorageException} when the disk fails; nothing may then be
 * assumed about what was being written, and the lane refuses everything that follows: the process must start again from
 * what the disk really holds.
 */
public final class StorageLane {
    private final FileSystem files;
    private final StorageOptions options;
    private final Layout layout;
    private final TransactionLog log;
    private final SnapshotStore snapshots;
    private final Contiguity contiguity;
    private final LogReads reads;
    private final Notices notices = new Notices();

    private final EpochFile acceptedEpoch;
    private final EpochFile currentEpoch;
    private Zxid lastLogged = Zxid.NONE;
    private long performed;
    private @Nullable String failure;
    private @Nullable ConfigurationFiles configuration;

    private StorageLane(FileSystem files, StorageOptions options) {
        this.files = files;
        this.options = options;
        this.layout = new Layout(files, options);
        this.contiguity = new Contiguity(files, layout);
        this.log = new TransactionLog(files, layout, options, contiguity::logComing);
        this.reads = new LogReads(files, layout, contiguity);
        this.snapshots = new SnapshotStore(files, layout, options);
        this.acceptedEpoch = new EpochFile(files, layout, EpochFile.ACCEPTED);
        this.currentEpoch = new EpochFile(files, layout, EpochFile.CURRENT);
    }

    /**
     * Recovers what is on disk into {@code sink}, repairs a torn end, and stands ready to append.
     *
     * @throws StorageException if the files are damaged or do not fit together; nothing was repaired then
     */
    public static StorageLane open(FileSystem files, StorageOptions options, RecoverySink sink) {
        StorageLane lane = new StorageLane(files, options);
        lane.onDisk("reading " + options.dataDir(), () -> lane.recover(sink));
        return lane;
    }

    /** From now on configurations are kept in {@code there}; without, none can be stored. */
    public void keepConfigurationIn(ConfigurationFiles there) {
        configuration = there;
    }

    /** What recovery met that an operator may want to know, a line each. */
    public List<String> notices() {
        return notices.lines();
    }

    /** The zxid of the last record appended or recovered, or of the snapshot below; NONE if there is no history. */
    public Zxid lastLogged() {
        return lastLogged;
    }

    /** Performs the next effect. An append is only buffered; anything else is durable on return, with all before it. */
    public void perform(Effect.StorageEffect effect) {
        if (effect instanceof Effect.Append append) {
            onDisk("appending to the log", () -> append(append));
        } else if (effect instanceof Effect.StoreAcceptedEpoch store) {
            onDisk("storing " + acceptedEpoch.path(), () -> storeEpoch(acceptedEpoch, store.epoch()));
        } else if (effect instanceof Effect.StoreCurrentEpoch store) {
            onDisk("storing " + currentEpoch.path(), () -> storeEpoch(currentEpoch, store.epoch()));
        } else if (effect instanceof Effect.Truncate truncate) {
            onDisk("truncating the log to " + truncate.to(), () -> truncate(truncate.to()));
        } else if (effect instanceof Effect.InstallSnapshot install) {
            onDisk("installing the snapshot at " + install.zxid(), () -> install(install));
        } else if (effect instanceof Effect.StoreConfiguration store) {
            onDisk("storing the configuration", () -> storeConfiguration(store));
        } else if (effect instanceof Effect.RollLog) {
            onDisk("rolling the log", log::roll);
        } else {
            throw new IllegalArgumentException("unknown storage effect " + effect);
        }
        performed = effect.ticket();
    }

    /** Makes everything performed so far durable; answers the highest ticket that now is. */
    public long force() {
        onDisk("forcing the log", log::force);
        return performed;
    }

    /**
     * Writes a piece of a snapshot to a temporary file. Pieces of a snapshot that was abandoned meanwhile, by the caller
     * or because the history was replaced, are ignored.
     */
    public void writeSnapshot(Effect.WriteSnapshot effect) {
        onDisk("writing a snapshot", () -> snapshots.write(effect));
    }

    /** Makes a snapshot of our own tree durable under its name, unless it was abandoned meanwhile. */
    public void finishSnapshot(Effect.FinishSnapshot effect) {
        onDisk("finishing the snapshot at " + effect.zxid(), () -> {
            contiguity.snapshotComing(effect.zxid());
            if (!snapshots.finish(effect.snapshotId(), effect.zxid())) {
                notices.add("snapshot at " + effect.zxid() + " was abandoned: the history was replaced meanwhile");
            }
        });
    }

    /** Forgets a snapshot that is being written. */
    public void abandonSnapshot(long snapshotId) {
        onDisk("removing an unfinished snapshot", () -> snapshots.abandon(snapshotId));
    }

    /**
     * Reads the next piece of a part of the log, for a learner. Sees everything performed and forced so far; what is not
     * certainly there without a hole is unavailable.
     */
    public Event.LogRead readLog(Effect.ReadLog effect) {
        AtomicReference<Event.LogRead> piece = new AtomicReference<>();
        onDisk("reading the log", () -> piece.set(reads.next(effect)));
        return piece.get();
    }

    /** Nothing more is wanted of this read. */
    public void endLogRead(long readId) {
        onDisk("closing a log", () -> reads.end(readId));
    }

    /** Recovers again from disk, after everything performed so far. */
    public void reload(RecoverySink sink) {
        onDisk("reading " + options.dataDir() + " again", () -> {
            log.roll();
            snapshots.abandonAll();
            recover(sink);
        });
    }

    /** Closes all files. What was not forced may be lost. */
    public void close() {
        try {
            log.close();
            reads.close();
            snapshots.close();
        } catch (IOException e) {
            throw new StorageException("closing the files in " + options.dataDir() + " failed: " + e, e);
        }
    }

    private void recover(RecoverySink sink) throws IOException {
        Recovery.Position position = new Recovery(files, layout, options, notices, sink).run();
        lastLogged = position.lastLogged();
        if (position.isTrusted()) {
            contiguity.recovered(position.base());
        }
        Cut behindLast = position.behindLast();
        if (behindLast != null) {
            log.continueAt(behindLast.file(), behindLast.offset());
        }
    }

    private void append(Effect.Append effect) throws IOException {
        Zxid zxid = effect.entry().zxid();
        if (!zxid.isAfter(lastLogged) || lastLogged.equals(Zxid.NONE)) {
            throw new StorageException(
                    lastLogged.equals(Zxid.NONE)
                            ? "zxid " + zxid + " was to be logged before there is any history to follow"
                            : "zxid " + zxid + " was to be logged after " + lastLogged
                                    + "; this is a defect of the server: please report it");
        }
        log.append(effect.entry());
        lastLogged = zxid;
    }

    private void storeEpoch(EpochFile file, long epoch) throws IOException {
        log.force();
        file.write(epoch);
    }

    private void storeConfiguration(Effect.StoreConfiguration store) throws IOException {
        if (configuration == null) {
            throw new StorageException("there is no configuration file to keep the members in");
        }
        log.force();
        configuration.store(store.committed(), store.lastSeen());
    }

    private void truncate(Zxid to) throws IOException {
        log.roll();
        if (!lastLogged.isAfter(to)) {
            return;
        }
        snapshots.abandonAll();
        lastLogged = new Truncation(files, layout, notices).cutTo(to) ? to : Zxid.NONE;
        contiguity.truncated(to);
    }

    private void install(Effect.InstallSnapshot effect) throws IOException {
        log.roll();
        String incoming = snapshots.finishVerified(effect.snapshotId(), effect.zxid());
        snapshots.abandonAll();
        PendingChange pending = new PendingChange(files, layout);
        pending.begin(PendingChange.Kind.INSTALL, effect.zxid());
        snapshots.name(incoming, effect.zxid());
        pending.finish();
        contiguity.installed(effect.zxid());
        lastLogged = effect.zxid();
    }

    @FunctionalInterface
    private interface DiskWork {
        void run() throws IOException;
    }

    private void onDisk(String what, DiskWork work) {
        if (failure != null) {
            throw new StorageException("storage stopped earlier: " + failure);
        }
        try {
            work.run();
        } catch (IOException e) {
            String where = log.path().isEmpty() ? "" : " (log " + log.path() + ")";
            failure = what + " failed" + where + ": " + e
                    + "; check the disk (space, permissions, health), then start the server again";
            throw new StorageException(failure, e);
        } catch (StorageException e) {
            failure = e.getMessage();
            throw e;
        }
    }
}
