package io.matriarch.core.watch;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.core.tree.Znode;
import io.matriarch.wire.Acl;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.WatchEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The watches of all links, keyed by link and path, and what fires them (client.md 13.2).
 *
 * <p>Within one step of a change (such as "Deleted to data watches, then to child watches") a link is told once, however
 * many of its watches match. A one-shot watch that matches is used up even if the sink then withholds the event.
 *
 * <p>One {@link Watch} per link and path holds all kinds as bits; it is found from its path, in the order of arrival, and
 * from its link, so that a link goes in time proportional to its own watches.
 */
public final class WatchTable implements TreeListener {
    private static final int DATA_EVENTS =
            WatchKind.DATA.bit() | WatchKind.PERSISTENT.bit() | WatchKind.RECURSIVE.bit();
    private static final int CHILD_EVENTS = WatchKind.CHILD.bit() | WatchKind.PERSISTENT.bit();
    private static final int ONE_SHOT = WatchKind.DATA.bit() | WatchKind.CHILD.bit();

    private static final class Watcher {
        final LinkId link;
        final Map<String, Watch> watches = new HashMap<>(4);
        long toldInStep;

        Watcher(LinkId link) {
            this.link = link;
        }
    }

    private static final class Watch {
        final Watcher watcher;
        final Place place;
        byte kinds;

        Watch(Watcher watcher, Place place) {
            this.watcher = watcher;
            this.place = place;
        }
    }

    /** One path and its watches, oldest first. */
    private static final class Place {
        final String path;
        Watch[] watches = new Watch[1];
        int size;

        Place(String path) {
            this.path = path;
        }

        void add(Watch watch) {
            if (size == watches.length) {
                watches = Arrays.copyOf(watches, 2 * size);
            }
            watches[size++] = watch;
        }

        void remove(Watch watch) {
            int at = 0;
            while (watches[at] != watch) {
                at++;
            }
            System.arraycopy(watches, at + 1, watches, at, size - at - 1);
            watches[--size] = null;
        }
    }

    private final WatchSink sink;
    private final Map<LinkId, Watcher> watchers = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private int count;
    private int recursiveCount;
    private long step;

    /** An empty table. The sink must not call back. */
    public WatchTable(WatchSink sink) {
        this.sink = sink;
    }

    // --- setting and removing ------------------------------------------------------------------------------------

    /** Sets a watch; setting it again changes nothing. */
    public void add(LinkId link, String path, WatchKind kind) {
        Watcher watcher = watchers.get(link);
        if (watcher == null) {
            watcher = new Watcher(link);
            watchers.put(link, watcher);
        }
        Watch watch = watcher.watches.get(path);
        if (watch == null) {
            Place place = places.get(path);
            if (place == null) {
                place = new Place(path);
                places.put(path, place);
            }
            watch = new Watch(watcher, place);
            place.add(watch);
            watcher.watches.put(place.path, watch);
        }
        setKinds(watch, watch.kinds | kind.bit());
    }

    /** Whether {@code link} has a watch of {@code kind}, or of any kind if that is null, on exactly {@code path}. */
    public boolean has(LinkId link, String path, @Nullable WatchKind kind) {
        Watch watch = find(link, path);
        return watch != null && (watch.kinds & bits(kind)) != 0;
    }

    /** Removes a watch, or those of all kinds if {@code kind} is null; says whether there was one. Nobody is notified. */
    public boolean remove(LinkId link, String path, @Nullable WatchKind kind) {
        Watch watch = find(link, path);
        if (watch == null || (watch.kinds & bits(kind)) == 0) {
            return false;
        }
        setKinds(watch, watch.kinds & ~bits(kind));
        if (watch.kinds == 0) {
            watch.place.remove(watch);
            forget(watch);
        }
        return true;
    }

    /** Removes all watches of {@code link}. */
    public void removeLink(LinkId link) {
        Watcher watcher = watchers.remove(link);
        if (watcher == null) {
            return;
        }
        for (Watch watch : watcher.watches.values()) {
            setKinds(watch, 0);
            watch.place.remove(watch);
            if (watch.place.size == 0) {
                places.remove(watch.place.path);
            }
        }
    }

    /**
     * setWatches and setWatches2 (client.md 13.7): fires what the client missed since {@code request.relativeZxid()}, and
     * sets the other watches. Deviation: no event for a znode that the client may not read, as for live events.
     */
    public void restore(LinkId link, Request.SetWatches request, DataTree tree) {
        long since = request.relativeZxid();
        for (String path : request.data()) {
            Znode node = tree.find(path);
            if (node == null) {
                fire(link, WatchEvent.NODE_DELETED, path, Acl.OPEN);
            } else if (node.mzxid() > since) {
                fire(link, WatchEvent.NODE_DATA_CHANGED, path, node.acl());
            } else {
                add(link, path, WatchKind.DATA);
            }
        }
        for (String path : request.exist()) {
            Znode node = tree.find(path);
            if (node == null) {
                add(link, path, WatchKind.DATA);
            } else {
                fire(link, WatchEvent.NODE_CREATED, path, node.acl());
            }
        }
        for (String path : request.child()) {
            Znode node = tree.find(path);
            if (node == null) {
                fire(link, WatchEvent.NODE_DELETED, path, Acl.OPEN);
            } else if (node.pzxid() > since) {
                fire(link, WatchEvent.NODE_CHILDREN_CHANGED, path, node.acl());
            } else {
                add(link, path, WatchKind.CHILD);
            }
        }
        for (String path : request.persistent()) {
            add(link, path, WatchKind.PERSISTENT);
        }
        for (String path : request.recursive()) {
            add(link, path, WatchKind.RECURSIVE);
        }
    }

    // --- counts --------------------------------------------------------------------------------------------------

    /** Watches as ZooKeeper counts them: a persistent one twice, being in both of its tables. */
    public int count() {
        return count;
    }

    /** Paths with at least one watch. */
    public int pathCount() {
        return places.size();
    }

    /** Links with at least one watch. */
    public int linkCount() {
        return watchers.size();
    }

    /** Takes watches one by one. */
    public interface Visitor {
        /** {@code link} is told of what happens to the znode at {@code path}. */
        void watch(LinkId link, String path);
    }

    /**
     * Shows the watches of {@code link} that fire when a znode comes, goes or gets other data, those that last included: what
     * the words wchs and wchc tell of (operations.md 3.2).
     */
    public void visit(LinkId link, Visitor visitor) {
        Watcher watcher = watchers.get(link);
        if (watcher != null) {
            watcher.watches.values().forEach(watch -> show(watch, visitor));
        }
    }

    /** Shows the same of all links, path by path: wchp. */
    public void visitByPath(Visitor visitor) {
        for (Place place : places.values()) {
            for (int i = 0; i < place.size; i++) {
                show(place.watches[i], visitor);
            }
        }
    }

    private static void show(Watch watch, Visitor visitor) {
        if ((watch.kinds & DATA_EVENTS) != 0) {
            visitor.watch(watch.watcher.link, watch.place.path);
        }
    }

    // --- what fires them -----------------------------------------------------------------------------------------

    @Override
    public void created(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {
        dataStep(path, WatchEvent.NODE_CREATED, acl, zxid);
        childrenChanged(path, parentAcl, zxid);
    }

    @Override
    public void deleted(String path, List<Acl> acl, List<Acl> parentAcl, long zxid) {
        dataStep(path, WatchEvent.NODE_DELETED, acl, zxid);
        // Same step: who was told by a data watch is not told again by a child watch.
        match(path, CHILD_EVENTS, new WatchEvent(WatchEvent.NODE_DELETED, WatchEvent.SYNC_CONNECTED, path), acl, zxid);
        childrenChanged(path, parentAcl, zxid);
    }

    @Override
    public void dataChanged(String path, List<Acl> acl, long zxid) {
        dataStep(path, WatchEvent.NODE_DATA_CHANGED, acl, zxid);
    }

    private void dataStep(String path, int type, List<Acl> acl, long zxid) {
        step++;
        if (places.isEmpty()) {
            return;
        }
        WatchEvent event = new WatchEvent(type, WatchEvent.SYNC_CONNECTED, path);
        match(path, DATA_EVENTS, event, acl, zxid);
        if (recursiveCount == 0 || path.length() == 1) {
            return;
        }
        int end = path.lastIndexOf('/');
        while (end > 0) {
            match(path.substring(0, end), WatchKind.RECURSIVE.bit(), event, acl, zxid);
            end = path.lastIndexOf('/', end - 1);
        }
        match("/", WatchKind.RECURSIVE.bit(), event, acl, zxid);
    }

    private void childrenChanged(String path, List<Acl> parentAcl, long zxid) {
        step++;
        if (places.isEmpty()) {
            return;
        }
        int end = path.lastIndexOf('/');
        String parent = end == 0 ? "/" : path.substring(0, end);
        WatchEvent event = new WatchEvent(WatchEvent.NODE_CHILDREN_CHANGED, WatchEvent.SYNC_CONNECTED, parent);
        match(parent, CHILD_EVENTS, event, parentAcl, zxid);
    }

    /** Tells every link with a watch of one of {@code kinds} on {@code path} that was not told in this step. */
    private void match(String path, int kinds, WatchEvent event, List<Acl> acl, long zxid) {
        Place place = places.get(path);
        if (place == null) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < place.size; i++) {
            Watch watch = place.watches[i];
            if ((watch.kinds & kinds) != 0) {
                if (watch.watcher.toldInStep != step) {
                    watch.watcher.toldInStep = step;
                    sink.fired(watch.watcher.link, event, acl, zxid);
                }
                setKinds(watch, watch.kinds & ~(kinds & ONE_SHOT));
            }
            if (watch.kinds != 0) {
                place.watches[kept++] = watch;
            } else {
                forgetWatcher(watch);
            }
        }
        Arrays.fill(place.watches, kept, place.size, null);
        place.size = kept;
        if (kept == 0) {
            places.remove(path);
        }
    }

    private void fire(LinkId link, int type, String path, List<Acl> acl) {
        sink.fired(link, new WatchEvent(type, WatchEvent.SYNC_CONNECTED, path), acl, -1);
    }

    // --- bookkeeping ---------------------------------------------------------------------------------------------

    private @Nullable Watch find(LinkId link, String path) {
        Watcher watcher = watchers.get(link);
        return watcher == null ? null : watcher.watches.get(path);
    }

    private void setKinds(Watch watch, int kinds) {
        count += weight(kinds) - weight(watch.kinds);
        recursiveCount += isRecursive(kinds) - isRecursive(watch.kinds);
        watch.kinds = (byte) kinds;
    }

    private void forget(Watch watch) {
        if (watch.place.size == 0) {
            places.remove(watch.place.path);
        }
        forgetWatcher(watch);
    }

    private void forgetWatcher(Watch watch) {
        Watcher watcher = watch.watcher;
        watcher.watches.remove(watch.place.path);
        if (watcher.watches.isEmpty()) {
            watchers.remove(watcher.link);
        }
    }

    private static int bits(@Nullable WatchKind kind) {
        return kind == null ? WatchKind.ALL : kind.bit();
    }

    private static int weight(int kinds) {
        return Integer.bitCount(kinds) + ((kinds & WatchKind.PERSISTENT.bit()) == 0 ? 0 : 1);
    }

    private static int isRecursive(int kinds) {
        return (kinds & WatchKind.RECURSIVE.bit()) == 0 ? 0 : 1;
    }
}
