package io.matriarch.sim.history;

import io.matriarch.sim.history.HistoryReport.Violation;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.WatchEvent;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The one-shot watches of one client's connection, held against the sure changes (client.md 13). */
final class Watches {
    private record Watch(String path, boolean ofChildren) {
        @Override
        public String toString() {
            return (ofChildren ? "children of " : "") + path;
        }
    }

    private final int client;
    private final Changes changes;
    private final Consumer<Violation> violations;
    /** Each watch, and a zxid whose state it was set in. */
    private final Map<Watch, Long> armed = new HashMap<>();

    Watches(int client, Changes changes, Consumer<Violation> violations) {
        this.client = client;
        this.changes = changes;
        this.violations = violations;
    }

    void connected() {
        armed.clear();
    }

    void claimed(Request.SetWatches claim) {
        claim.data().forEach(path -> armed.put(new Watch(path, false), claim.relativeZxid()));
        claim.exist().forEach(path -> armed.put(new Watch(path, false), claim.relativeZxid()));
        claim.child().forEach(path -> armed.put(new Watch(path, true), claim.relativeZxid()));
    }

    void told(long zxid, WatchEvent event) {
        boolean ofChildren = event.type() == WatchEvent.NODE_CHILDREN_CHANGED;
        boolean isKnown = take(new Watch(event.path(), ofChildren), zxid, event);
        if (event.type() == WatchEvent.NODE_DELETED) {
            isKnown |= take(new Watch(event.path(), true), zxid, event);
        }
        if (!isKnown) {
            report(HistoryRule.TRUE_WATCH_EVENT, "is told " + event + " but watches only " + armed);
        }
    }

    private boolean take(Watch watch, long zxid, WatchEvent event) {
        Long since = armed.remove(watch);
        if (since == null) {
            return false;
        }
        for (Change change : changes.of(watch.path, watch.ofChildren)) {
            if (zxid != -1 && change.above() >= since && change.zxid() < zxid) {
                report(
                        HistoryRule.TRUE_WATCH_EVENT,
                        "is told " + event + " at " + show(zxid) + " for a watch on " + watch + " set at " + show(since)
                                + ", but " + change + " came before");
                return true;
            }
        }
        boolean isWrongKind = changes.of(watch.path, watch.ofChildren).stream()
                .anyMatch(change ->
                        change.zxid() == zxid && change.above() == zxid - 1 && !isOfKind(change, watch, event.type()));
        if (isWrongKind) {
            report(
                    HistoryRule.TRUE_WATCH_EVENT,
                    "is told " + event + " at " + show(zxid) + ", which was another change");
        }
        return true;
    }

    private static boolean isOfKind(Change change, Watch watch, int type) {
        return watch.ofChildren || change.type() == type;
    }

    /** A reply arrived, and with it the state at its zxid. */
    void replied(Call call, Reply reply) {
        boolean isClaim = call.request() instanceof Request.SetWatches;
        Iterator<Map.Entry<Watch, Long>> entries = armed.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Watch, Long> entry = entries.next();
            Watch watch = entry.getKey();
            Change missed = firstChange(watch, entry.getValue(), reply.zxid());
            if (missed == null) {
                continue;
            }
            if (isClaim && isUnseenByClaim(watch, (Request.SetWatches) call.request())) {
                entry.setValue(reply.zxid());
                continue;
            }
            report(
                    HistoryRule.WATCH_BEFORE_REPLY,
                    "is answered " + call + " at " + show(reply.zxid()) + " without being told of " + missed + " on "
                            + watch + ", watched since " + show(entry.getValue()));
            entries.remove();
        }
        arm(call.request(), reply);
    }

    /** What came and went while an exists watch was away is not told when it is claimed (client.md 13.7). */
    private static boolean isUnseenByClaim(Watch watch, Request.SetWatches claim) {
        return !watch.ofChildren && claim.exist().contains(watch.path);
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

    private @Nullable Change firstChange(Watch watch, long since, long upTo) {
        List<Change> known = changes.of(watch.path, watch.ofChildren);
        Change first = null;
        // Watches are short-lived: the change, if any, is near the end of what the reply shows.
        for (int i = known.size() - 1; i >= 0 && known.get(i).zxid() > since; i--) {
            if (known.get(i).zxid() <= upTo && known.get(i).above() >= since) {
                first = known.get(i);
            }
        }
        return first;
    }

    private void report(HistoryRule rule, String text) {
        violations.accept(new Violation(rule, "client " + client + " " + text));
    }

    private static String show(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
