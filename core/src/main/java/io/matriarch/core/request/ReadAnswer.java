package io.matriarch.core.request;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.Znode;
import io.matriarch.core.watch.WatchKind;
import io.matriarch.core.watch.WatchTable;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Id;
import io.matriarch.wire.Permission;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.OpResult;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads from the tree as it is, and sets the watches they ask for in the same step (client.md 6.4, 13). Paths of
 * reads are not validated: what is no path names no znode.
 */
final class ReadAnswer {
    private static final int PERSISTENT_MODE = 0;
    private static final int RECURSIVE_MODE = 1;
    private static final int LAST_WATCH_TYPE = 5;
    private static final int ANY_WATCH_TYPE = 3;

    private final DataTree tree;
    private final WatchTable watches;
    private final LinkId link;
    private final long sessionId;
    private final List<Id> identities;
    private final AclChecks aclChecks;

    /** For the reads of {@code request}'s client, judged by the identities it had then. */
    ReadAnswer(DataTree tree, WatchTable watches, QueuedRequest request, AclChecks aclChecks) {
        this.tree = tree;
        this.watches = watches;
        this.link = request.link.id;
        this.sessionId = request.link.sessionId;
        this.identities = request.identities;
        this.aclChecks = aclChecks;
    }

    /** An error code, or a body, or neither if the operation has none. */
    private record Outcome(int err, @Nullable Response body) {}

    private static final Outcome DONE = new Outcome(ErrorCode.OK, null);

    private static Outcome failed(int err) {
        return new Outcome(err, null);
    }

    private static Outcome done(Response body) {
        return new Outcome(ErrorCode.OK, body);
    }

    Reply to(int xid, Request request) {
        // Taken before the read is evaluated (client.md 4).
        long zxid = tree.lastApplied().value();
        Outcome outcome = outcome(request);
        return new Reply(xid, zxid, outcome.err, outcome.body);
    }

    private Outcome outcome(Request request) {
        if (request instanceof Request.GetData r) {
            return getData(r.path(), r.watch());
        } else if (request instanceof Request.Exists r) {
            return exists(r);
        } else if (request instanceof Request.GetChildren r) {
            return getChildren(r, r.watch());
        } else if (request instanceof Request.GetAcl r) {
            return getAcl(r.path());
        } else if (request instanceof Request.SetWatches r) {
            watches.restore(link, r, tree);
            return DONE;
        } else if (request instanceof Request.AddWatch r) {
            return addWatch(r);
        } else if (request instanceof Request.CheckWatches r) {
            return watch(r.path(), r.type(), false);
        } else if (request instanceof Request.RemoveWatches r) {
            return watch(r.path(), r.type(), true);
        } else if (request instanceof Request.GetEphemerals r) {
            return done(new Response.Ephemerals(ephemerals(r.prefix())));
        } else if (request instanceof Request.GetAllChildrenNumber r) {
            return getAllChildrenNumber(r.path());
        } else if (request instanceof Request.MultiRead r) {
            return multiRead(r);
        } else if (request instanceof Request.WhoAmI) {
            return done(new Response.WhoAmI(whoAmI()));
        } else if (request instanceof Request.Ping) {
            return DONE;
        }
        throw new IllegalStateException(OpCode.name(request.opcode()) + " is no read");
    }

    // --- znodes --------------------------------------------------------------------------------------------------

    /** Why {@code node} may not be read: 0 if it may. */
    private int whyNotReadable(@Nullable Znode node) {
        if (node == null) {
            return ErrorCode.NO_NODE;
        }
        return aclChecks.permitReading(node.acl(), identities) ? ErrorCode.OK : ErrorCode.NO_AUTH;
    }

    private Outcome exists(Request.Exists request) {
        String path = request.path();
        if (path.indexOf('\0') >= 0) {
            return failed(ErrorCode.BAD_ARGUMENTS);
        }
        Znode node = tree.find(path);
        int refused = whyNotReadable(node);
        if (request.watch() && refused != ErrorCode.NO_AUTH) {
            watches.add(link, path, WatchKind.DATA);
        }
        return refused == ErrorCode.OK ? done(new Response.StatOnly(node.stat())) : failed(refused);
    }

    private Outcome getData(String path, boolean watch) {
        Znode node = tree.find(path);
        int refused = whyNotReadable(node);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        if (watch) {
            watches.add(link, path, WatchKind.DATA);
        }
        return done(new Response.Data(node.data(), node.stat()));
    }

    private Outcome getChildren(Request.GetChildren request, boolean watch) {
        Znode node = tree.find(request.path());
        int refused = whyNotReadable(node);
        if (refused != ErrorCode.OK) {
            return failed(refused);
        }
        if (watch) {
            watches.add(link, request.path(), WatchKind.CHILD);
        }
        List<String> names = node.childNames();
        return done(
                request.withStat() ? new Response.ChildrenWithStat(names, node.stat()) : new Response.Children(names));
    }

    /** READ or ADMIN will do; without ADMIN password hashes are hidden. */
    private Outcome getAcl(String path) {
        Znode node = tree.find(path);
        if (node == null) {
            return failed(ErrorCode.NO_NODE);
        }
        List<Acl> acl = node.acl();
        if (aclChecks.permit(acl, Permission.ADMIN, identities)) {
            return done(new Response.AclList(acl, node.stat()));
        }
        return aclChecks.permitReading(acl, identities)
                ? done(new Response.AclList(AccessControl.redacted(acl), node.stat()))
                : failed(ErrorCode.NO_AUTH);
    }

    private Outcome getAllChildrenNumber(String path) {
        Znode node = tree.find(path);
        int refused = whyNotReadable(node);
        return refused == ErrorCode.OK ? done(new Response.ChildCount(tree.descendantCount(node))) : failed(refused);
    }

    private Outcome multiRead(Request.MultiRead request) {
        List<OpResult> results = new ArrayList<>(request.ops().size());
        for (Request op : request.ops()) {
            Outcome outcome = op instanceof Request.GetData get
                    ? getData(get.path(), false)
                    : getChildren((Request.GetChildren) op, false);
            results.add(
                    outcome.err == ErrorCode.OK
                            ? new OpResult(op.opcode(), 0, outcome.body)
                            : OpResult.failed(outcome.err));
        }
        return done(new Response.MultiResults(results));
    }

    // --- the client itself ---------------------------------------------------------------------------------------

    /** By plain prefix of the text, not by components. */
    private List<String> ephemerals(@Nullable String prefix) {
        List<String> all = tree.ephemerals(sessionId);
        if (prefix == null || prefix.isEmpty() || prefix.equals("/")) {
            return all;
        }
        List<String> some = new ArrayList<>();
        for (String path : all) {
            if (path.startsWith(prefix)) {
                some.add(path);
            }
        }
        return some;
    }

    private List<Id> whoAmI() {
        Set<Id> shown = new LinkedHashSet<>();
        for (Id id : identities) {
            int colon = AccessControl.DIGEST.equals(id.scheme()) ? id.id().indexOf(':') : -1;
            shown.add(colon < 0 ? id : new Id(id.scheme(), id.id().substring(0, colon)));
        }
        return List.copyOf(shown);
    }

    // --- watches -------------------------------------------------------------------------------------------------

    private Outcome addWatch(Request.AddWatch request) {
        if (request.mode() != PERSISTENT_MODE && request.mode() != RECURSIVE_MODE) {
            return failed(ErrorCode.MARSHALLING_ERROR);
        }
        watches.add(
                link, request.path(), request.mode() == PERSISTENT_MODE ? WatchKind.PERSISTENT : WatchKind.RECURSIVE);
        return done(new Response.ErrorBody(ErrorCode.OK));
    }

    /** checkWatches and removeWatches (client.md 13.6). */
    private Outcome watch(String path, int type, boolean removes) {
        if (type < 1 || type > LAST_WATCH_TYPE) {
            return failed(ErrorCode.MARSHALLING_ERROR);
        }
        WatchKind kind = type == ANY_WATCH_TYPE ? null : kindOf(type);
        boolean isFound = removes ? watches.remove(link, path, kind) : watches.has(link, path, kind);
        return isFound ? DONE : failed(ErrorCode.NO_WATCHER);
    }

    private static WatchKind kindOf(int type) {
        return switch (type) {
            case 1 -> WatchKind.CHILD;
            case 2 -> WatchKind.DATA;
            case 4 -> WatchKind.PERSISTENT;
            default -> WatchKind.RECURSIVE;
        };
    }
}
