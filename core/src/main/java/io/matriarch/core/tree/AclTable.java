package io.matriarch.core.tree;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Id;
import io.matriarch.wire.disk.NodeRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct access lists of a tree, counted (disk.md 5.3). Ids count from 1 and are never used twice; a list that no
 * znode names any more is dropped. The open list is not in the table.
 */
final class AclTable {
    /** Nobody may do anything: stands in for a list that a snapshot failed to define (disk.md R12). */
    private static final List<Acl> CLOSED = List.of(new Acl(0, Id.ANYONE));

    /** One list. Znodes refer to it directly. */
    static final class Entry {
        final long id;
        final List<Acl> list;
        long uses;

        private Entry(long id, List<Acl> list) {
            this.id = id;
            this.list = list;
        }

        boolean isUnresolved() {
            return list == CLOSED;
        }
    }

    static final Entry OPEN = new Entry(NodeRecord.OPEN_ACL_ID, Acl.OPEN);

    private final Map<List<Acl>, Entry> byList = new HashMap<>();
    private final Map<Long, Entry> byId = new LinkedHashMap<>();
    private long lastId;
    private int unresolved;

    /** The entry of {@code list}, with one use more. */
    Entry use(List<Acl> list) {
        if (list.equals(Acl.OPEN)) {
            return OPEN;
        }
        Entry entry = byList.get(list);
        if (entry == null) {
            entry = new Entry(++lastId, list);
            byList.put(list, entry);
            byId.put(entry.id, entry);
        }
        entry.uses++;
        return entry;
    }

    /** An entry of its own for a znode whose list is not known yet. */
    Entry useUnresolved(long id) {
        unresolved++;
        Entry entry = new Entry(id, CLOSED);
        entry.uses++;
        return entry;
    }

    void release(Entry entry) {
        if (entry == OPEN) {
            return;
        }
        entry.uses--;
        if (entry.isUnresolved()) {
            unresolved--;
        } else if (entry.uses == 0) {
            byList.remove(entry.list);
            byId.remove(entry.id);
        }
    }

    /** Znodes whose list is not known yet. */
    int unresolved() {
        return unresolved;
    }

    /** A copy, in order of ids. */
    Map<Long, List<Acl>> lists() {
        Map<Long, List<Acl>> lists = new LinkedHashMap<>();
        for (Entry entry : byId.values()) {
            lists.put(entry.id, entry.list);
        }
        return lists;
    }
}
