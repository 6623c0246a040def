package io.matriarch.server.journal;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.util.List;

/** What the journal holds besides trace events of the core: what only the shell around it knows. */
public sealed interface JournalEntry {

    /**
     * Whose journal this is, and who belonged to the ensemble from here on; at the top of each file, and wherever the
     * members change.
     *
     * @param version of this server's program
     */
    record Roster(ServerId sid, String version, List<ServerId> voters, List<ServerId> observers)
            implements JournalEntry {}

    /** A process began, with what it had on disk. */
    record Started(ServerId sid, Zxid lastLogged, long currentEpoch, long acceptedEpoch) implements JournalEntry {}

    /** The process ends, and could say so. */
    record Stopped(String reason) implements JournalEntry {}

    /** This server told {@code to} its vote; whether that arrives is not known. */
    record Told(ServerId to, PeerState state, TraceEvent.Vote vote) implements JournalEntry {}

    /** The wall clock was set; entries from here on are on the new time. */
    record ClockSet(long byMillis) implements JournalEntry {}

    /** So many entries had to be left out here, because the disk did not take them in time. */
    record LeftOut(long count) implements JournalEntry {}
}
