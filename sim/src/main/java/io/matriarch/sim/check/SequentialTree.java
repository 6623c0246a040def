package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;
import static java.util.Objects.requireNonNull;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.WatchEvent;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.CreateTtlTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import io.matriarch.wire.txn.TxnHeader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state machine a second time, naive and with all its past: what the one sequence of delivered transactions means.
 * Refuses transactions that do not fit the state before them.
 */
final class SequentialTree {
    private static final String ROOT = "/";
    private static final NodeHistory NOWHERE = new NodeHistory();

    private final boolean hasLocalSessions;
    private final Map<String, NodeHistory> nodes = new HashMap<>();
    private final Map<String, TreeSet<String>> everChildren = new HashMap<>();
    private final TreeMap<Long, TreeSet<String>> ephemerals = new TreeMap<>();
    private final Set<Long> openSessions = new TreeSet<>();
    private final Map<Long, Long> closedAt = new HashMap<>();

    /** @param hasLocalSessions whether sessions that no transaction opened may write too */
    SequentialTree(boolean hasLocalSessions) {
        this.hasLocalSessions = hasLocalSessions;
        NodeState root = new NodeState(true, Bytes.EMPTY, 0, 0, 0, 0, 0, 1, 0, 0, 0);
        history(ROOT).set(0, root);
    }

    NodeHistory node(String path) {
        return nodes.getOrDefault(path, NOWHERE);
    }

    /** Names below {@code path} at {@code zxid}, without the reserved ones. */
    Set<String> childrenAt(String path, long zxid) {
        TreeSet<String> names = new TreeSet<>();
        for (String name : everChildren.getOrDefault(path, new TreeSet<>())) {
            if (node(childOf(path, name)).at(zxid).exists()) {
                names.add(name);
            }
        }
        return names;
    }

    boolean isOpen(long sessionId) {
        return openSessions.contains(sessionId);
    }

    /** The zxid of the session's closeSession, or null. */
    @Nullable
    Long closedAt(long sessionId) {
        return closedAt.get(sessionId);
    }

    Set<Long> openSessions() {
        return openSessions;
    }

    /** The ephemerals of a session now. */
    Set<String> ephemerals(long sessionId) {
        return ephemerals.getOrDefault(sessionId, new TreeSet<>());
    }

    /** Every path that exists now, without the reserved ones. */
    Map<String, NodeState> present() {
        TreeMap<String, NodeState> present = new TreeMap<>();
        nodes.forEach((path, history) -> {
            if (history.now().exists()) {
                present.put(path, history.now());
            }
        });
        return present;
    }

    void apply(long zxid, Txn txn) {
        int type = txn.header().type();
        long session = txn.header().clientId();
        if (type == OpCode.ERROR) {
            return;
        }
        if (type != OpCode.CREATE_SESSION && session != 0) {
            require(
                    openSessions.contains(session) || mayBeLocal(session, txn.body()),
                    Invariant.SESSION_ONCE,
                    () -> Zxids.show(zxid) + " " + txn.body() + " is of session 0x" + Long.toHexString(session)
                            + ", which is not open");
        }
        if (txn.body() instanceof MultiTxn multi) {
            if (!multi.isFailed()) {
                for (SubTxn part : multi.parts()) {
                    applyOne(txn.header(), part.type(), part.body());
                }
            }
        } else {
            applyOne(txn.header(), type, txn.body());
        }
    }

    /** One that was never opened, and so owns nothing and cannot be closed. */
    private boolean mayBeLocal(long session, TxnBody body) {
        boolean needsOpen = body instanceof CloseSessionTxn || (body instanceof CreateTxn create && create.ephemeral());
        return hasLocalSessions && !closedAt.containsKey(session) && !needsOpen;
    }

    private void applyOne(TxnHeader header, int type, TxnBody body) {
        long zxid = header.zxid().value();
        long session = header.clientId();
        long time = header.timeMillis();
        if (body instanceof CreateTxn create) {
            long owner = create.ephemeral() ? session : 0;
            create(create.path(), create.parentCVersion(), NodeState.created(create.data(), zxid, time, owner, 0));
        } else if (body instanceof CreateContainerTxn create) {
            create(create.path(), create.parentCVersion(), NodeState.created(create.data(), zxid, time, 0, 0));
        } else if (body instanceof CreateTtlTxn create) {
            long ttl = create.ttl();
            create(create.path(), create.parentCVersion(), NodeState.created(create.data(), zxid, time, 0, ttl));
        } else if (body instanceof DeleteTxn delete) {
            if (type == OpCode.DELETE_CONTAINER) {
                mayGo(header, delete.path());
            }
            delete(zxid, delete.path());
        } else if (body instanceof SetDataTxn set && type == OpCode.SET_DATA) {
            setData(header, set);
        } else if (body instanceof CreateSessionTxn) {
            require(
                    !openSessions.contains(session) && !closedAt.containsKey(session),
                    Invariant.SESSION_ONCE,
                    () -> Zxids.show(zxid) + " creates session 0x" + Long.toHexString(session) + " a second time");
            openSessions.add(session);
        } else if (body instanceof CloseSessionTxn close) {
            closeSession(zxid, session, close);
        }
    }

    private void create(String path, int parentCVersion, NodeState state) {
        long zxid = state.czxid();
        String parent = parentOf(path);
        NodeState above = node(parent).now();
        boolean isNew = !node(path).now().exists();
        require(
                isNew && above.exists() && above.owner() == 0,
                Invariant.VALID_TRANSACTION,
                () -> Zxids.show(zxid) + " creates " + path + " but it " + (isNew ? "has no parent" : "exists"));
        require(
                parentCVersion == above.created() + 1,
                Invariant.VALID_TRANSACTION,
                () -> Zxids.show(zxid) + " creates " + path + " as child number " + parentCVersion
                        + " of a parent that had " + above.created());
        history(path).set(zxid, state);
        history(path).dataChanged(zxid, WatchEvent.NODE_CREATED);
        everChildren.computeIfAbsent(parent, key -> new TreeSet<>()).add(nameOf(path));
        history(parent).set(zxid, above.withChild(zxid));
        history(parent).childChanged(zxid, WatchEvent.NODE_CHILDREN_CHANGED);
        if (state.owner() != 0) {
            ephemerals.computeIfAbsent(state.owner(), key -> new TreeSet<>()).add(path);
        }
    }

    /** What the leader itself removes; that it has no children is asked of every deletion. */
    private void mayGo(TxnHeader header, String path) {
        NodeState state = node(path).now();
        long ageMillis = header.timeMillis() - state.changedMillis();
        require(
                state.ttlMillis() > 0 && ageMillis > state.ttlMillis(),
                Invariant.TIME_TO_LIVE,
                () -> header.zxid() + " removes " + path + " after " + ageMillis + " ms, which is " + state);
    }

    private void delete(long zxid, String path) {
        NodeHistory history = history(path);
        NodeState state = history.now();
        require(
                state.exists() && state.children() == 0,
                Invariant.VALID_TRANSACTION,
                () -> Zxids.show(zxid) + " deletes " + path + ", which "
                        + (state.exists() ? "has children" : "is not there"));
        history.set(zxid, NodeState.ABSENT);
        history.dataChanged(zxid, WatchEvent.NODE_DELETED);
        history.childChanged(zxid, WatchEvent.NODE_DELETED);
        String parent = parentOf(path);
        history(parent).set(zxid, history(parent).now().withoutChild(zxid));
        history(parent).childChanged(zxid, WatchEvent.NODE_CHILDREN_CHANGED);
        if (state.owner() != 0) {
            requireNonNull(ephemerals.get(state.owner())).remove(path);
        }
    }

    private void setData(TxnHeader header, SetDataTxn set) {
        long zxid = header.zxid().value();
        NodeHistory history = history(set.path());
        NodeState state = history.now();
        require(
                state.exists() && set.version() == state.version() + 1,
                Invariant.VALID_TRANSACTION,
                () -> Zxids.show(zxid) + " sets " + set.path() + " to version " + set.version() + " after " + state);
        history.set(zxid, state.withData(set.data(), set.version(), zxid, header.timeMillis()));
        history.dataChanged(zxid, WatchEvent.NODE_DATA_CHANGED);
    }

    private void closeSession(long zxid, long session, CloseSessionTxn close) {
        Set<String> owned = Set.copyOf(ephemerals(session));
        require(
                close.paths() == null || owned.equals(Set.copyOf(close.paths())),
                Invariant.SESSION_EPHEMERALS,
                () -> Zxids.show(zxid) + " closes session 0x" + Long.toHexString(session) + " with " + close.paths()
                        + " but it owns " + new TreeSet<>(owned));
        for (String path : new TreeSet<>(owned)) {
            delete(zxid, path);
        }
        ephemerals.remove(session);
        openSessions.remove(session);
        closedAt.put(session, zxid);
    }

    private NodeHistory history(String path) {
        return nodes.computeIfAbsent(path, key -> new NodeHistory());
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ROOT : path.substring(0, slash);
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String childOf(String path, String name) {
        return path.equals(ROOT) ? path + name : path + "/" + name;
    }
}
