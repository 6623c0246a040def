package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.sim.history.History;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.WatchEvent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one-shot watches that one connection has set (client.md 13). An event must tell the first change after its watch
 * was set, and must come before any reply from a state that has the change.
 */
public final class ConnectionWatches {
    private record Watch(String path, boolean isOfChildren) implements Comparable<Watch> {
        @Override
        public int compareTo(Watch other) {
            int byPath = path.compareTo(other.path);
            return byPath != 0 ? byPath : Boolean.compare(isOfChildren, other.isOfChildren);
        }
    }

    private final int client;
    private final DeliveredHistory history;
    private final History seen;
    /** Each watch, and the zxid of the state it was set in. */
    private final Map<Watch, Long> armed = new TreeMap<>();

    ConnectionWatches(int client, DeliveredHistory history, History seen) {
        this.client = client;
        this.history = history;
        this.seen = seen;
    }

    /** Paths whose node was there when its data watch was set. */
    public List<String> dataPaths() {
        return armed.entrySet().stream()
                .filter(entry -> !entry.getKey().isOfChildren && existed(entry))
                .map(entry -> entry.getKey().path)
                .toList();
    }

    /** Paths watched for being created. */
    public List<String> existPaths() {
        return armed.entrySet().stream()
                .filter(entry -> !entry.getKey().isOfChildren && !existed(entry))
                .map(entry -> entry.getKey().path)
                .toList();
    }

    /** Paths watched for children. */
    public List<String> childPaths() {
        return armed.keySet().stream()
                .filter(Watch::isOfChildren)
                .map(Watch::path)
                .toList();
    }

    private boolean existed(Map.Entry<Watch, Long> entry) {
        return history.tree().node(entry.getKey().path).at(entry.getValue()).exists();
    }

    /** The watches of an old connection are claimed again by setWatches, as of {@code zxid}. */
    public void claim(ConnectionWatches old, long zxid) {
        for (Watch watch : old.armed.keySet()) {
            armed.put(watch, zxid);
        }
    }

    /** An event arrived with the transaction's zxid, or -1 if setWatches made it. */
    public void event(long zxid, WatchEvent event) {
        seen.told(client, zxid, event);
        boolean isOfChildren = event.type() == WatchEvent.NODE_CHILDREN_CHANGED;
        boolean isKnown = take(new Watch(event.path(), isOfChildren), zxid, event);
        if (event.type() == WatchEvent.NODE_DELETED) {
            isKnown |= take(new Watch(event.path(), true), zxid, event);
        }
        require(
                isKnown,
                Invariant.TRUE_WATCH_EVENT,
                () -> "client " + client + " is told " + event + " at " + Zxids.show(zxid) + " but watches only "
                        + armed);
    }

    private boolean take(Watch watch, long zxid, WatchEvent event) {
        Long since = armed.remove(watch);
        if (since == null) {
            return false;
        }
        if (zxid != -1) {
            NodeHistory.Change first = firstChange(watch, since);
            require(
                    first != null && first.zxid() == zxid && first.type() == event.type(),
                    Invariant.TRUE_WATCH_EVENT,
                    () -> "client " + client + " is told " + event + " at " + Zxids.show(zxid) + " for a watch set at "
                            + Zxids.show(since) + "; the first change after it is " + first);
        }
        return true;
    }

    void replied(Operation operation, Reply reply) {
        Iterator<Map.Entry<Watch, Long>> entries = armed.entrySet().iterator();
        boolean isReclaim = operation.request() instanceof Request.SetWatches;
        while (entries.hasNext()) {
            Map.Entry<Watch, Long> entry = entries.next();
            NodeHistory.Change missed = firstChange(entry.getKey(), entry.getValue());
            if (missed == null || missed.zxid() > reply.zxid()) {
                continue;
            }
            if (isReclaim
                    && isUnseenByReclaim(entry.getKey(), (Request.SetWatches) operation.request(), reply.zxid())) {
                entry.setValue(reply.zxid());
                continue;
            }
            throw new InvariantViolation(
                    Invariant.WATCH_BEFORE_REPLY,
                    operation + " is answered at " + Zxids.show(reply.zxid()) + " and " + missed + " of "
                            + entry.getKey() + ", watched since " + Zxids.show(entry.getValue()) + ", was not told");
        }
        arm(operation.request(), reply);
    }

    /** A path that is absent again when an exists watch is set again: what came and went is not told (client.md 13.7). */
    private boolean isUnseenByReclaim(Watch watch, Request.SetWatches request, long zxid) {
        return !watch.isOfChildren
                && request.exist().contains(watch.path)
                && !history.tree().node(watch.path).at(zxid).exists();
    }

    private void arm(Request request, Reply reply) {
        boolean isFound = reply.err() == ErrorCode.OK;
        if (request instanceof Request.GetData get && get.watch() && isFound) {
            armed.put(new Watch(get.path(), false), reply.zxid());
        } else if (request instanceof Request.GetChildren list && list.watch() && isFound) {
            armed.put(new Watch(list.path(), true), reply.zxid());
        } else if (request instanceof Request.Exists exists
                && exists.watch()
                && (isFound || reply.err() == ErrorCode.NO_NODE)) {
            armed.put(new Watch(exists.path(), false), reply.zxid());
        }
    }

    private NodeHistory.@Nullable Change firstChange(Watch watch, long since) {
        List<NodeHistory.Change> changes = history.tree().node(watch.path).changes(watch.isOfChildren);
        // Watches are short-lived: the change, if any, is near the end.
        NodeHistory.Change first = null;
        for (int i = changes.size() - 1; i >= 0 && changes.get(i).zxid() > since; i--) {
            first = changes.get(i);
        }
        return first;
    }
}
