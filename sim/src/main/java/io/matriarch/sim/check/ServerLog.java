package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Zxid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one server's log holds: as its core ordered it, as it was written, and as it was forced. Lives as long as the
 * disk.
 */
public final class ServerLog {
    /** One history: all its entries, those that a snapshot at {@code base} holds included. */
    private static final class Extent {
        long base;
        ZxidList entries = new ZxidList();

        boolean has(long zxid) {
            return entries.contains(zxid);
        }

        long last() {
            return Math.max(base, entries.lastOr(0));
        }
    }

    /** What recovery found. */
    public static final class Found {
        private long base;
        private final List<LogEntry> entries = new ArrayList<>();

        /** A snapshot at {@code zxid} is read; forgets everything before. */
        public void snapshot(Zxid zxid) {
            base = zxid.value();
            entries.clear();
        }

        public void entry(LogEntry entry) {
            entries.add(entry);
        }
    }

    private final int sid;
    private final Proposals proposals;
    private Extent ordered = new Extent();
    private Extent written = new Extent();
    private Extent forced = new Extent();
    private Effect.@Nullable StorageEffect underWay;
    private long storedConfiguration;

    public ServerLog(int sid, Proposals proposals) {
        this.sid = sid;
        this.proposals = proposals;
    }

    /** The core asked for this. */
    public void ordered(Effect.StorageEffect effect) {
        if (effect instanceof Effect.Append append) {
            long zxid = append.entry().zxid().value();
            require(
                    zxid > ordered.last(),
                    Invariant.PREFIX_CONSISTENCY,
                    () -> "server " + sid + " appends " + Zxids.show(zxid) + " after " + Zxids.show(ordered.last()));
            proposals.seen(append.entry(), "appended by server " + sid);
            ordered.entries.add(zxid);
        } else {
            cutOrInstall(ordered, effect);
        }
    }

    /** The zxid that follows {@code zxid} in the history as its core ordered it; -1 if none does. */
    long orderedAfter(long zxid) {
        int next = ordered.entries.firstAbove(zxid);
        return next == ordered.entries.size() ? -1 : ordered.entries.get(next);
    }

    /** The server leads and proposes this. */
    void proposed(LogEntry entry) {
        proposals.proposed(entry);
    }

    /** Storage begins with this. */
    public void begun(Effect.StorageEffect effect) {
        underWay = effect;
        if (effect instanceof Effect.Append append) {
            written.entries.add(append.entry().zxid().value());
        }
    }

    /** Storage has done this. Everything but an append is durable with it, and all before it too. */
    public void done(Effect.StorageEffect effect) {
        underWay = null;
        if (effect instanceof Effect.Append) {
            return;
        }
        forced();
        cutOrInstall(written, effect);
        cutOrInstall(forced, effect);
    }

    /** The version of the newest configuration on disk, agreed or not. */
    void configurationStored(long version) {
        storedConfiguration = version;
    }

    /** Whether the newest configuration that the log holds up to {@code zxid} is on disk itself too. */
    boolean hasConfigurationUpTo(long zxid) {
        long newest = proposals.reconfigurationUpTo(zxid);
        return newest == 0 || !hasForced(newest) || storedConfiguration >= newest;
    }

    /** Everything done so far was forced. */
    public void forced() {
        for (int i = written.entries.firstAbove(forced.last()); i < written.entries.size(); i++) {
            forced.entries.add(written.entries.get(i));
        }
    }

    private void cutOrInstall(Extent extent, Effect.StorageEffect effect) {
        if (effect instanceof Effect.Truncate truncate) {
            // R17: a snapshot with effects above the cut is gone with them, so that an older one may be found after it.
            // Ours refuse that, Apache's do it to those that they took of an uncommitted tail (zab.md D21).
            extent.base = Math.min(extent.base, truncate.to().value());
            extent.entries.cutAbove(truncate.to().value());
        } else if (effect instanceof Effect.InstallSnapshot install) {
            extent.base = install.zxid().value();
            extent.entries = proposals.snapshotContent(extent.base).copy();
        }
    }

    /** Everything is gone. */
    void diskLost() {
        ordered = new Extent();
        written = new Extent();
        forced = new Extent();
        underWay = null;
    }

    /** The process started, or rebuilt its database, and found this on disk. */
    public void recovered(Found found) {
        boolean isInstalling = underWay instanceof Effect.InstallSnapshot install
                && install.zxid().value() == found.base;
        ZxidList entries = (isInstalling ? proposals.snapshotContent(found.base) : written.entries).copy();
        entries.cutAbove(found.base);
        long last = found.base;
        for (LogEntry entry : found.entries) {
            long zxid = entry.zxid().value();
            long before = last;
            require(
                    zxid > before,
                    Invariant.RECOVERY,
                    () -> "server " + sid + " recovers " + Zxids.show(zxid) + " after " + Zxids.show(before));
            last = zxid;
            proposals.seen(entry, "recovered by server " + sid);
            entries.add(zxid);
        }
        requireNothingLost(found.base, isInstalling, entries);
        requireNothingRisen(found.base, entries);
        for (Extent extent : List.of(ordered, written, forced)) {
            extent.base = found.base;
            extent.entries = entries.copy();
        }
        underWay = null;
    }

    private void requireNothingLost(long base, boolean isInstalling, ZxidList entries) {
        // A leader without a transaction of its epoch sends a snapshot with a lower label than one of its kind had
        // before.
        require(
                base >= forced.base || isInstalling,
                Invariant.RECOVERY,
                () -> "server " + sid + " recovers from snapshot " + Zxids.show(base) + ", older than "
                        + Zxids.show(forced.base) + " that it had installed");
        if (underWay instanceof Effect.InstallSnapshot) {
            // Old history, new history: either is right, and the base was checked above.
            return;
        }
        long limit =
                underWay instanceof Effect.Truncate truncate ? truncate.to().value() : Long.MAX_VALUE;
        for (int i = forced.entries.firstAbove(base); i < forced.entries.size(); i++) {
            long zxid = forced.entries.get(i);
            require(
                    zxid > limit || entries.contains(zxid),
                    Invariant.RECOVERY,
                    () -> "server " + sid + " lost " + Zxids.show(zxid) + ", which was forced; it found "
                            + Zxids.show(entries.lastOr(base)) + " last");
        }
    }

    private void requireNothingRisen(long base, ZxidList entries) {
        for (int i = entries.firstAbove(base); i < entries.size(); i++) {
            long zxid = entries.get(i);
            require(
                    written.entries.contains(zxid),
                    Invariant.RECOVERY,
                    () -> "server " + sid + " recovers " + Zxids.show(zxid) + ", which was not in its log");
        }
    }

    /** Whether the core holds it for part of its history. */
    boolean hasOrdered(long zxid) {
        return ordered.has(zxid);
    }

    boolean hasForced(long zxid) {
        return forced.has(zxid);
    }

    long lastForced() {
        return forced.last();
    }

    /** A snapshot of this server's history up to {@code label} goes to a learner. */
    void snapshotSent(long label) {
        ZxidList content = ordered.entries.copy();
        content.cutAbove(label);
        proposals.snapshotSent(label, content);
    }

    /** What the core holds for its history. */
    ZxidList entries() {
        return ordered.entries;
    }
}
