package io.matriarch.core.request;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.session.Expiry;
import io.matriarch.core.watch.WatchTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What operators are told of the clients of one {@link ClientDesk}. */
public final class ClientFigures {
    private final Map<LinkId, ClientLink> links;
    private final DeskSessions sessions;
    private final WatchTable watches;
    private final Outgoing outgoing;
    private final Backlog backlog;

    ClientFigures(
            Map<LinkId, ClientLink> links,
            DeskSessions sessions,
            WatchTable watches,
            Outgoing outgoing,
            Backlog backlog) {
        this.links = links;
        this.sessions = sessions;
        this.watches = watches;
        this.outgoing = outgoing;
        this.backlog = backlog;
    }

    /** Takes watches one by one. */
    public interface WatchVisitor {
        /** A client with this session watches the znode at {@code path}. */
        void watch(long sessionId, String path);
    }

    /** Figures now. */
    public ClientStats stats() {
        return outgoing.stats(links.size(), backlog.outstanding());
    }

    /** Figures with one entry per link. */
    public ClientStats.Detailed detailed() {
        List<ClientStats.Link> each = new ArrayList<>(links.size());
        for (ClientLink link : links.values()) {
            each.add(link.stats());
        }
        return new ClientStats.Detailed(stats(), each);
    }

    /** Counts and latencies start over: the whole server's, or each link's. */
    public void reset(boolean ofLinks) {
        if (ofLinks) {
            links.values().forEach(ClientLink::resetStats);
        } else {
            outgoing.reset();
        }
    }

    /** Sessions that only this server knows. */
    public int localSessionCount() {
        return sessions.local().count();
    }

    /** The same sessions by when they expire; null where there are none by configuration. */
    public @Nullable List<Expiry> localExpiries() {
        return sessions.rules().hasLocal() ? sessions.local().expiries() : null;
    }

    /** Watches set, as ZooKeeper counts them. */
    public int watchCount() {
        return watches.count();
    }

    /** Shows the watches on data and existence, connection by connection. */
    public void visitWatches(WatchVisitor visitor) {
        for (ClientLink link : links.values()) {
            watches.visit(link.id, (id, path) -> visitor.watch(link.sessionId, path));
        }
    }

    /** Shows the same path by path. */
    public void visitWatchesByPath(WatchVisitor visitor) {
        watches.visitByPath((id, path) -> {
            ClientLink link = links.get(id);
            if (link != null) {
                visitor.watch(link.sessionId, path);
            }
        });
    }
}
