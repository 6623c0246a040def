package io.matriarch.cli.ensemble;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.Znode;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.Stat;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares one server with the leader, znode by znode: data, every field of Stat, ACL, children. Writes may go on meanwhile: each answer
 * says as of which transaction it is, and it is compared with the leader's tree as of just that one. A difference counts if a second
 * reading shows it again.
 *
 * <p>Not compared: {@code /zookeeper/config}, which every server writes for itself, and the usage that servers count below
 * {@code /zookeeper/quota} without transactions (disk.md 8).
 */
final class ServerComparison {
    /** Requests that are sent ahead. */
    private static final int WINDOW = 100;

    /** Differences that are read a second time, and so the most that are reported for a server. */
    static final int MAX_DIFFERENCES = 1_000;

    private static final String USAGE = "/zookeeper_stats";
    private static final String QUOTA = "/zookeeper/quota/";

    private final MemoryObserver observer;
    private final ReadingSession session;
    private final Progress progress;
    private final Deque<Probe> probes = new ArrayDeque<>();
    private final Map<String, Difference> differences = new LinkedHashMap<>();
    private final Set<String> unreadable = new LinkedHashSet<>();
    private boolean isDescending = true;
    private long comparedCount;

    ServerComparison(MemoryObserver observer, ReadingSession session, Progress progress) {
        this.observer = observer;
        this.session = session;
        this.progress = progress;
    }

    private enum Kind {
        DATA,
        STAT,
        ACL,
        CHILDREN
    }

    private record Probe(Kind kind, String path) {
        Request request() {
            return switch (kind) {
                case DATA -> new Request.GetData(path, false);
                case STAT -> new Request.Exists(path, false);
                case ACL -> new Request.GetAcl(path);
                case CHILDREN -> new Request.GetChildren(path, false, false);
            };
        }
    }

    /** Reads everything; returns what differs, by path. */
    Collection<Difference> run() throws CannotVerifyException, InterruptedException {
        catchUp();
        probe("/");
        readAll();
        isDescending = false;
        List<String> suspects =
                differences.keySet().stream().limit(MAX_DIFFERENCES).toList();
        if (!suspects.isEmpty()) {
            differences.clear();
            catchUp();
            suspects.forEach(this::probe);
            readAll();
        }
        return differences.values();
    }

    /** Znodes compared. */
    long comparedCount() {
        return comparedCount;
    }

    /** Znodes whose data or ACL may not be read with the identities given; their Stat was compared. */
    int unreadableCount() {
        return unreadable.size();
    }

    /** The server gets all that is committed by now, so that it is not behind the leader's tree as we have it (client.md 22, R8). */
    private void catchUp() throws CannotVerifyException {
        Reply reply = session.ask(new Request.Sync("/"));
        if (reply.err() != ErrorCode.OK) {
            throw new CannotVerifyException(session.server() + " cannot sync: " + ErrorCode.name(reply.err()));
        }
    }

    private void probe(String path) {
        probes.addFirst(new Probe(Kind.DATA, path));
    }

    private void readAll() throws CannotVerifyException, InterruptedException {
        List<Probe> sent = new ArrayList<>(WINDOW);
        while (!probes.isEmpty()) {
            sent.clear();
            while (!probes.isEmpty() && sent.size() < WINDOW) {
                Probe probe = probes.removeFirst();
                session.send(probe.request());
                sent.add(probe);
            }
            for (Probe probe : sent) {
                Reply reply = session.receive();
                observer.advanceTo(new Zxid(reply.zxid()));
                compare(probe, reply);
            }
            progress.show(() -> "compared %,d of %,d znodes with %s"
                    .formatted(comparedCount, tree().nodeCount(), session.server()));
        }
    }

    private void compare(Probe probe, Reply reply) throws CannotVerifyException {
        Znode ours = tree().find(probe.path);
        if (reply.err() == ErrorCode.NO_AUTH) {
            notAllowed(probe, ours);
        } else if (reply.err() == ErrorCode.NO_NODE) {
            if (ours != null) {
                differ(probe.path, "missing", Showing.stat(ours.stat()), "no such znode");
            }
        } else if (reply.err() != ErrorCode.OK) {
            throw new CannotVerifyException(session.server() + " answers a read of " + Showing.text(probe.path)
                    + " with " + ErrorCode.name(reply.err()));
        } else if (reply.body() instanceof Response.Data data) {
            compareData(probe.path, ours, data.data(), data.stat());
        } else if (reply.body() instanceof Response.StatOnly exists) {
            compareStat(probe.path, ours, exists.stat());
        } else if (reply.body() instanceof Response.AclList acl) {
            compareAcl(probe.path, ours, acl.acl());
        } else if (reply.body() instanceof Response.Children children) {
            descend(probe.path, ours, children.names());
        }
    }

    private void notAllowed(Probe probe, @Nullable Znode ours) {
        unreadable.add(probe.path);
        if (probe.kind == Kind.DATA) {
            probes.addFirst(new Probe(Kind.STAT, probe.path));
        } else if (probe.kind == Kind.CHILDREN) {
            descend(probe.path, ours, List.of());
        }
    }

    private void compareData(String path, @Nullable Znode ours, @Nullable Bytes data, Stat stat) {
        if (ours != null && !isUsage(path) && !Objects.equals(ours.data(), data)) {
            differ(
                    path,
                    "data",
                    Showing.data(ours.data()) + " " + Showing.stat(ours.stat()),
                    Showing.data(data) + " " + Showing.stat(stat));
        }
        compareStat(path, ours, stat);
    }

    private void compareStat(String path, @Nullable Znode ours, Stat stat) {
        if (ours == null) {
            differ(path, "not expected", "no such znode", Showing.stat(stat));
            return;
        }
        comparedCount += isDescending ? 1 : 0;
        if (!isUsage(path) && !ours.stat().equals(stat)) {
            differ(path, "Stat", Showing.stat(ours.stat()), Showing.stat(stat));
        }
        if (isDescending && (stat.numChildren() > 0 || ours.childCount() > 0)) {
            probes.addFirst(new Probe(Kind.CHILDREN, path));
        }
        probes.addFirst(new Probe(Kind.ACL, path));
    }

    private void compareAcl(String path, @Nullable Znode ours, List<Acl> acl) {
        if (ours != null && !ours.acl().equals(acl) && !masked(ours.acl()).equals(acl)) {
            differ(path, "ACL", Showing.acl(ours.acl()), Showing.acl(acl));
        }
    }

    private void descend(String path, @Nullable Znode ours, List<String> names) {
        Set<String> all = new LinkedHashSet<>(names);
        if (ours != null) {
            all.addAll(ours.childNames());
        }
        String prefix = path.equals("/") ? "/" : path + "/";
        for (String name : all) {
            String child = prefix + name;
            if (!child.equals(DataTree.CONFIG)) {
                probe(child);
            }
        }
    }

    /** The first difference found at a path stands for all of them. */
    private void differ(String path, String what, String atLeader, String atServer) {
        differences.putIfAbsent(path, new Difference(path, what, atLeader, atServer));
    }

    /** Compat: who may not administrate a znode sees no digests of passwords (client.md 6.8). */
    private static List<Acl> masked(List<Acl> acl) {
        return acl.stream().map(ServerComparison::masked).toList();
    }

    private static Acl masked(Acl entry) {
        String id = entry.id().id();
        if (!"digest".equals(entry.id().scheme()) || id == null || id.indexOf(':') < 0) {
            return entry;
        }
        return new Acl(entry.perms(), new Id("digest", id.substring(0, id.indexOf(':')) + ":x"));
    }

    private static boolean isUsage(String path) {
        return path.startsWith(QUOTA) && path.endsWith(USAGE);
    }

    private DataTree tree() {
        return observer.shadow().tree();
    }
}
