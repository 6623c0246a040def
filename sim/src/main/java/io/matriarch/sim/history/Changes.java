package io.matriarch.sim.history;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.Stat;
import io.matriarch.wire.client.OpResult;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.client.WatchEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the writes of a history changed: for each path what is sure, in the order of zxids, and whose outcome nobody knows.
 * An ephemeral goes when its session ends, which no client may have been told, so that its end counts as unknown.
 */
final class Changes {
    private static final int EPHEMERAL_BIT = 1;
    private static final int SEQUENTIAL_BIT = 2;

    /** The zxid that was known to somebody when a call was sent. */
    private final ToLongFunction<Call> floor;

    private final Map<String, List<Change>> data = new HashMap<>();
    private final Map<String, List<Change>> children = new HashMap<>();
    private final Map<String, List<Call>> unsure = new HashMap<>();

    Changes(List<Call> calls, ToLongFunction<Call> floor) {
        this.floor = floor;
        for (Call call : calls) {
            add(call);
        }
        data.values().forEach(list -> list.sort(Comparator.comparingLong(Change::zxid)));
        children.values().forEach(list -> list.sort(Comparator.comparingLong(Change::zxid)));
    }

    /** The sure changes of the znode itself, or of its children, by zxid. */
    List<Change> of(String path, boolean ofChildren) {
        return (ofChildren ? children : data).getOrDefault(path, List.of());
    }

    /** Whether a write that nobody was answered, or the end of a session, may have changed this path. */
    boolean mayHave(String path, Predicate<Call> kind) {
        return unsure.getOrDefault(path, List.of()).stream().anyMatch(kind);
    }

    private void add(Call call) {
        Reply reply = call.reply();
        if (reply == null) {
            doubt(call, call.request());
        } else if (reply.err() == 0) {
            done(call, reply.zxid(), call.request(), reply.body());
        }
    }

    private void doubt(Call call, Request request) {
        if (request instanceof Request.Multi multi) {
            multi.ops().forEach(op -> doubt(call, op));
        }
        String path = writtenPath(request);
        if (path != null) {
            unsure.computeIfAbsent(path, key -> new ArrayList<>()).add(call);
        }
    }

    private static @Nullable String writtenPath(Request request) {
        if (request instanceof Request.Create create) {
            return create.path();
        }
        if (request instanceof Request.SetData set) {
            return set.path();
        }
        return request instanceof Request.Delete delete ? delete.path() : null;
    }

    private void done(Call call, long zxid, Request request, @Nullable Response answer) {
        if (request instanceof Request.Multi multi && answer instanceof Response.MultiResults results) {
            boolean failed = results.results().stream().anyMatch(result -> result.err() != 0);
            for (int i = 0; !failed && i < multi.ops().size(); i++) {
                OpResult result = results.results().get(i);
                done(call, zxid, multi.ops().get(i), result.body());
            }
        } else if (request instanceof Request.Create create) {
            created(call, zxid, create, answer);
        } else if (request instanceof Request.SetData set && answer instanceof Response.StatOnly written) {
            Stat stat = written.stat();
            changed(set.path(), stat.mzxid(), WatchEvent.NODE_DATA_CHANGED, set.data(), stat.version(), call);
        } else if (request instanceof Request.Delete delete) {
            Change change = between(call, zxid, WatchEvent.NODE_DELETED, null, Change.DELETED);
            put(data, delete.path(), change);
            put(children, delete.path(), change);
            put(children, parentOf(delete.path()), change);
        }
    }

    private void created(Call call, long zxid, Request.Create create, @Nullable Response answer) {
        String path = create.path();
        Change change = between(call, zxid, WatchEvent.NODE_CREATED, create.data(), 0);
        if (answer instanceof Response.CreatedWithStat created) {
            path = created.path();
            change = Change.at(created.stat().czxid(), WatchEvent.NODE_CREATED, create.data(), 0, call);
        } else if (answer instanceof Response.Created created) {
            path = created.path();
        }
        put(data, path, change);
        put(children, parentOf(path), change);
        if ((create.flags() & EPHEMERAL_BIT) != 0) {
            unsure.computeIfAbsent(path, key -> new ArrayList<>()).add(call);
        }
    }

    private void changed(String path, long zxid, int type, @Nullable Bytes value, int version, Call call) {
        put(data, path, Change.at(zxid, type, value, version, call));
    }

    private Change between(Call call, long zxid, int type, @Nullable Bytes value, int version) {
        return new Change(floor.applyAsLong(call), zxid, type, value, version, call);
    }

    private static void put(Map<String, List<Change>> changes, String path, Change change) {
        changes.computeIfAbsent(path, key -> new ArrayList<>()).add(change);
    }

    /** Whether a call may have made the znode vanish: a delete, or the end of the session that owns it. */
    static boolean mayDelete(Call call) {
        return parts(call).stream()
                .anyMatch(part -> part instanceof Request.Delete
                        || (part instanceof Request.Create create && (create.flags() & EPHEMERAL_BIT) != 0));
    }

    /** Whether a call would have left these data at this path. */
    static boolean mayWrite(Call call, String path, @Nullable Bytes value) {
        return parts(call).stream().anyMatch(part -> writes(part, path, value));
    }

    private static boolean writes(Request part, String path, @Nullable Bytes value) {
        if (part instanceof Request.SetData set) {
            return set.path().equals(path) && Objects.equals(set.data(), value);
        }
        return part instanceof Request.Create create
                && (create.flags() & SEQUENTIAL_BIT) == 0
                && create.path().equals(path)
                && Objects.equals(create.data(), value);
    }

    private static List<Request> parts(Call call) {
        return call.request() instanceof Request.Multi multi ? multi.ops() : List.of(call.request());
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
