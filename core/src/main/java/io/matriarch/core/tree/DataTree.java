package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The database: znodes, the sessions that are open, and the zxid of the last transaction applied. The same transactions
 * make the same tree on every server; nothing else changes it, but for {@link #setConfig}.
 *
 * <p>Source: client.md 9, disk.md 7 to 9. Paths are full; "/" and "" both name the root.
 */
public final class DataTree {
    static final String ZOOKEEPER = "/zookeeper";
    static final String QUOTA = "/zookeeper/quota";

    /** Where clients read the membership. */
    public static final String CONFIG = "/zookeeper/config";

    private static final byte[] NO_BYTES = new byte[0];

    final AclTable acls = new AclTable();
    final Map<Long, Integer> sessions = new LinkedHashMap<>();

    private final Znode root = new Znode(null, "", 0, AclTable.OPEN);
    private final PathIndex index = new PathIndex();
    private final NodeDigest digests = new NodeDigest();
    private final Map<Long, Set<Znode>> ephemerals = new LinkedHashMap<>();
    private final Set<Znode> containers = new LinkedHashSet<>();
    private final Set<Znode> ttlNodes = new LinkedHashSet<>();
    private final List<FrozenTree> frozen = new ArrayList<>();
    private final TxnApplier applier = new TxnApplier(this);
    private final Quotas quotas = new Quotas(this);
    private final DigestCheck digestCheck = new DigestCheck();
    private final DigestLog digestLog = new DigestLog();

    private Zxid lastApplied = Zxid.ZERO;
    private long digest;
    private long dataBytes;
    private int ephemeralCount;

    /** The empty database: the reserved znodes of disk.md 8 and nothing else, at zxid 0. */
    public DataTree() {
        this(true);
    }

    private DataTree(boolean withReserved) {
        if (withReserved) {
            root.data = NO_BYTES;
        }
        digest = digests.of(root, "");
        dataBytes = "/".length();
        if (withReserved) {
            addMissingReserved();
        }
    }

    // --- changing ------------------------------------------------------------------------------------------------

    /**
     * Does what disk.md 7 says, tells {@code listener} of it, and moves {@link #lastApplied} afterwards. Applying a
     * transaction again, or onto a snapshot that already holds its effects, does no harm.
     */
    public TxnResult apply(Txn txn, TreeListener listener) {
        TxnResult result = applier.apply(txn, listener);
        Zxid zxid = txn.header().zxid();
        if (zxid.isAfter(lastApplied)) {
            lastApplied = zxid;
            digestCheck.applied(zxid, digest, txn.digest());
            if (!digestCheck.isFuzzyAt(zxid)) {
                digestLog.applied(zxid, digest);
            }
        }
        return result;
    }

    /** The tree is known to hold all that was committed up to {@code zxid}, though no transaction may carry it. */
    public void advanceTo(Zxid zxid) {
        if (zxid.isAfter(lastApplied)) {
            lastApplied = zxid;
        }
    }

    /**
     * Writes the membership into {@link #CONFIG} without a transaction (disk.md 8): on this server only, seen by no
     * watch and by no digest.
     *
     * @param version of the configuration, a zxid
     */
    public void setConfig(String text, long version, long wallMillis) {
        addMissingReserved();
        Znode node = find(CONFIG);
        beforeChange(node, CONFIG);
        putData(node, Bytes.utf8(text));
        node.version = -1;
        node.mzxid = version;
        node.mtime = wallMillis;
        afterChange(node, CONFIG);
    }

    // --- reading -------------------------------------------------------------------------------------------------

    /** The zxid of the last transaction applied, or of the snapshot the tree was loaded from. */
    public Zxid lastApplied() {
        return lastApplied;
    }

    /** The znode with this path, which need not be a valid one; null if there is none. */
    public @Nullable Znode find(String path) {
        return find(path, path.length());
    }

    /** The znode whose path is the first {@code end} characters of {@code path}. */
    @Nullable
    Znode find(String path, int end) {
        if (end == 0 || (end == 1 && path.charAt(0) == '/')) {
            return root;
        }
        return index.find(path, end);
    }

    /** Znodes, the root and the reserved ones included; Apache reports one more, having the root twice. */
    public int nodeCount() {
        return index.size() + 1;
    }

    public int ephemeralCount() {
        return ephemeralCount;
    }

    public int sessionCount() {
        return sessions.size();
    }

    /** Characters of all paths and bytes of all data, as {@code zk_approximate_data_size} counts. */
    public long approximateDataBytes() {
        return dataBytes;
    }

    /** The sum of all znodes' digests modulo 2^64 (disk.md 9). */
    public long digest() {
        return digest;
    }

    /**
     * The first transaction after which this tree's digest was not the one that the leader had given; null if all were
     * equal. Then this tree is not the one it should be (disk.md R17).
     */
    public @Nullable Zxid digestMismatch() {
        return digestCheck.mismatch();
    }

    /** After how many transactions the digest was not the one that the leader had given. */
    public long digestMismatches() {
        return digestCheck.mismatches();
    }

    /** Digests at some zxids that every server has in common. */
    public DigestLog digestLog() {
        return digestLog;
    }

    /**
     * Nothing above {@code zxid} is in this tree, which was loaded from a snapshot that may have been written while
     * transactions went on: from the next one on, digests are compared.
     */
    public void exactFrom(Zxid zxid) {
        digestCheck.exactFrom(zxid);
    }

    /** How much there is below the znodes that have a quota. */
    public Quotas quotas() {
        return quotas;
    }

    public boolean hasSession(long sessionId) {
        return sessions.containsKey(sessionId);
    }

    /** Timeouts in milliseconds by session id, in the order of creation; a view. */
    public Map<Long, Integer> sessions() {
        return Collections.unmodifiableMap(sessions);
    }

    /** The paths of the session's ephemeral znodes, oldest first. */
    public List<String> ephemerals(long sessionId) {
        return paths(ephemerals.getOrDefault(sessionId, Set.of()));
    }

    /** The sessions that own ephemeral znodes, each once; a copy. */
    public List<Long> ephemeralOwners() {
        return List.copyOf(ephemerals.keySet());
    }

    /** Sessions that own znodes but are not open: their closing must be proposed by a new leader (zab.md R24). */
    public List<Long> unknownOwners() {
        List<Long> unknown = new ArrayList<>();
        for (Long owner : ephemerals.keySet()) {
            if (!sessions.containsKey(owner)) {
                unknown.add(owner);
            }
        }
        return unknown;
    }

    /** Container znodes that had children once and have none now (client.md 9.5): their deletion may be proposed. */
    public List<String> emptyContainers() {
        List<String> empty = new ArrayList<>();
        for (Znode node : containers) {
            if (node.childCount == 0 && node.cversion > 0) {
                empty.add(node.path());
            }
        }
        return empty;
    }

    /** Container znodes that never had children and were made, or given data, before {@code wallMillis}. */
    public List<String> unusedContainers(long wallMillis) {
        List<String> unused = new ArrayList<>();
        for (Znode node : containers) {
            if (node.cversion == 0 && node.mtime < wallMillis) {
                unused.add(node.path());
            }
        }
        return unused;
    }

    /** Childless znodes whose time to live has passed at {@code wallMillis} (client.md 9.5). */
    public List<String> expiredTtlNodes(long wallMillis) {
        List<String> expired = new ArrayList<>();
        for (Znode node : ttlNodes) {
            if (node.childCount == 0 && wallMillis - node.mtime > NodeOwner.ttlMillis(node.owner)) {
                expired.add(node.path());
            }
        }
        return expired;
    }

    /** All znodes below {@code node}; takes time in proportion. */
    public int descendantCount(Znode node) {
        int count = 0;
        Znode at = node;
        while (true) {
            if (at.firstChild != null) {
                at = at.firstChild;
            } else {
                while (at != node && at.next == null) {
                    at = at.parent;
                }
                if (at == node) {
                    return count;
                }
                at = at.next;
            }
            count += at.isDeleted() ? 0 : 1;
        }
    }

    /**
     * Refuses a tree in which some znode's access list was in no snapshot and in no transaction since (disk.md R12). Call
     * it when the log has been replayed.
     */
    public void requireResolvedAcls() {
        if (acls.unresolved() > 0) {
            throw new MalformedException(
                    acls.unresolved() + " znodes name access lists that neither the snapshot nor the log defines");
        }
    }

    // --- snapshots -----------------------------------------------------------------------------------------------

    /**
     * A view of the tree as it is now, to be read piece by piece while transactions go on being applied. Takes time in
     * proportion to sessions and access lists, not to znodes. Close it.
     */
    public FrozenTree freeze() {
        FrozenTree view = new FrozenTree(this, root);
        frozen.add(view);
        return view;
    }

    void thaw(FrozenTree view) {
        frozen.remove(view);
    }

    /** Whether an open view shows {@code node}, which was deleted. */
    boolean isShown(Znode node) {
        for (FrozenTree view : frozen) {
            if (view.showsDeleted(node)) {
                return true;
            }
        }
        return false;
    }

    /** Builds a tree from the pieces of a snapshot. */
    public static final class Loader {
        private final TreeLoader loader = new TreeLoader(new DataTree(false));

        /**
         * Takes the next piece.
         *
         * @throws MalformedException saying what is wrong and at which path; the loader is of no use afterwards
         */
        public void accept(SnapshotPiece piece) {
            loader.accept(piece);
        }

        /**
         * The tree, labelled {@code label}: the transactions after it are to be applied next. From which of them on their
         * digests count, the snapshot's end tells, or later {@link DataTree#exactFrom}.
         *
         * @throws MalformedException if pieces are missing
         */
        public DataTree finish(Zxid label) {
            return loader.finish(label);
        }
    }

    void loaded(Zxid label, SnapshotPiece.End end) {
        addMissingReserved();
        quotas.loaded();
        lastApplied = label;
        digestCheck.loaded(label, end);
    }

    // --- for the applier and the loader --------------------------------------------------------------------------

    /** Call before any field of a znode changes; {@link #afterChange} afterwards. */
    void beforeChange(Znode node, String path) {
        digest -= digests.of(node, path);
        for (int i = 0; i < frozen.size(); i++) {
            frozen.get(i).save(node);
        }
    }

    void afterChange(Znode node, String path) {
        digest += digests.of(node, path);
    }

    void putData(Znode node, @Nullable Bytes data) {
        dataBytes -= node.dataLength();
        node.data =
                data == null ? null : data.isEmpty() ? NO_BYTES : data.compact().array();
        dataBytes += node.dataLength();
    }

    void putAcl(Znode node, List<Acl> acl) {
        AclTable.Entry before = node.acl;
        node.acl = acls.use(acl);
        acls.release(before);
    }

    /** A new znode, not yet in the tree; set its fields, then {@link #attach} it. */
    Znode newNode(Znode parent, String path, AclTable.Entry acl) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return new Znode(parent, name, PathIndex.hash(path, path.length()), acl);
    }

    /** Puts a finished znode into the tree; the parent's counters are the caller's. */
    void attach(Znode node, String path) {
        node.parent.linkChild(node);
        node.parent.childCount++;
        index.add(node);
        dataBytes += path.length() + node.dataLength();
        digest += digests.of(node, path);
        for (int i = 0; i < frozen.size(); i++) {
            frozen.get(i).born(node);
        }
        register(node);
    }

    /** Takes a childless znode out of the tree; the parent's counters are the caller's. */
    void detach(Znode node, String path) {
        beforeChange(node, path);
        unregister(node);
        dataBytes -= path.length() + node.dataLength();
        index.remove(node);
        acls.release(node.acl);
        node.parent.childCount--;
        node.hashNext = node;
        boolean isShown = false;
        for (int i = 0; i < frozen.size(); i++) {
            isShown |= frozen.get(i).keepsDeleted(node);
        }
        if (!isShown) {
            node.parent.unlinkChild(node);
        }
    }

    /** The session's ephemeral znodes; a copy. */
    List<Znode> ephemeralNodes(long sessionId) {
        return List.copyOf(ephemerals.getOrDefault(sessionId, Set.of()));
    }

    void putRoot(Znode like) {
        digest -= digests.of(root, "");
        root.version = like.version;
        root.cversion = like.cversion;
        root.aversion = like.aversion;
        root.czxid = like.czxid;
        root.mzxid = like.mzxid;
        root.ctime = like.ctime;
        root.mtime = like.mtime;
        root.pzxid = like.pzxid;
        root.owner = like.owner;
        root.acl = like.acl;
        root.data = like.data;
        dataBytes += root.dataLength();
        digest += digests.of(root, "");
    }

    private void register(Znode node) {
        if (node.owner == 0) {
            return;
        }
        if (node.owner == NodeOwner.CONTAINER) {
            containers.add(node);
        } else if (NodeOwner.isTtl(node.owner)) {
            ttlNodes.add(node);
        } else {
            ephemerals
                    .computeIfAbsent(node.owner, owner -> new LinkedHashSet<>(4))
                    .add(node);
            ephemeralCount++;
        }
    }

    private void unregister(Znode node) {
        if (node.owner == 0) {
            return;
        }
        if (node.owner == NodeOwner.CONTAINER) {
            containers.remove(node);
        } else if (NodeOwner.isTtl(node.owner)) {
            ttlNodes.remove(node);
        } else {
            Set<Znode> owned = ephemerals.get(node.owner);
            owned.remove(node);
            if (owned.isEmpty()) {
                ephemerals.remove(node.owner);
            }
            ephemeralCount--;
        }
    }

    private void addMissingReserved() {
        addReserved(ZOOKEEPER, Acl.OPEN, 0);
        addReserved(CONFIG, Acl.READ, -1);
        addReserved(QUOTA, Acl.OPEN, 0);
    }

    private void addReserved(String path, List<Acl> acl, int aversion) {
        if (find(path) != null) {
            return;
        }
        Znode parent = find(path, Math.max(path.lastIndexOf('/'), 0));
        Znode node = newNode(parent, path, acls.use(acl));
        node.data = NO_BYTES;
        node.aversion = aversion;
        attach(node, path);
    }

    private static List<String> paths(Collection<Znode> nodes) {
        List<String> paths = new ArrayList<>(nodes.size());
        for (Znode node : nodes) {
            paths.add(node.path());
        }
        return paths;
    }
}
