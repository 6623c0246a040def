package io.matriarch.core.request;

import io.matriarch.core.tree.NodeOwner;
import io.matriarch.core.tree.Znode;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.disk.NodeRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a znode will be after some transaction that is prepared and not yet applied: what later checks need to know, and
 * what its digest is made of (disk.md 9). Not changed once it is put into a {@link PendingTree}.
 */
final class PendingNode {
    final String path;
    final long zxid;
    boolean exists = true;
    List<Acl> acl;

    @Nullable
    Bytes data;

    int version;
    int aversion;
    int createdChildren;
    int childCount;
    long ephemeralOwner;
    boolean isContainer;

    private long owner;
    private long czxid;
    private long mzxid;
    private long pzxid;
    private long ctime;
    private long mtime;

    /** What it replaces in the layer, while it may still be undone. */
    @Nullable
    PendingNode before;

    /** Its digest once it was put; 0 if it does not exist. */
    long digest;

    private PendingNode(String path, long zxid, List<Acl> acl) {
        this.path = path;
        this.zxid = zxid;
        this.acl = acl;
    }

    /** A znode that the transaction {@code zxid} creates at {@code wallMillis}; the rest is to be filled in. */
    static PendingNode created(String path, long zxid, long wallMillis, List<Acl> acl) {
        PendingNode node = new PendingNode(path, zxid, acl);
        node.czxid = zxid;
        node.mzxid = zxid;
        node.pzxid = zxid;
        node.ctime = wallMillis;
        node.mtime = wallMillis;
        return node;
    }

    /** A znode as it is in the tree. */
    static PendingNode of(String path, Znode node) {
        PendingNode copy = new PendingNode(path, node.mzxid(), node.acl());
        copy.data = node.data();
        copy.version = node.version();
        copy.aversion = node.aversion();
        copy.createdChildren = node.createdChildren();
        copy.childCount = node.childCount();
        copy.ephemeralOwner = node.ephemeralOwner();
        copy.isContainer = node.isContainer();
        copy.owner = node.owner();
        copy.czxid = node.czxid();
        copy.mzxid = node.mzxid();
        copy.pzxid = node.pzxid();
        copy.ctime = node.ctime();
        copy.mtime = node.mtime();
        return copy;
    }

    /** A copy to be changed by the transaction {@code byZxid}. */
    PendingNode changed(long byZxid) {
        PendingNode copy = new PendingNode(path, byZxid, acl);
        copy.data = data;
        copy.version = version;
        copy.aversion = aversion;
        copy.createdChildren = createdChildren;
        copy.childCount = childCount;
        copy.ephemeralOwner = ephemeralOwner;
        copy.isContainer = isContainer;
        copy.owner = owner;
        copy.czxid = czxid;
        copy.mzxid = mzxid;
        copy.pzxid = pzxid;
        copy.ctime = ctime;
        copy.mtime = mtime;
        return copy;
    }

    /** What remains when the transaction {@code byZxid} deletes it. */
    PendingNode deleted(long byZxid) {
        PendingNode gone = new PendingNode(path, byZxid, acl);
        gone.exists = false;
        gone.ephemeralOwner = ephemeralOwner;
        return gone;
    }

    /** Belongs to a session, or has a mark of {@link NodeOwner} in the place of one, or 0. */
    void own(long ownerOrMark) {
        owner = ownerOrMark;
        ephemeralOwner = NodeOwner.sessionOf(ownerOrMark);
        isContainer = ownerOrMark == NodeOwner.CONTAINER;
    }

    /**
     * Whether nobody needs it any more at {@code wallMillis}, as long as it has no children (client.md 9.5): a container that
     * had some, or one that never had any for too long, or a znode that was not changed for its time to live.
     */
    boolean isUnneeded(long wallMillis, ZnodeConfig.Removal removal) {
        long ageMillis = wallMillis - mtime;
        if (isContainer) {
            return createdChildren > 0 || removal.endsUnused(ageMillis);
        }
        return NodeOwner.isTtl(owner) && ageMillis > NodeOwner.ttlMillis(owner);
    }

    /** The transaction that this copy is for sets the data, at {@code wallMillis}. */
    void setData(@Nullable Bytes newData, long wallMillis) {
        data = newData;
        mzxid = zxid;
        mtime = wallMillis;
        version++;
    }

    /** The transaction that this copy is for creates a child; as {@code created} is the number of creations then. */
    void countChild(int created) {
        childCount++;
        if (created > createdChildren) {
            createdChildren = created;
            pzxid = zxid;
        }
    }

    /** The transaction that this copy is for deletes a child. */
    void uncountChild() {
        childCount--;
        pzxid = Math.max(pzxid, zxid);
    }

    /** What its digest is made of. */
    NodeRecord record() {
        return new NodeRecord(
                path.equals("/") ? "" : path,
                data,
                0,
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                createdChildren,
                aversion,
                owner,
                pzxid);
    }
}
