package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.server.client.Standing;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What one server of an ensemble says of itself, ours or Apache's.
 *
 * @param address where it was asked
 * @param sid its id; null if it does not tell, as Apache's do not by default
 * @param failure why it could not be asked; null if it could
 * @param version of its program; "" if it could not be asked
 * @param role what it is; null if it could not be asked, or is standalone
 * @param isServing whether clients are served
 * @param epoch what it would vote with
 * @param zxid what it would vote with, and at Apache's servers what they applied
 * @param clients connections of clients
 * @param force latency of the log's disk; null if it does not tell
 * @param standing all that a server of ours tells; null for Apache's
 * @param aheadMicros how far its clock is ahead of the one here; 0 if it does not tell
 * @param errorMicros how far that may be off
 */
record ServerReport(
        Address address,
        @Nullable Long sid,
        @Nullable String failure,
        String version,
        @Nullable PeerState role,
        boolean isServing,
        long epoch,
        Zxid zxid,
        int clients,
        @Nullable Force force,
        @Nullable Standing standing,
        long aheadMicros,
        long errorMicros) {
    /** Who would win an election among servers that all vote: the last one (election.md 3.3). */
    static final Comparator<ServerReport> BY_VOTE = Comparator.comparingLong(ServerReport::epoch)
            .thenComparing(ServerReport::zxid)
            .thenComparingLong(server -> server.sid() == null ? Long.MIN_VALUE : server.sid());

    /** How long a force of the log takes; at Apache's servers the average is taken for the median. */
    record Force(long medianMicros, long maxMicros) {}

    static ServerReport unreachable(Address address, @Nullable Long sid, String failure) {
        return new ServerReport(address, sid, failure, "", null, false, -1, Zxid.NONE, 0, null, null, 0, 0);
    }

    ServerReport withSid(long known) {
        return new ServerReport(
                address,
                known,
                failure,
                version,
                role,
                isServing,
                epoch,
                zxid,
                clients,
                force,
                standing,
                aheadMicros,
                errorMicros);
    }

    boolean isLeading() {
        return role == PeerState.LEADING && isServing;
    }

    /** For people: its id, or where it is. */
    String name() {
        return sid == null ? address.toString() : "server " + sid;
    }
}
