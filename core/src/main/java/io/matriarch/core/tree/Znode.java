package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Stat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One znode. Reading it is public, changing it is {@link DataTree}'s.
 *
 * <p>Compact: 112 bytes on a 64-bit JVM with compressed references, besides name and data. Children hang on a linked list
 * through the znodes themselves, oldest first, and so do the chains of the {@link PathIndex}: a childless znode costs
 * nothing for either, and adding or removing a child takes constant time. The list's ends meet: {@code firstChild.prev}
 * is the last child, and the last child's {@code next} is null.
 */
public final class Znode {
    /** Null for the root only. */
    final @Nullable Znode parent;

    /** The last component of the path; empty for the root. */
    final String name;

    /** Hash of the full path, see {@link PathIndex}. */
    final int pathHash;

    byte @Nullable [] data;
    AclTable.Entry acl;

    @Nullable
    Znode firstChild;

    @Nullable
    Znode next;

    @Nullable
    Znode prev;

    /** Next in the index's chain; this znode itself once it is deleted. */
    @Nullable
    Znode hashNext;

    int childCount;
    int version;

    /** How many children were ever created; clients see another number (client.md 9.2). */
    int cversion;

    int aversion;
    long czxid;
    long mzxid;
    long ctime;
    long mtime;
    long pzxid;

    /** 0, a session id, or a mark of {@link NodeOwner}. */
    long owner;

    Znode(@Nullable Znode parent, String name, int pathHash, AclTable.Entry acl) {
        this.parent = parent;
        this.name = name;
        this.pathHash = pathHash;
        this.acl = acl;
    }

    /** The data; null if it was created with null. Shared, not a copy. */
    public @Nullable Bytes data() {
        return data == null ? null : Bytes.wrap(data);
    }

    /** The access list; never null, perhaps empty. */
    public List<Acl> acl() {
        return acl.list;
    }

    /** The full path; "/" for the root. */
    public String path() {
        if (parent == null) {
            return "/";
        }
        int length = 0;
        for (Znode at = this; at.parent != null; at = at.parent) {
            length += at.name.length() + 1;
        }
        char[] path = new char[length];
        int end = length;
        for (Znode at = this; at.parent != null; at = at.parent) {
            int start = end - at.name.length();
            at.name.getChars(0, at.name.length(), path, start);
            path[start - 1] = '/';
            end = start - 1;
        }
        return new String(path);
    }

    public int childCount() {
        return childCount;
    }

    /** The names of the children, oldest first. */
    public List<String> childNames() {
        List<String> names = new ArrayList<>(childCount);
        for (Znode child = firstChild; child != null; child = child.next) {
            if (!child.isDeleted()) {
                names.add(child.name);
            }
        }
        return names;
    }

    public int version() {
        return version;
    }

    /** How many children were ever created, as transactions and snapshots carry it; not the cversion of {@link #stat}. */
    public int createdChildren() {
        return cversion;
    }

    public int aversion() {
        return aversion;
    }

    public long czxid() {
        return czxid;
    }

    public long mzxid() {
        return mzxid;
    }

    public long pzxid() {
        return pzxid;
    }

    /** The session that owns it, 0 if it is not ephemeral. */
    public long ephemeralOwner() {
        return NodeOwner.sessionOf(owner);
    }

    /** The owner as transactions and snapshots carry it: 0, a session, or a mark (zab.md 6.5). */
    public long owner() {
        return owner;
    }

    /** Wall-clock milliseconds of its creation. */
    public long ctime() {
        return ctime;
    }

    /** Wall-clock milliseconds of the last change of its data. */
    public long mtime() {
        return mtime;
    }

    public boolean isEphemeral() {
        return NodeOwner.isSession(owner);
    }

    public boolean isContainer() {
        return owner == NodeOwner.CONTAINER;
    }

    /** What clients see of it (client.md 9.1, 9.2). */
    public Stat stat() {
        return new Stat(
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                2 * cversion - childCount,
                aversion,
                NodeOwner.sessionOf(owner),
                dataLength(),
                childCount,
                pzxid);
    }

    int dataLength() {
        return data == null ? 0 : data.length;
    }

    /** Deleted, but still in its parent's list because an open {@link FrozenTree} shows it. */
    boolean isDeleted() {
        return hashNext == this;
    }

    void linkChild(Znode child) {
        Znode first = firstChild;
        if (first == null) {
            firstChild = child;
            child.prev = child;
        } else {
            Znode last = first.prev;
            last.next = child;
            child.prev = last;
            first.prev = child;
        }
        child.next = null;
    }

    void unlinkChild(Znode child) {
        Znode first = firstChild;
        Znode before = child.prev;
        Znode after = child.next;
        if (child == first) {
            firstChild = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.prev = before;
        } else if (child != first) {
            first.prev = before;
        }
        child.prev = null;
        child.next = null;
    }
}
