package io.matriarch.sim.history;

import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.WatchEvent;

/** What happened to one client, in the order in which it did. */
sealed interface Arrival {
    /** A connection to a server serves from here on; its watches are none yet. */
    record Connected() implements Arrival {}

    /** The watches of an earlier connection are being claimed; the events that it missed may come from here on. */
    record Claimed(Request.SetWatches watches) implements Arrival {}

    /** A reply. */
    record Answered(Call call) implements Arrival {}

    /** A watch fired; {@code zxid} is -1 where the server does not say (client.md 13.5). */
    record Told(long zxid, WatchEvent event) implements Arrival {}
}
