package io.matriarch.cli.disk;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.storage.FileSystem;
import io.matriarch.storage.SnapshotScan;
import io.matriarch.storage.StoredFile;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnDigest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies the transactions of the logs to a tree and compares its digest with the one that each carries (disk.md 7, R17).
 * The tree begins with the snapshot right below the first transaction that has one, and again with a later snapshot after
 * anything that breaks the chain: a gap, a record that cannot be applied, a digest that differs.
 */
final class Replay {
    /** How many zxids back a second record can be told from a different one (disk.md R7). */
    private static final int REMEMBERED = 1024;

    private final FileSystem files;
    private final List<StoredFile> snapshots;
    private final Consumer<Finding> findings;
    private final Map<Zxid, Identity> remembered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Zxid, Identity> eldest) {
            return size() > REMEMBERED;
        }
    };

    private @Nullable DataTree tree;
    private String base = "";
    /** Up to here the snapshot may hold a part of transactions, and digests mean nothing. */
    private Zxid fuzzyUntil = Zxid.ZERO;

    private Zxid last = Zxid.NONE;
    private long verifiedCount;

    /** What tells transactions of one zxid apart. */
    private record Identity(long session, int cxid, int type) {
        static Identity of(Txn txn) {
            return new Identity(
                    txn.header().clientId(), txn.header().cxid(), txn.header().type());
        }
    }

    /** A replay that may begin with any of {@code snapshots}, ascending. */
    Replay(FileSystem files, List<StoredFile> snapshots, Consumer<Finding> findings) {
        this.files = files;
        this.snapshots = snapshots;
        this.findings = findings;
    }

    /** How many digests were compared and right. */
    long verifiedCount() {
        return verifiedCount;
    }

    /** Whether something has been found out about the tree that this began with: it was right once, or is given up. */
    boolean isDecided() {
        return verifiedCount > 0 || tree == null;
    }

    /** The zxid of the last record taken; NONE before. */
    Zxid last() {
        return last;
    }

    /** Whether {@code zxid} comes right after the last record, so that none can be missing between them (disk.md R2). */
    boolean goesOnWith(Zxid zxid) {
        return last.equals(Zxid.NONE)
                || zxid.equals(last.next())
                || (zxid.epoch() > last.epoch() && zxid.counter() == 1);
    }

    /** Leaves the tree as it is: what follows does not continue it. */
    void giveUp() {
        tree = null;
    }

    /** Begins with a tree that was just loaded from {@code snapshot}. */
    void begin(StoredFile snapshot, SnapshotScan scan, DataTree loaded) {
        tree = loaded;
        base = snapshot.path();
        last = snapshot.zxidOrZero();
        // Compat: the snapshot of a busy ZooKeeper may hold a part of the transaction after the one its trailer names.
        fuzzyUntil = scan.endOf(last).next();
    }

    /** The next record of the logs; {@code txn} is null if it cannot be decoded. */
    void take(StoredFile file, long offset, Zxid zxid, @Nullable Txn txn) throws IOException {
        if (!last.equals(Zxid.NONE) && !zxid.isAfter(last)) {
            takeAgain(file, offset, zxid, txn);
            return;
        }
        if (!goesOnWith(zxid)) {
            reportGap(file, offset, zxid);
            tree = null;
        }
        if (tree == null) {
            findBase(zxid);
        }
        last = zxid;
        if (txn == null) {
            tree = null;
            return;
        }
        remembered.put(zxid, Identity.of(txn));
        if (tree != null) {
            apply(tree, file, offset, txn);
        }
    }

    private void apply(DataTree onto, StoredFile file, long offset, Txn txn) {
        Zxid zxid = txn.header().zxid();
        try {
            onto.apply(txn, TreeListener.NONE);
        } catch (MalformedException unusable) {
            findings.accept(Finding.wrong(
                    file, offset, zxid, "cannot be applied: " + unusable.getMessage(), Finding.GET_A_SNAPSHOT));
            tree = null;
            return;
        }
        TxnDigest digest = txn.digest();
        if (digest == null || digest.version() != TxnDigest.VERSION) {
            return;
        }
        if (digest.value() == onto.digest()) {
            verifiedCount++;
        } else if (zxid.isAfter(fuzzyUntil)) {
            findings.accept(Finding.wrong(
                    file,
                    offset,
                    zxid,
                    "the record gives the tree's digest as " + Report.hex(digest.value()) + ", but replaying from "
                            + base
                            + " leads to " + Report.hex(onto.digest())
                            + ": the snapshot, or a transaction since, is not what the leader had",
                    Finding.GET_A_SNAPSHOT));
            tree = null;
        }
    }

    /** R7. Compat: Apache leaves duplicates behind when a role change is cut short, and error records (zab.md D1). */
    private void takeAgain(StoredFile file, long offset, Zxid zxid, @Nullable Txn txn) {
        Identity first = remembered.get(zxid);
        Identity second = txn == null ? null : Identity.of(txn);
        boolean isSame = second != null && second.equals(first);
        boolean isError = first != null && second != null && second.type() == -1;
        if (isSame || isError || (first == null && second != null && !snapshots.isEmpty())) {
            findings.accept(Finding.note(file, offset, zxid, "a second record of this zxid; it is skipped"));
        } else {
            findings.accept(Finding.wrong(
                    file,
                    offset,
                    zxid,
                    "a second, different record of this zxid, behind " + last,
                    Finding.GET_A_SNAPSHOT));
        }
    }

    private void reportGap(StoredFile file, long offset, Zxid zxid) {
        String what = "the records between " + last + " and " + zxid + " are missing";
        StoredFile holder = holderOfAllBefore(zxid);
        findings.accept(
                holder == null
                        ? Finding.wrong(file, offset, zxid, what, Finding.GET_A_SNAPSHOT)
                        : Finding.note(file, offset, zxid, what + ", but " + holder.path() + " holds what they did"));
    }

    /** The oldest snapshot that holds everything before {@code zxid}; null if none does. */
    @Nullable
    StoredFile holderOfAllBefore(Zxid zxid) {
        Zxid needed = new Zxid(zxid.value() - 1);
        for (StoredFile snapshot : snapshots) {
            if (!needed.isAfter(snapshot.zxidOrZero())) {
                return snapshot;
            }
        }
        return null;
    }

    /** The snapshot after which {@code zxid} comes: the one right below, or at an epoch's start any from the last on. */
    private void findBase(Zxid zxid) throws IOException {
        for (int i = snapshots.size() - 1; i >= 0 && tree == null; i--) {
            StoredFile snapshot = snapshots.get(i);
            Zxid label = snapshot.zxidOrZero();
            boolean isBelow = zxid.isAfter(label) && (last.equals(Zxid.NONE) || !last.isAfter(label));
            boolean startsEpoch = zxid.counter() == 1 && zxid.epoch() > label.epoch();
            if (isBelow && (label.next().equals(zxid) || startsEpoch)) {
                load(snapshot);
            }
        }
    }

    private void load(StoredFile snapshot) throws IOException {
        DataTree.Loader loader = new DataTree.Loader();
        SnapshotScan scan = SnapshotScan.read(files, snapshot, loader::accept);
        if (scan.damage() != null) {
            findings.accept(Finding.note(
                    snapshot, scan.goodBytes(), snapshot.zxid(), "not replayed from here: " + scan.damage()));
            return;
        }
        begin(snapshot, scan, loader.finish(snapshot.zxidOrZero()));
    }
}
