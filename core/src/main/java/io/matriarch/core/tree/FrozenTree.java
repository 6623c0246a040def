package io.matriarch.core.tree;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DataTree} as it was at one zxid, read piece by piece while transactions go on being applied to it. Several may
 * be open at once.
 *
 * <p>Nothing is copied when it is made but the tables of sessions and access lists. Afterwards the tree does three things
 * for each open view:
 *
 * <ul>
 *   <li>before a znode changes for the first time, its state is saved here (data is shared, not copied);
 *   <li>a znode that is deleted stays in its parent's list of children, out of reach for everybody else, until no view
 *       shows it;
 *   <li>znodes that are created later are recognised by their czxid.
 * </ul>
 *
 * So the lists of children always hold everything that was there, in the same order, and a cursor may walk them depth
 * first with any pause between two steps. It rests only on znodes of the view, which cannot leave their lists.
 */
public final class FrozenTree implements AutoCloseable {
    /** What a record takes besides path and data. */
    private static final int RECORD_BYTES = 76;

    /** Saved for a znode that does not belong to the view although its czxid says so. */
    private static final Saved BORN_LATER = new Saved();

    private final DataTree tree;
    private final Znode root;
    private final Zxid zxid;
    private final long digest;
    private final IdentityHashMap<Znode, Saved> saved = new IdentityHashMap<>();
    private final List<Znode> deleted = new ArrayList<>();
    private final StringBuilder path = new StringBuilder();

    private SnapshotPiece.@Nullable Tables tables;
    private @Nullable Znode cursor;
    private boolean isStarted;
    private boolean isEnded;
    private boolean isClosed;

    FrozenTree(DataTree tree, Znode root) {
        this.tree = tree;
        this.root = root;
        this.zxid = tree.lastApplied();
        this.digest = tree.digest();
        this.tables = new SnapshotPiece.Tables(new LinkedHashMap<>(tree.sessions), tree.acls.lists());
    }

    /** The transaction after which the tree looked like this. */
    public Zxid zxid() {
        return zxid;
    }

    /**
     * The next piece: tables, then znodes of about {@code maxBytes} at most (one at least), then the end; null after
     * that.
     */
    public @Nullable SnapshotPiece next(int maxBytes) {
        if (isClosed) {
            throw new IllegalStateException("the view at " + zxid + " is closed");
        }
        SnapshotPiece first = tables;
        if (first != null) {
            tables = null;
            return first;
        }
        List<NodeRecord> nodes = new ArrayList<>();
        int bytes = 0;
        while (bytes < maxBytes && advance()) {
            NodeRecord node = record(cursor);
            nodes.add(node);
            bytes += RECORD_BYTES
                    + node.path().length()
                    + (node.data() == null ? 0 : node.data().length());
        }
        if (!nodes.isEmpty()) {
            return new SnapshotPiece.Nodes(nodes);
        }
        if (isEnded) {
            return null;
        }
        isEnded = true;
        return new SnapshotPiece.End(zxid, digest);
    }

    /** Lets the tree forget what it kept for this view. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        tree.thaw(this);
        for (Znode node : deleted) {
            if (!tree.isShown(node)) {
                node.parent.unlinkChild(node);
            }
        }
        deleted.clear();
        saved.clear();
    }

    // --- for the tree --------------------------------------------------------------------------------------------

    /** {@code node} is about to change or to be deleted. */
    void save(Znode node) {
        if (node.czxid <= zxid.value() && !saved.containsKey(node)) {
            saved.put(node, new Saved(node));
        }
    }

    /** {@code node} was created. */
    void born(Znode node) {
        if (node.czxid <= zxid.value()) {
            saved.put(node, BORN_LATER);
        }
    }

    /** {@code node} was deleted. If the view shows it, it stays in its list until the view closes. */
    boolean keepsDeleted(Znode node) {
        if (!showsDeleted(node)) {
            return false;
        }
        deleted.add(node);
        return true;
    }

    /** Whether the view shows {@code node}, which is deleted: if so, its state was saved just before that. */
    boolean showsDeleted(Znode node) {
        Saved state = saved.get(node);
        return state != null && state != BORN_LATER;
    }

    // --- the cursor ----------------------------------------------------------------------------------------------

    /** Moves the cursor to the next znode of the view, in pre-order; false if there is none. */
    private boolean advance() {
        if (!isStarted) {
            isStarted = true;
            cursor = root;
            return true;
        }
        if (cursor == null) {
            return false;
        }
        Znode child = firstOfView(cursor.firstChild);
        if (child != null) {
            cursor = child;
            path.append('/').append(child.name);
            return true;
        }
        while (cursor != root) {
            path.setLength(path.length() - cursor.name.length() - 1);
            Znode sibling = firstOfView(cursor.next);
            if (sibling != null) {
                cursor = sibling;
                path.append('/').append(sibling.name);
                return true;
            }
            cursor = cursor.parent;
        }
        cursor = null;
        return false;
    }

    private @Nullable Znode firstOfView(@Nullable Znode from) {
        Znode node = from;
        while (node != null && !isOfView(node)) {
            node = node.next;
        }
        return node;
    }

    private boolean isOfView(Znode node) {
        if (node.czxid > zxid.value()) {
            return false;
        }
        // A deleted znode that is not saved was deleted before this view, and is kept for an older one.
        Saved state = saved.get(node);
        return state == null ? !node.isDeleted() : state != BORN_LATER;
    }

    private NodeRecord record(Znode node) {
        Saved state = saved.get(node);
        return (state == null ? new Saved(node) : state).record(path.toString());
    }

    /** The state of a znode before it changed. */
    private static final class Saved {
        private final byte @Nullable [] data;
        private final long aclId;
        private final long czxid;
        private final long mzxid;
        private final long ctime;
        private final long mtime;
        private final int version;
        private final int cversion;
        private final int aversion;
        private final long owner;
        private final long pzxid;

        Saved(Znode node) {
            data = node.data;
            aclId = node.acl.id;
            czxid = node.czxid;
            mzxid = node.mzxid;
            ctime = node.ctime;
            mtime = node.mtime;
            version = node.version;
            cversion = node.cversion;
            aversion = node.aversion;
            owner = node.owner;
            pzxid = node.pzxid;
        }

        Saved() {
            this(new Znode(null, "", 0, AclTable.OPEN));
        }

        NodeRecord record(String path) {
            Bytes bytes = data == null ? null : Bytes.wrap(data);
            return new NodeRecord(
                    path, bytes, aclId, czxid, mzxid, ctime, mtime, version, cversion, aversion, owner, pzxid);
        }
    }
}
