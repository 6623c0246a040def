package io.matriarch.server.link;

import io.matriarch.core.port.LinkId;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections that the core knows, by their ids. For the replica thread only. */
public final class LinkTable {
    private final LongObjectMap<Link> links = new LongObjectHashMap<>();

    /** From now on the core may name {@code link}. */
    public void add(LinkId id, Link link) {
        links.put(id.value(), link);
    }

    /** The connection, or null if it has ended meanwhile, which the core may not have heard yet. */
    public @Nullable Link get(LinkId id) {
        return links.get(id.value());
    }

    /** Forgets the connection; answers whether it was known, so that its end is reported once. */
    public boolean remove(LinkId id) {
        return links.remove(id.value()) != null;
    }

    /** All connections at this moment. */
    public List<Link> all() {
        return List.copyOf(links.values());
    }
}
