package io.matriarch.core.peer;

import io.matriarch.core.request.ClientFigures;
import io.matriarch.core.session.Expiry;
import io.matriarch.core.session.SessionTracker;
import io.matriarch.core.tree.DataTree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What operators look at beyond a {@link PeerStatus}. To be used between two steps, and not kept. */
public final class Inspection {
    private final ClientFigures clients;
    private final DataTree tree;
    private final @Nullable SessionTracker tracker;

    Inspection(ClientFigures clients, DataTree tree, @Nullable SessionTracker tracker) {
        this.clients = clients;
        this.tree = tree;
        this.tracker = tracker;
    }

    /** The server's own clients, their watches, and the sessions that only this server knows. */
    public ClientFigures clients() {
        return clients;
    }

    /** The database; to be read only. */
    public DataTree tree() {
        return tree;
    }

    /** The sessions that all servers know, by when they expire; null unless this server leads, and so keeps their time. */
    public @Nullable List<Expiry> expiries() {
        return tracker == null ? null : tracker.expiries();
    }
}
