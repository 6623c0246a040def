package io.matriarch.core.watch;

import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Acl;
import io.matriarch.wire.client.WatchEvent;
import java.util.List;

/** Takes the notifications of a {@link WatchTable}, in the order in which they must leave. */
@FunctionalInterface
public interface WatchSink {
    /**
     * A watch of {@code link} fired. Whoever may not read under {@code acl} must not be told (client.md 13.4).
     *
     * @param zxid of the transaction, -1 for an event made up by setWatches
     */
    void fired(LinkId link, WatchEvent event, List<Acl> acl, long zxid);
}
