package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.request.ClientDesk;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Zxid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this server has logged and what of it is applied to the tree.
 *
 * <p>While a server runs, only committed transactions are applied; what is logged above them waits in {@link
 * #pending()}. Only a start may have applied more: the log does not tell what was committed, so all of it is replayed.
 * Should a leader then cut a part that is applied, the tree is rebuilt from disk ({@link #truncate} answers true).
 */
public final class History {
    private final DurabilityGate gate;
    private final ClientDesk desk;
    private final Configurations configurations;
    private final ReplicationConfig config;
    private final DigestAlarm digestAlarm;
    private final Deque<Proposal> pending = new ArrayDeque<>();
    private DataTree tree;
    private Window window;
    /** Zxid of the snapshot from which this process started, or which it installed since. */
    private Zxid base;

    private Zxid lastLogged;
    private Zxid lastCommitted;
    /** The last log entry whose effects are in the tree. */
    private Zxid lastInTree;

    private boolean isTrusted;
    private boolean isReloading;
    /** Whether something came that is kept in memory only, and so everything behind it too. */
    private boolean isDiskBehind;

    private long appliedCount;
    private long appliedBytes;

    public History(
            DurabilityGate gate,
            ClientDesk desk,
            Configurations configurations,
            Recovered recovered,
            ReplicationConfig config) {
        this.gate = gate;
        this.desk = desk;
        this.configurations = configurations;
        this.config = config;
        this.digestAlarm = new DigestAlarm(config.isDigesting(), recovered.tree());
        this.tree = recovered.tree();
        this.lastLogged = recovered.lastLogged();
        this.base = recovered.snapshotZxid();
        this.lastCommitted = base;
        this.lastInTree = lastLogged;
        this.isTrusted = recovered.isTrusted();
        this.appliedCount = recovered.replayedCount();
        this.appliedBytes = recovered.replayedBytes();
        this.window = windowOf(recovered);
    }

    /** The zxid of the last log entry, or of the installed snapshot if nothing was logged since. */
    public Zxid lastLogged() {
        return lastLogged;
    }

    /** The newest zxid known to be committed. */
    public Zxid lastCommitted() {
        return lastCommitted;
    }

    public DataTree tree() {
        return tree;
    }

    /** The last log entry in the tree: after a start more than is known to be committed. */
    Zxid lastInTree() {
        return lastInTree;
    }

    /** False if the log is known to be incomplete: it must not count in an election or a discovery (zab.md R3). */
    public boolean isTrusted() {
        return isTrusted;
    }

    ReplicationConfig config() {
        return config;
    }

    DigestAlarm digestAlarm() {
        return digestAlarm;
    }

    /** Transactions after which the tree's digest was not the leader's, since this process started (zab.md 6.2). */
    public long digestMismatches() {
        return digestAlarm.mismatches();
    }

    /** Transactions applied above the snapshot from which this process started. */
    long appliedCount() {
        return appliedCount;
    }

    /** Their length in the log. */
    long appliedBytes() {
        return appliedBytes;
    }

    /** How many transactions are logged and not yet committed. */
    public int pendingCount() {
        return pending.size();
    }

    /** Logged, not yet committed, oldest first. */
    Deque<Proposal> pending() {
        return pending;
    }

    Window window() {
        return window;
    }

    /** Whether {@code zxid} may come next: the next counter, or the first of a later epoch (zab.md R10). */
    boolean isNext(Zxid zxid) {
        return zxid.equals(lastLogged.next()) || (zxid.epoch() > lastLogged.epoch() && zxid.counter() == 1);
    }

    /** Logs a proposal; it is durable when the gate says so. Where the disk is behind, it is kept in memory like those before. */
    void append(Proposal proposal) {
        if (!proposal.zxid().isAfter(lastLogged)) {
            throw new IllegalStateException("append " + proposal.zxid() + " behind " + lastLogged);
        }
        configurations.logged(proposal.txn());
        if (!isDiskBehind) {
            gate.append(proposal.entry());
        }
        pending.addLast(proposal);
        lastLogged = proposal.zxid();
    }

    /** Keeps a transaction in memory only, for an observer whose disk is spared ({@code syncEnabled=false}). */
    void keep(Proposal proposal) {
        isDiskBehind = true;
        append(proposal);
    }

    /**
     * Whether the log ends before {@link #lastLogged}. The disk then holds an older state of this server, exact in itself: no
     * epoch may be stored that this state had not entered, or after a restart it would count for more than it is (zab.md D4).
     */
    boolean isDiskBehind() {
        return isDiskBehind;
    }

    /** Commits and applies, in order, everything logged up to {@code zxid}; answers how many transactions. */
    int commitThrough(Now now, Zxid zxid) {
        int count = 0;
        while (!pending.isEmpty() && !pending.peekFirst().zxid().isAfter(zxid)) {
            Proposal next = pending.removeFirst();
            window.add(next.entry());
            configurations.applied(next.txn());
            desk.apply(now, next.txn());
            lastInTree = next.zxid();
            count++;
            appliedCount++;
            appliedBytes += next.entry().payload().length();
        }
        if (zxid.isAfter(lastCommitted)) {
            lastCommitted = zxid;
        }
        return count;
    }

    /** This server serves in {@code epoch}: its state counts as (epoch, 0) even before the first transaction (zab.md 5). */
    void enterEpoch(long epoch) {
        tree.advanceTo(Zxid.of(epoch, 0));
    }

    /** Everything logged is committed now: a quorum took it over (zab.md 8.2, step 6). */
    int commitAll(Now now) {
        return commitThrough(now, lastLogged);
    }

    /** Whether something above {@code to} was told to be committed while this process ran. */
    boolean isCommittedAbove(Zxid to) {
        return lastCommitted.isAfter(to) && lastCommitted.isAfter(base);
    }

    /** Whether the log can be cut to {@code to}, a clean base below it; if not, only a snapshot helps (zab.md R17). */
    boolean canTruncate(Zxid to) {
        if (isCommittedAbove(to)) {
            throw new IllegalStateException(
                    "told to cut the log to " + to + ", but " + lastCommitted + " is committed");
        }
        return !isDiskBehind && !base.isAfter(to);
    }

    /** The log does not hold what a leader knows it should: it counts for nothing until a snapshot replaces it. */
    void distrust() {
        isTrusted = false;
    }

    /**
     * Forgets everything logged above {@code to}.
     *
     * @return whether the tree holds something of it, so that it must be rebuilt from disk
     * @throws IllegalStateException if something committed while this process ran would be cut
     */
    boolean truncate(Zxid to) {
        if (!canTruncate(to)) {
            throw new IllegalStateException("told to cut the log to " + to + " below the snapshot " + base);
        }
        gate.truncate(to);
        forgetAbove(to);
        return lastInTree.isAfter(to);
    }

    /** The memory's part of {@link #truncate}. */
    void forgetAbove(Zxid to) {
        pending.removeIf(p -> p.zxid().isAfter(to));
        lastLogged = to;
    }

    /** The tree holds what was cut: it has to be rebuilt from disk before anything else is done with it. */
    void reload(EffectSink out) {
        isReloading = true;
        out.emit(new Effect.ReloadDatabase());
    }

    public boolean isReloading() {
        return isReloading;
    }

    /** The tree was rebuilt from disk after {@link #truncate}. */
    public void reloaded(Now now, Recovered recovered) {
        isReloading = false;
        if (!pending.isEmpty()) {
            throw new IllegalStateException("rebuilt from disk with " + pending.size() + " proposals pending");
        }
        takeTree(now, recovered.tree());
        lastLogged = recovered.lastLogged();
        lastInTree = lastLogged;
        base = recovered.snapshotZxid();
        isTrusted = recovered.isTrusted();
        window = windowOf(recovered);
    }

    /** A snapshot of the leader's tree replaces everything; {@code zxid} is its label (zab.md R13, R16). */
    void replace(Now now, DataTree newTree, long snapshotId, Zxid zxid) {
        gate.installSnapshot(snapshotId, zxid);
        takeSnapshot(now, newTree, zxid);
    }

    /** The memory's part of {@link #replace}. */
    void takeSnapshot(Now now, DataTree newTree, Zxid zxid) {
        pending.clear();
        takeTree(now, newTree);
        window = new Window(zxid, config.windowEntries());
        lastLogged = zxid;
        lastInTree = zxid;
        lastCommitted = zxid;
        base = zxid;
        isTrusted = true;
        isDiskBehind = false;
    }

    /** The entries above {@code after} up to and with {@code upTo}, committed or pending, oldest first. */
    List<LogEntry> between(Zxid after, Zxid upTo) {
        List<LogEntry> result = window.between(after, upTo);
        for (Proposal p : pending) {
            if (p.zxid().isAfter(after) && !p.zxid().isAfter(upTo)) {
                result.add(p.entry());
            }
        }
        return result;
    }

    /**
     * How to bring a learner whose last log entry is {@code p} to our history up to {@code upTo}.
     *
     * @param canTruncate whether the learner cuts its log precisely; Apache's do not (zab.md R12)
     * @param ownEpoch the epoch that we lead
     */
    SyncPlan planFor(Zxid p, Zxid upTo, boolean canTruncate, long ownEpoch) {
        if (p.equals(Zxid.NONE) || p.value() < 0) {
            return new SyncPlan.Snap();
        }
        if (p.equals(lastLogged) && upTo.equals(lastLogged)) {
            return new SyncPlan.Diff(List.of());
        }
        boolean isAhead = p.isAfter(upTo) && p.counter() > 0;
        if (!isAhead && isPosition(p, ownEpoch)) {
            return new SyncPlan.Diff(between(p, upTo));
        }
        // What the learner has above upTo is not committed, even if we proposed it ourselves: a DIFF would let it serve
        // that, so it is cut and proposed again.
        if (!isAhead && window.base().isAfter(p) && config.readsLog()) {
            return new SyncPlan.FromLog(window.base());
        }
        Zxid floor = floor(isAhead ? upTo : p);
        if (floor != null && floor.epoch() == p.epoch() && canTruncate) {
            return new SyncPlan.Trunc(floor, between(floor, upTo));
        }
        return new SyncPlan.Snap();
    }

    /** Whether a history ending at {@code p} is certainly a prefix of ours, and we have everything above it. */
    private boolean isPosition(Zxid p, long ownEpoch) {
        if (p.equals(window.base()) || window.contains(p) || isPending(p)) {
            return true;
        }
        // (e,0) stands for the whole initial history of epoch e: a prefix of ours if we lead e or have entries of e.
        boolean isKnownEpoch = p.epoch() == ownEpoch || hasEntryOf(p.epoch());
        return p.counter() == 0 && p.isAfter(window.base()) && isKnownEpoch;
    }

    private boolean isPending(Zxid p) {
        for (Proposal proposal : pending) {
            if (proposal.zxid().equals(p)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasEntryOf(long epoch) {
        Zxid last = floor(Zxid.of(epoch, Zxid.LAST_COUNTER));
        return last != null && last.epoch() == epoch && last.counter() > 0;
    }

    private @Nullable Zxid floor(Zxid zxid) {
        Zxid newest = null;
        for (Proposal proposal : pending) {
            if (!proposal.zxid().isAfter(zxid)) {
                newest = proposal.zxid();
            }
        }
        return newest != null ? newest : window.floor(zxid);
    }

    private void takeTree(Now now, DataTree newTree) {
        tree = newTree;
        digestAlarm.treeTaken(newTree);
        desk.treeReplaced(now, newTree);
    }

    private Window windowOf(Recovered recovered) {
        List<LogEntry> recent = recovered.recent();
        Window window = new Window(recovered.recentBase(), config.windowEntries());
        recent.forEach(window::add);
        return window;
    }
}
